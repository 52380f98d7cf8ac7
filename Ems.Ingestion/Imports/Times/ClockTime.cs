namespace Ems.Ingestion.Imports.Times;

/// <summary>A time of day.</summary>
/// <param name="IsMarked">Whether a mark says that it is the second of two.</param>
/// <param name="IsRange">Whether both ends of an interval are written, of which it is the first.</param>
internal readonly record struct ClockTime(TimeSpan OfDay, bool IsMarked, bool IsRange)
{
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Of days on which clocks are put back.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(25);

    /// <summary>How far from UTC the zone is that stands behind it; null where none does.</summary>
    public short? OffsetMinutes { get; init; }

    /// <summary>Up to 24:00, or where a day counts 25 hours through a clock change to 25:00.</summary>
    public static bool TryMake(int hour, int minute, int second, out TimeSpan ofDay)
    {
        ofDay = new TimeSpan(hour, minute, second);
        return minute < 60 && second < 60 && ofDay <= Longest;
    }
}
