using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>A spooled row with the time it belongs to.</summary>
/// <param name="Key">Of <see cref="SheetFacts.KeyOf"/>.</param>
/// <param name="Number">Its place in the spool.</param>
internal readonly record struct TimedRow(SpooledRow Row, string Key, ResolvedLabel Time, int Number);

/// <summary>Reads the spool again with instants for its labels.</summary>
internal sealed class TimedRows(SheetFacts facts, string rowsPath, DateTimeZone zone, CancellationToken cancellationToken)
{
    public IEnumerable<TimedRow> Read(RowPool pool) => Resolve(RowSpoolReader.Read(rowsPath, facts.Spool, pool));

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
        var times = new RowTimes(facts, zone);
        var cells = new CellReader(facts);
        var number = 0;
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            number++;
            if (!facts.PeriodTotals.Empty(row, facts.PeriodOf(row), cells))
            {
                yield return new TimedRow(row, facts.KeyOf(row), times.Resolve(row), number);
            }
        }
    }
}
