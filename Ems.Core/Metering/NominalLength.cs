using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// The length that names a series: days of 23 to 25 hours are one length, and so are months of 28 to 31 days, quarters of
/// 90 to 92 and years of 365 or 366.
/// </summary>
public static class NominalLength
{
    public static readonly Duration Month = Duration.FromDays(30.436875);
    public static readonly Duration Quarter = Duration.FromDays(91.310625);
    public static readonly Duration Year = Duration.FromDays(365.2425);

    private static readonly Duration LongestClockChange = Duration.FromHours(1);

    /// <summary>The nominal length of an interval; a nominal length is its own.</summary>
    public static Duration Of(Duration length)
    {
        var days = Math.Round(length.TotalDays);
        if (days < 1 || Distance(length, Duration.FromDays(days)) > LongestClockChange)
        {
            return length;
        }

        return days switch
        {
            >= 28 and <= 31 => Month,
            >= 90 and <= 92 => Quarter,
            365 or 366 => Year,
            _ => Duration.FromDays(days),
        };
    }

    /// <summary>No interval of this nominal length is longer.</summary>
    public static Duration Longest(Duration nominal) => nominal < Duration.FromHours(23) ? nominal : nominal + (nominal / 16);

    private static Duration Distance(Duration a, Duration b) => a > b ? a - b : b - a;
}
