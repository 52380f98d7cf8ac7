using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Turns the labels of a sheet's rows into intervals, in the order of the rows.</summary>
internal sealed class RowTimes(SheetFacts facts, DateTimeZone zone)
{
    private const int FirstYear = 1970;
    private const int LastYear = 2200;
    private const int MostOffsetMinutes = 18 * 60;

    private readonly Dictionary<(string Series, Duration Step), LocalLabels> _readers = [];
    private readonly bool _areSinceLast = facts.Layout.LastReading is { } last && RegisterReadings.AreSinceLast(last);
    private readonly Duration _toEnd = facts.Layout.Time.HasEnds ? Duration.Zero : facts.EndsAfter;

    /// <summary>What is known of a row that comes without the others.</summary>
    private readonly Lazy<SheetFacts> _alone = new(() => facts with
    {
        CountedDays = new HashSet<(string, LocalDate)>(),
        MarksAreOfSummer = false,
        Series = facts.Series.ToDictionary(entry => entry.Key, entry => entry.Value with { Order = LabelOrder.Unknown }),
    });

    /// <summary>Whether anybody has measured then.</summary>
    public static bool IsTimely(LocalDateTime? time) => time is { Year: >= FirstYear and <= LastYear };

    /// <summary>The interval of the next row.</summary>
    public ResolvedLabel Resolve(SpooledRow row)
    {
        var series = facts.LabelsOf(row);
        if (facts.TimeOf(row) is not { } written || written.ToLocal(facts.Order) is not { } local || !IsTimely(local))
        {
            return Faulty(ImportFault.InvalidTimestamp);
        }

        var label = facts.Label == LabelMeaning.End ? LabelMeaning.End : LabelMeaning.Start;
        var step = facts.Series[series].StepAt(local, label == LabelMeaning.End);
        if (!_readers.TryGetValue((series, step), out var labels))
        {
            var (_, order, day) = facts.Series[series];
            _readers[(series, step)] = labels = new LocalLabels(zone, label, step, order, facts.RepeatsEnds, _toEnd == Duration.Zero ? day : 0);
        }

        local = local.PlusTicks(_toEnd.BclCompatibleTicks);

        if (written.IsElapsed)
        {
            return OfElapsed(written.DateIn(facts.Order)!.Value, written.OfDay, labels);
        }

        if (facts.FillsSkipped && written.OffsetMinutes is null && SkippedLabels.IsAtEnd(zone, local))
        {
            return Faulty(LocalLabels.NonexistentLocalTime);
        }

        var start = written.OffsetMinutes is { } offset
            ? labels.Resolve(local, Offset.FromSeconds(offset * 60))
            : labels.Resolve(local, facts.MarksAreOfSummer ? !written.IsMarked && zone.MapLocal(local).Count == 2 : written.IsMarked);
        return start.Fault is not null ? start
            : row.End is { } end ? Until(start, local, end, facts.Series[series], written.IsMonth)
            : written.IsMonth ? start with { Length = LengthUntil(start.Start, local, local.PlusMonths(written.Months), written.OffsetMinutes, facts.Series[series].Step) }
            : written.IsWeek ? start with { Length = LengthUntil(start.Start, local, local.PlusDays(7), written.OffsetMinutes, facts.Series[series].Step) }
            : FindReadBefore(row) is { } before ? Since(before, start)
            : DaysOf(row) is > 0 and var days && facts.Label == LabelMeaning.Start && written.OffsetMinutes is null && local.TimeOfDay == LocalTime.Midnight
                ? start with { Length = zone.AtStartOfDay(local.Date.PlusDays(days)).ToInstant() - start.Start }
            : start;
    }

    /// <summary>The label of a row and how far it is from UTC, where only other rows of its file told its time; null where it does so alone.</summary>
    /// <param name="found">Its time among the others.</param>
    public (LocalDateTime Label, Offset Offset)? FindOffsetByOthers(SpooledRow row, ResolvedLabel found)
    {
        if (found.Fault is not null || facts.TimeOf(row)?.ToLocal(facts.Order) is not { } label || new RowTimes(_alone.Value, zone).Resolve(row) == found)
        {
            return null;
        }

        var at = facts.Label == LabelMeaning.End ? found.End : found.Start;
        var minutes = Math.Round((label.PlusTicks(_toEnd.BclCompatibleTicks).InUtc().ToInstant() - at).TotalMinutes);
        return Math.Abs(minutes) <= MostOffsetMinutes ? (label, Offset.FromSeconds(60 * (int)minutes)) : null;
    }

