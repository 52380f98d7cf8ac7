using Ems.Core.Metering;
using Ems.Ingestion.Files;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>A spooled row with the time it belongs to.</summary>
/// <param name="Ordinal">How many rows of the spool were read with it.</param>
internal readonly record struct TimedRow(SpooledRow Row, ResolvedLabel Time, int Ordinal)
{
    public string Key => Row.Equipment ?? "";
}

/// <summary>Reads the spool again with instants for its labels.</summary>
internal sealed class TimedRows(
    FileFacts facts, string rowsPath, DateTimeZone zone, LabelMeaning label, CancellationToken cancellationToken)
{
    public IEnumerable<TimedRow> Read()
    {
        var readers = new Dictionary<string, LocalLabels>();
        var ordinal = 0;
        using var spool = new RowSpoolReader(rowsPath, facts.Layout.Columns.Count);
        foreach (var row in spool.Rows())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ordinal++;
            yield return new TimedRow(row, Resolve(row, readers), ordinal);
        }
    }

    /// <summary>Whether each equipment's rows follow each other in time, forwards or backwards.</summary>
    public bool AreInOrder()
    {
        var last = new Dictionary<string, Instant>();
        foreach (var timed in Read().Where(timed => timed.Time.Fault is null))
        {
            if (last.TryGetValue(timed.Key, out var before)
                && (facts.Series[timed.Key].Order == LabelOrder.Descending ? timed.Time.Start > before : timed.Time.Start < before))
            {
                return false;
            }

            last[timed.Key] = timed.Time.Start;
        }

        return true;
    }

    private ResolvedLabel Resolve(SpooledRow row, Dictionary<string, LocalLabels> readers)
    {
        if (FileScan.LocalTimeOf(row, facts.Order) is not { } local)
        {
            return new ResolvedLabel(default, default, ImportFault.InvalidTimestamp);
        }

        var key = row.Equipment ?? "";
        if (!readers.TryGetValue(key, out var reader))
        {
            readers[key] = reader = new LocalLabels(zone, label, facts.Series[key].Step, facts.Series[key].Order);
        }

        return row.TimeText is { OffsetMinutes: { } offset }
            ? reader.Resolve(local, Offset.FromSeconds(offset * 60))
            : reader.Resolve(local, row.TimeText?.Marked == true);
    }
}
