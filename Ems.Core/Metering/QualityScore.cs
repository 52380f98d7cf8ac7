namespace Ems.Core.Metering;

/// <summary>How far a reading can be trusted, as one number.</summary>
public static class QualityScore
{
    /// <summary>From 1 (nothing odd is known) down to 0.</summary>
    public static double Of(ReadingFlags flags)
    {
        var tenths = 10;
        tenths -= flags.HasFlag(ReadingFlags.MissingTemperature) ? 1 : 0;
        tenths -= flags.HasFlag(ReadingFlags.MissingAirflow) ? 1 : 0;
        tenths -= flags.HasFlag(ReadingFlags.CurrentZeroWithVoltage) ? 3 : 0;
        tenths -= (flags & (ReadingFlags.PowerExceedsApparent | ReadingFlags.PowerFactorMismatch)) == 0 ? 0 : 2;
        return Math.Max(0, tenths) / 10.0;
    }
}
