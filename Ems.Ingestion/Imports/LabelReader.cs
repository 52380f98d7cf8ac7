using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>When a label's interval starts, and the instant the label itself names.</summary>
/// <param name="Fault">Code of why there is none.</param>
internal readonly record struct LabelTime(Instant Start, Instant At, string? Fault = null);

/// <summary>
/// Turns the labels of one equipment, in the order of the file, into instants. A repeated local hour is told apart by that
/// order; an hour that does not exist is a fault, unless the label is an interval's end and the interval does exist.
/// </summary>
internal sealed class LabelReader(DateTimeZone zone, TimestampLabel label, Duration step, bool descending)
{
    public const string NonexistentLocalTime = "NONEXISTENT_LOCAL_TIME";

    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly TimeSpan SnapDistance = TimeSpan.FromSeconds(1);

    private Instant? _last;

    public LabelTime Read(DateTime written, short? offsetMinutes)
    {
        var time = LocalDateTime.FromDateTime(Snap(written));
        var back = label == TimestampLabel.End && step > Duration.Zero;
        if (offsetMinutes is { } offset)
        {
            var at = time.WithOffset(Offset.FromSeconds(offset * 60)).ToInstant();
            return Keep(back ? Before(at) : at, at);
        }

        var start = back ? BeforeLocal(time) : time;
        var mapping = zone.MapLocal(start);
        switch (mapping.Count)
        {
            case 1:
                var only = mapping.Single().ToInstant();
                return Keep(only, back ? After(only) : only);
            case 2:
                var chosen = Choose(mapping.First().ToInstant(), mapping.Last().ToInstant());
                return Keep(chosen, back ? After(chosen) : chosen);
            default:
                var end = zone.MapLocal(time);
                return back && end.Count == 1
                    ? Keep(Before(end.Single().ToInstant()), end.Single().ToInstant())
                    : new LabelTime(default, default, NonexistentLocalTime);
        }
    }

    private Instant Choose(Instant earlier, Instant later) => descending
        ? (later >= _last ? earlier : later)
        : (earlier <= _last ? later : earlier);

    private LabelTime Keep(Instant start, Instant at)
    {
        _last = start;
        return new LabelTime(start, at);
    }

    private Instant After(Instant start) => step < Day ? start + step : start.InZone(zone).LocalDateTime switch
    {
        var local when step == NominalLength.Month => zone.AtLeniently(local.PlusMonths(1)).ToInstant(),
        var local => zone.AtLeniently(local.PlusDays((int)Math.Round(step.TotalDays))).ToInstant(),
    };

    private Instant Before(Instant end) =>
        step < Day ? end - step : zone.AtLeniently(BeforeLocal(end.InZone(zone).LocalDateTime)).ToInstant();

    private LocalDateTime BeforeLocal(LocalDateTime end) =>
        step == NominalLength.Month ? end.PlusMonths(-1)
        : step >= Day ? end.PlusDays(-(int)Math.Round(step.TotalDays))
        : end.PlusTicks(-step.BclCompatibleTicks);

    /// <summary>Serial numbers of dates are some milliseconds off the grid that was meant.</summary>
    private DateTime Snap(DateTime time)
    {
        var grid = step.BclCompatibleTicks;
        if (step < Duration.FromMinutes(1) || grid > TimeSpan.TicksPerDay || TimeSpan.TicksPerDay % grid != 0)
        {
            return time;
        }

        var nearest = new DateTime((time.Ticks + (grid / 2)) / grid * grid);
        return (nearest - time).Duration() <= SnapDistance ? nearest : time;
    }
}
