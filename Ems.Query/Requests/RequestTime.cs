using NodaTime;
using NodaTime.Text;

namespace Ems.Query.Requests;

/// <summary>Reads the times of requests and writes those of answers.</summary>
internal static class RequestTime
{
    private static readonly OffsetDateTimePattern[] WithOffset =
    [
        OffsetDateTimePattern.ExtendedIso,
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:sso<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mmo<Z+HH:mm>"),
    ];

    private static readonly LocalDateTimePattern[] Local =
    [
        LocalDateTimePattern.ExtendedIso,
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"),
    ];

    private static readonly Instant Earliest = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2200, 1, 1, 0, 0);

    /// <summary>An ISO 8601 instant, or a date or time local to the zone.</summary>
    public static (Instant At, Fault? Fault) Parse(string field, string text, DateTimeZone zone)
    {
        var (at, fault) = Read(field, text, zone);
        return fault is null && (at < Earliest || at > Latest)
            ? (at, new Fault(field, Fault.InvalidTimeRange, $"{field} '{text}' is not between the years 1900 and 2200."))
            : (at, fault);
    }

    /// <summary>
    /// Both ends of a range that is not empty. One that is not given is the default; where nothing lies beyond the one that is given, the end
    /// is now, and the start a day before the end.
    /// </summary>
    public static (Interval Range, IReadOnlyList<Fault> Faults) ParseRange(
        string? from, string? to, DateTimeZone zone, Instant defaultFrom, Instant defaultTo, TimeProvider time)
    {
        var (start, startFault) = string.IsNullOrEmpty(from) ? (defaultFrom, null) : Parse("from", from, zone);
        var (end, endFault) = string.IsNullOrEmpty(to) ? (defaultTo, null) : Parse("to", to, zone);
        List<Fault> faults = [.. new[] { startFault, endFault }.OfType<Fault>()];
        if (faults.Count > 0)
        {
            return (default, faults);
        }

        if (string.IsNullOrEmpty(to) && start >= end)
        {
            end = Instant.FromDateTimeOffset(time.GetUtcNow());
        }
        else if (string.IsNullOrEmpty(from) && start >= end)
        {
            start = end - Duration.FromDays(1);
        }

        return start < end
            ? (new Interval(start, end), [])
            : (default, [new Fault("to", Fault.InvalidTimeRange,
                $"The range must end after it starts: from is {Text(start, zone)}, to is {Text(end, zone)}.")]);
    }

    public static string Text(Instant at, DateTimeZone zone) => OffsetDateTimePattern.Rfc3339.Format(at.InZone(zone).ToOffsetDateTime());

    private static (Instant At, Fault? Fault) Read(string field, string text, DateTimeZone zone)
    {
        if (WithOffset.Select(pattern => pattern.Parse(text)).FirstOrDefault(result => result.Success) is { } exact)
        {
            return (exact.Value.ToInstant(), null);
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
        {
            return (zone.AtStartOfDay(date.Value).ToInstant(), null);
        }

        var local = Local.Select(p => p.Parse(text)).FirstOrDefault(r => r.Success);
        if (local is null)
        {
            return (default, new Fault(field, Fault.InvalidTimeRange,
                $"{field} '{text}' is not a time: write 2018-03-01, 2018-03-01T14:00 (local) or 2018-03-01T14:00:00Z."));
        }

        var mapping = zone.MapLocal(local.Value);
        return mapping.Count switch
        {
            1 => (mapping.Single().ToInstant(), null),
            0 => (default, new Fault(field, "NONEXISTENT_LOCAL_TIME",
                $"{field} '{text}' does not exist in {zone.Id}, where the clocks went forward; give it with an offset.")),
            _ => (default, new Fault(field, "AMBIGUOUS_LOCAL_TIME",
                $"{field} '{text}' happened twice in {zone.Id}; give it with an offset.")),
        };
    }
}
