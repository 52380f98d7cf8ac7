using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// The length that names a series: days of 23 to 25 hours are one length. So are the months between two readings of a meter, which
/// are as long as the reader's round takes (26 to 36 days), two of them (55 to 66), quarters (85 to 97) and years (355 to 376).
/// </summary>
public static class NominalLength
{
    public static readonly Duration Month = Duration.FromDays(30.436875);
    public static readonly Duration TwoMonths = Duration.FromDays(60.87375);
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
            >= 26 and <= 36 => Month,
            >= 55 and <= 66 => TwoMonths,
            >= 85 and <= 97 => Quarter,
            >= 355 and <= 376 => Year,
            _ => Duration.FromDays(days),
        };
    }

    /// <summary>Whether intervals of this length are one or more months of the calendar.</summary>
    public static bool IsMonths(Duration length)
    {
        var nominal = Of(length);
        return nominal == Month || nominal == TwoMonths || nominal == Quarter || nominal == Year;
    }

    /// <summary>No interval of this nominal length is longer.</summary>
    public static Duration Longest(Duration nominal) => nominal < Duration.FromHours(23) ? nominal : nominal + (nominal / 5);

    private static Duration Distance(Duration a, Duration b) => a > b ? a - b : b - a;
}
