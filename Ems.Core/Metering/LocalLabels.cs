using NodaTime;
using NodaTime.TimeZones;

namespace Ems.Core.Metering;

/// <summary>What a timestamp stands for.</summary>
public enum LabelMeaning
{
    Start,
    End,
    Instant,
}

/// <summary>How the rows of a source follow each other, as far as it is known.</summary>
public enum LabelOrder
{
    Unknown,
    Ascending,
    Descending,
}

/// <summary>The interval (or instant, with length zero) that a label names.</summary>
/// <param name="Fault">Null, or the code of why there is none.</param>
public readonly record struct ResolvedLabel(Instant Start, Duration Length, string? Fault = null)
{
    public Instant End => Start + Length;
}

/// <summary>
/// Turns the local timestamps of one source, in its order, into intervals. A local hour that comes twice stays two hours: the
/// order of the rows, a mark or an offset tells them apart; without any of these it is a fault. So is an hour that the clocks
/// skip, unless the label is an interval's end at which that hour begins.
/// </summary>
/// <param name="zone">Where the labels are local.</param>
/// <param name="label">What they stand for.</param>
/// <param name="step">
/// Nominal step: the length of an interval. Days, months and years (see <see cref="NominalLength"/>) are those of the local
/// calendar. Zero when it is not known: labels are then taken as starts of unknown length.
/// </param>
/// <param name="order">How the rows follow each other.</param>
/// <param name="repeatsEnds">
/// Whether labels at ends are what the clock shows then, so that those of the repeated hour's ends come twice. Otherwise they are
/// the clock at the start and one step more, and come twice where their starts do.
/// </param>
/// <param name="dayOfMonth">
/// Of labels that are months apart: from January 30 a month leads to February 28, and from there to March 30. Zero where they have no
/// one day.
/// </param>
public sealed class LocalLabels(
    DateTimeZone zone, LabelMeaning label, Duration step, LabelOrder order = LabelOrder.Unknown, bool repeatsEnds = false, int dayOfMonth = 0)
{
    public const string AmbiguousLocalTime = "AMBIGUOUS_LOCAL_TIME";
    public const string NonexistentLocalTime = "NONEXISTENT_LOCAL_TIME";

    private readonly Period _period = PeriodOf(NominalLength.Of(step));
    private readonly bool _isInterval = label != LabelMeaning.Instant && step > Duration.Zero;
    private (LocalDateTime From, LocalDateTime To, Offset Offset)? _calm;
    private Instant? _previous;

    /// <summary>A local date and a time of day up to 24:00, which is the next day's 00:00; null when there is no such time.</summary>
    public static LocalDateTime? At(LocalDate date, int hour, int minute, int second = 0) =>
        hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60
            ? date.At(new LocalTime(hour, minute, second))
            : (hour, minute, second) == (24, 0, 0) ? date.PlusDays(1).AtMidnight() : null;

    /// <summary>Resolves the next label of the source.</summary>
    /// <param name="local">As written.</param>
    /// <param name="isSecond">Whether a mark says that this is the second of two equal local times.</param>
    public ResolvedLabel Resolve(LocalDateTime local, bool isSecond = false)
    {
        var written = Snap(local);
        var isEnd = _isInterval && label == LabelMeaning.End;
        var begin = isEnd ? Move(written, forward: false) : written;
        if (_isInterval && _period.HasDateComponent && begin.TimeOfDay == LocalTime.Midnight)
        {
            return FromDays(begin.Date, (isEnd ? written : Move(begin, forward: true)).Date);
        }

        if (isEnd && IsSkipped(written))
        {
            return new ResolvedLabel(default, default, NonexistentLocalTime);
        }

        var starts = StartsOf(begin, isEnd ? written : null);
        return starts.Length == 0 ? new ResolvedLabel(default, default, NonexistentLocalTime)
            : (starts.Length == 1 ? starts[0] : Choose(starts[0], starts[1], isSecond)) is { } start ? FromStart(start)
            : new ResolvedLabel(default, default, AmbiguousLocalTime);
    }

    /// <summary>Resolves the next label of the source, which says its offset from UTC.</summary>
    public ResolvedLabel Resolve(LocalDateTime local, Offset offset)
    {
        var at = Snap(local).WithOffset(offset).ToInstant();
        return _isInterval && label == LabelMeaning.End ? FromEnd(at) : FromStart(at);
    }

    /// <summary>When an interval may start, earliest first: nowhere, once or twice.</summary>
    private Instant[] StartsOf(LocalDateTime begin, LocalDateTime? end)
    {
        Instant[] byStart = InstantsOf(begin);
        if (end is not { } written || (byStart.Length > 0 && !repeatsEnds))
        {
            return byStart;
        }

        var byEnd = Array.ConvertAll(InstantsOf(written), at => Shift(at, forward: false));
        return byEnd.Length > 0 ? byEnd : byStart;
    }

    /// <summary>Whether no clock ever shows it. One that does not change shows the first skipped time at the end of what lies before.</summary>
    private bool IsSkipped(LocalDateTime local) => InstantsOf(local).Length == 0 && zone.MapLocal(local).EarlyInterval.IsoLocalEnd != local;

    private Instant[] InstantsOf(LocalDateTime local)
    {
        if (_calm is { } calm && local >= calm.From && local <= calm.To)
        {
            return [local.WithOffset(calm.Offset).ToInstant()];
        }

        var map = zone.MapLocal(local);
        _calm = CalmIn(map.EarlyInterval);
        return map switch
        {
            { Count: 0 } => [],
            { Count: 1 } once => [once.Single().ToInstant()],
            var twice => [twice.First().ToInstant(), twice.Last().ToInstant()],
        };
    }

    /// <summary>The local times between two changes of the clocks that are more than a day away from both.</summary>
    private static (LocalDateTime From, LocalDateTime To, Offset Offset) CalmIn(ZoneInterval interval) => (
        interval.HasStart ? interval.IsoLocalStart.PlusDays(1) : LocalDateTime.MinIsoValue,
        interval.HasEnd ? interval.IsoLocalEnd.PlusDays(-1) : LocalDateTime.MaxIsoValue,
        interval.WallOffset);

    private Instant? Choose(Instant earlier, Instant later, bool isSecond)
    {
        if (isSecond)
        {
            return later;
        }

        return order switch
        {
            LabelOrder.Ascending when !(_previous >= earlier) => earlier,
            LabelOrder.Ascending when !(_previous > later) => later,
            LabelOrder.Descending when !(_previous <= later) => later,
            LabelOrder.Descending when !(_previous < earlier) => earlier,
            _ => null,
        };
    }

    private ResolvedLabel FromStart(Instant start)
    {
        _previous = start;
        return new ResolvedLabel(start, _isInterval ? Shift(start, forward: true) - start : Duration.Zero);
    }

    private ResolvedLabel FromDays(LocalDate first, LocalDate next)
    {
        var start = zone.AtStartOfDay(first).ToInstant();
        _previous = start;
        return new ResolvedLabel(start, zone.AtStartOfDay(next).ToInstant() - start);
    }

    private ResolvedLabel FromEnd(Instant end)
    {
        var start = Shift(end, forward: false);
        _previous = start;
        return new ResolvedLabel(start, end - start);
    }

    private Instant Shift(Instant from, bool forward)
    {
        if (_period.HasTimeComponent)
        {
            return forward ? from + step : from - step;
        }

        var local = from.InZone(zone).LocalDateTime;
        return zone.AtLeniently(Move(local, forward)).ToInstant();
    }

    private LocalDateTime Move(LocalDateTime from, bool forward)
    {
        var moved = forward ? from + _period : from - _period;
        var day = _period is { Months: 0, Years: 0 } ? 0 : Math.Min(dayOfMonth, moved.Calendar.GetDaysInMonth(moved.Year, moved.Month));
        return day > moved.Day ? moved.PlusDays(day - moved.Day) : moved;
    }

    /// <summary>Dates stored as fractions of a day are some milliseconds off the time that was meant.</summary>
    private LocalDateTime Snap(LocalDateTime local)
    {
        var grid = _period.HasDateComponent ? NodaConstants.NanosecondsPerDay : step.ToInt64Nanoseconds();
        if (grid < NodaConstants.NanosecondsPerMinute || NodaConstants.NanosecondsPerDay % grid != 0)
        {
            return local;
        }

        var written = local.NanosecondOfDay;
        var distance = ((written + (grid / 2)) / grid * grid) - written;
        return Math.Abs(distance) <= NodaConstants.NanosecondsPerSecond ? local.PlusNanoseconds(distance) : local;
    }

    private static Period PeriodOf(Duration nominal) =>
        nominal == NominalLength.Month ? Period.FromMonths(1)
        : nominal == NominalLength.TwoMonths ? Period.FromMonths(2)
        : nominal == NominalLength.Quarter ? Period.FromMonths(3)
        : nominal == NominalLength.Year ? Period.FromYears(1)
        : nominal >= Duration.FromDays(1) && nominal.BclCompatibleTicks % NodaConstants.TicksPerDay == 0 ? Period.FromDays(nominal.Days)
        : Period.FromTicks(nominal.BclCompatibleTicks);
}