    /// <summary>
    /// The day on which the meter of a row was read before: what was used was used since. It is as many days away as the row says, or one
    /// nominal length where it says nothing.
    /// </summary>
    public LocalDate? FindReadBefore(SpooledRow row)
    {
        var series = facts.SeriesOf(row);
        var days = DaysOf(row);
        if ((series.ReadDates is null && days == 0) || facts.Label != LabelMeaning.End || facts.TimeOf(row) is not { OffsetMinutes: null } written || written.ToLocal(facts.Order) is not { } local
            || local.TimeOfDay != LocalTime.Midnight)
        {
            return null;
        }

        if (facts.Subjects[row.Subject].Own.Since is { } said)
        {
            return said;
        }

        if (series.ReadSince?.TryGetValue(local.Date, out var stored) == true && (days == 0 || BillDays.Fit(row.Days, stored, local.Date)))
        {
            return stored;
        }

        if (series.ReadDates is { } dates && Array.BinarySearch(dates, local.Date) is > 0 and var index && dates[index - 1] is var before
            && (days > 0 ? BillDays.Fit(row.Days, before, local.Date) : _areSinceLast || NominalLength.Of(Duration.FromDays(Period.DaysBetween(before, local.Date))) == series.Step))
        {
            return before;
        }

        return days > 0 ? local.Date.PlusDays((int)_toEnd.TotalDays - days) : null;
    }

    /// <summary>How many days the interval of a row has by what it says; zero where it says nothing.</summary>
    private int DaysOf(SpooledRow row) => row.Days > 0 && facts.MoreDays is { } more ? row.Days + more : 0;

    /// <summary>A numbered interval of a day, counted through a clock change; a shorter day lacks the last ones.</summary>
    private ResolvedLabel OfElapsed(LocalDate date, TimeSpan ofDay, LocalLabels labels)
    {
        var at = (zone.AtStartOfDay(date).ToInstant() + Duration.FromTimeSpan(ofDay)).InZone(zone);
        var isLate = at.Date > date && !(facts.Label == LabelMeaning.End && at.TimeOfDay == LocalTime.Midnight);
        return isLate ? Faulty(LocalLabels.NonexistentLocalTime) : labels.Resolve(at.LocalDateTime, at.Offset);
    }

    private ResolvedLabel Since(LocalDate before, ResolvedLabel found)
    {
        var start = zone.AtStartOfDay(before).ToInstant();
        return new ResolvedLabel(start, found.End - start);
    }

    /// <param name="isMonth">Whether the start is written as a month.</param>
    private ResolvedLabel Until(ResolvedLabel start, LocalDateTime localStart, WrittenTime written, SeriesFacts series, bool isMonth)
    {
        var step = series.Step;
        if (written.ToLocal(facts.Order) is not { Year: <= LastYear } end)
        {
            return Faulty(ImportFault.InvalidTimestamp);
        }

        end = series.EndsAfter != NominalLength.Month ? end.PlusTicks(series.EndsAfter.BclCompatibleTicks)
            : written.IsMonth ? end.PlusMonths(written.Months)
            : !isMonth && end.Day == 1 ? end.PlusMonths(1)
            // A date beside names of months.
            : end.Day == CalendarSystem.Iso.GetDaysInMonth(end.Year, end.Month) ? end.PlusDays(1) : end;
        var length = LengthUntil(start.Start, localStart, end, written.OffsetMinutes, step);
        // Beside one date, what ends at an earlier time of day ends on the next.
        var isNextDay = facts.Layout.Time.EndClock is not null && end.Date == localStart.Date && (end < localStart || step == Duration.Zero || step >= Duration.FromDays(1));
        length = length <= Duration.Zero && isNextDay ? LengthUntil(start.Start, localStart, end.PlusDays(1), written.OffsetMinutes, step) : length;
        return length > Duration.Zero ? start with { Length = length } : Faulty(ImportFault.InvalidTimestamp);
    }

    private Duration LengthUntil(Instant start, LocalDateTime localStart, LocalDateTime end, short? offset, Duration step)
    {
        if (offset is { } minutes)
        {
            return end.WithOffset(Offset.FromSeconds(minutes * 60)).ToInstant() - start;
        }

        // The end may be the clock at the start and one step more, though the clock changes meanwhile.
        if (step < Duration.FromDays(1) && end.InUtc().ToInstant() - localStart.InUtc().ToInstant() == step)
        {
            return step;
        }

        var map = zone.MapLocal(end);
        return (map.Count == 2 && map.First().ToInstant() <= start ? map.Last().ToInstant() : zone.AtLeniently(end).ToInstant()) - start;
    }

    private static ResolvedLabel Faulty(string code) => new(default, default, code);
}
