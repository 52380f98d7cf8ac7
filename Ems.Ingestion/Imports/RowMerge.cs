using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Readings;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Merges the rows of one time into one reading per equipment, judging duplicates value by value.</summary>
internal sealed class RowMerge(FileFacts facts, LabelMeaning? label, KnownMetrics known)
{
    private readonly record struct Entry(SpooledRow Row, double Value);

    private sealed record Meter(string? EquipmentId, int[] Columns);

    private readonly Meter[] _meters = [.. facts.Layout.Columns.Select((column, index) => (column, index))
        .Where(entry => !facts.TotalColumns.Contains(entry.index))
        .GroupBy(entry => entry.column.EquipmentId)
        .Select(group => new Meter(group.Key, [.. group.Select(entry => entry.index)]))];

    private readonly Unit[] _units = [.. facts.Layout.Columns.Select(column => Units.TryParse(column.SourceUnit, out var unit) ? unit : throw new InvalidOperationException($"There is no unit {column.SourceUnit}."))];

    public IEnumerable<ImportedReading> Merge(List<TimedRow> group)
    {
        foreach (var meter in _meters)
        {
            if (MergeOne(meter, group) is { } reading)
            {
                yield return reading;
            }
        }
    }

    private ImportedReading? MergeOne(Meter meter, List<TimedRow> group)
    {
        var equipment = meter.EquipmentId ?? group[0].Row.Equipment ?? facts.Layout.EquipmentId;
        var faults = new List<ImportFault>();
        var seen = new HashSet<int>();
        var adding = new HashSet<int>();
        var repeating = new HashSet<int>();
        var interval = new List<MetricValue>();
        var instant = new List<MetricValue>();
        foreach (var index in meter.Columns)
        {
            var entries = Entries(group, index, seen, faults);
            if (entries.Count == 0)
            {
                continue;
            }

            if (entries.FirstOrDefault(entry => entry.Value != entries[0].Value) is { Row: not null } other)
            {
                faults.Add(Contradiction(index, entries[0], other, equipment));
                continue;
            }

            adding.Add(entries[0].Row.RowNumber);
            repeating.UnionWith(entries.Skip(1).Select(entry => entry.Row.RowNumber));
            var column = facts.Layout.Columns[index];
            (HasLength(column.Kind) ? interval : instant).Add(new MetricValue(
                column.Metric, column.Kind, column.Unit, Convert(index, entries[0].Value), entries[0].Value, column.SourceUnit));
        }

        repeating.ExceptWith(adding);
        return seen.Count == 0 ? null : new ImportedReading(
            Parts(equipment, group[0], interval, instant, meter), adding.Count, repeating.Count,
            seen.Count - adding.Count - repeating.Count, faults, group[^1].Ordinal);
    }

    private List<Entry> Entries(List<TimedRow> group, int index, HashSet<int> seen, List<ImportFault> faults)
    {
        var entries = new List<Entry>(1);
        var column = facts.Layout.Columns[index];
        foreach (var timed in group)
        {
            var cell = timed.Row.Values[index];
            if (cell.Kind == CellKind.Empty || (cell.Kind == CellKind.Text && NumberText.MeansNothing(cell.Text!)))
            {
                continue;
            }

            seen.Add(timed.Row.RowNumber);
            var number = cell.Kind switch
            {
                CellKind.Number => cell.Number,
                CellKind.Text => DecimalColumn.Parse(cell.Text!, facts.DecimalComma[index]),
                _ => null,
            };
            if (number is not { } value)
            {
                faults.Add(new ImportFault(
                    ImportFault.DataValidationFailed, "The cell holds no number.", facts.Layout.Sheet, timed.Row.RowNumber, column.Header));
            }
            else if (ReadingChecks.RangeFault(column.Metric, Convert(index, value)) is { } outside)
            {
                faults.Add(new ImportFault(
                    ReadingChecks.ValueOutOfRange, outside, facts.Layout.Sheet, timed.Row.RowNumber, column.Header));
            }
            else
            {
                entries.Add(new Entry(timed.Row, value));
            }
        }

        return entries;
    }

    private List<Reading> Parts(
        string equipment, TimedRow first, List<MetricValue> interval, List<MetricValue> instant, Meter meter)
    {
        var parts = new List<Reading>(2);
        var flags = ReadingChecks.FlagsOf(
            [.. interval, .. instant],
            known.Temperature.Contains(equipment) || Has(meter, "temperature"), known.Airflow.Contains(equipment) || Has(meter, "airflow"));
        if (interval.Count > 0)
        {
            parts.Add(new Reading(equipment, first.Time.Start, first.Time.Length, interval, flags));
        }

        if (instant.Count > 0)
        {
            parts.Add(new Reading(equipment, label == LabelMeaning.End ? first.Time.End : first.Time.Start, Duration.Zero, instant, parts.Count == 0 ? flags : ReadingFlags.None));
        }

        return parts;
    }

    private bool Has(Meter meter, string metric) => meter.Columns.Any(index => facts.Layout.Columns[index].Metric == metric);

    private bool HasLength(QuantityKind kind) =>
        kind == QuantityKind.Interval || (kind == QuantityKind.Level && label is LabelMeaning.Start or LabelMeaning.End);

    private double Convert(int index, double value) => _units[index].ToCanonical(value);

    private ImportFault Contradiction(int index, Entry first, Entry other, string equipment) => new(
        ImportFault.DuplicateInFile,
        $"Rows {first.Row.RowNumber} and {other.Row.RowNumber} give {equipment} different values for the same time; neither was taken.",
        facts.Layout.Sheet, other.Row.RowNumber, facts.Layout.Columns[index].Header);
}
