using Ems.Core.Metering;
using Ems.Ingestion.Files;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>A spooled row with the time it belongs to.</summary>
/// <param name="Key">Of <see cref="SheetFacts.KeyOf"/>.</param>
/// <param name="Number">Its place in the spool.</param>
internal readonly record struct TimedRow(SpooledRow Row, string Key, ResolvedLabel Time, int Number);

/// <summary>Reads the spool again with instants for its labels.</summary>
internal sealed class TimedRows(SheetFacts facts, string rowsPath, DateTimeZone zone, CancellationToken cancellationToken)
{
    private const int FirstYear = 1970;
    private const int LastYear = 2200;

    private readonly Duration _toEnd = facts.Layout.Time.HasEnds ? Duration.Zero : facts.EndsAfter;

    public IEnumerable<TimedRow> Read() => Resolve(RowSpoolReader.Read(rowsPath, facts.Spool, facts.Layout.Columns.Count));

    /// <summary>Whether each equipment's rows follow each other in time, forwards or backwards.</summary>
    public bool AreInOrder()
    {
        var last = new Dictionary<string, Instant>();
        foreach (var timed in Resolve(RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count)).Where(timed => timed.Time.Fault is null))
        {
            if (last.TryGetValue(timed.Key, out var before)
                && (facts.Series[facts.LabelsOf(timed.Row)].Order == LabelOrder.Descending ? timed.Time.Start > before : timed.Time.Start < before))
            {
                return false;
            }

            last[timed.Key] = timed.Time.Start;
        }

        return true;
    }

    private IEnumerable<TimedRow> Resolve(IEnumerable<SpooledRow> rows)
    {
        var readers = new Dictionary<string, LocalLabels>();
        var number = 0;
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            number++;
            yield return new TimedRow(row, facts.KeyOf(row), Resolve(row, facts.LabelsOf(row), readers), number);
        }
    }

    private ResolvedLabel Resolve(SpooledRow row, string series, Dictionary<string, LocalLabels> readers)
    {
        if (facts.TimeOf(row) is not { } written || written.ToLocal(facts.Order) is not { Year: >= FirstYear and <= LastYear } local)
        {
            return Faulty(ImportFault.InvalidTimestamp);
        }

        if (!readers.TryGetValue(series, out var labels))
        {
            var label = facts.Label == LabelMeaning.End ? LabelMeaning.End : LabelMeaning.Start;
            var (step, order, day) = facts.Series[series];
            readers[series] = labels = new LocalLabels(zone, label, step, order, facts.RepeatsEnds, _toEnd == Duration.Zero ? day : 0);
        }

        local = local.PlusTicks(_toEnd.BclCompatibleTicks);

        if (written.IsElapsed)
        {
            return OfElapsed(written.DateIn(facts.Order)!.Value, written.OfDay, labels);
        }

        var start = written.OffsetMinutes is { } offset
            ? labels.Resolve(local, Offset.FromSeconds(offset * 60))
            : labels.Resolve(local, facts.MarksAreOfSummer ? !written.IsMarked && zone.MapLocal(local).Count == 2 : written.IsMarked);
        return row.End is { } end && start.Fault is null ? Until(start, local, end, facts.Series[series]) : start;
    }

    /// <summary>A numbered interval of a day, counted through a clock change; a shorter day lacks the last ones.</summary>
    private ResolvedLabel OfElapsed(LocalDate date, TimeSpan ofDay, LocalLabels labels)
    {
        var at = (zone.AtStartOfDay(date).ToInstant() + Duration.FromTimeSpan(ofDay)).InZone(zone);
        var isLate = at.Date > date && !(facts.Label == LabelMeaning.End && at.TimeOfDay == LocalTime.Midnight);
        return isLate ? Faulty(LocalLabels.NonexistentLocalTime) : labels.Resolve(at.LocalDateTime, at.Offset);
    }

    private ResolvedLabel Until(ResolvedLabel start, LocalDateTime localStart, Times.WrittenTime written, SeriesFacts series)
    {
        var step = series.Step;
        if (written.ToLocal(facts.Order) is not { Year: <= LastYear } end)
        {
            return Faulty(ImportFault.InvalidTimestamp);
        }

        end = end.PlusTicks(series.EndsAfter.BclCompatibleTicks);
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
        if (step < Duration.FromDays(1) && Period.Between(localStart, end, PeriodUnits.Ticks).ToDuration() == step)
        {
            return step;
        }

        var map = zone.MapLocal(end);
        return (map.Count == 2 && map.First().ToInstant() <= start ? map.Last().ToInstant() : zone.AtLeniently(end).ToInstant()) - start;
    }

    private static ResolvedLabel Faulty(string code) => new(default, default, code);
}
