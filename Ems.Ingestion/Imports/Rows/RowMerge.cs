using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Readings;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Merges the rows of one time into one reading per equipment, judging duplicates value by value.</summary>
internal sealed class RowMerge(SheetFacts facts, IReadOnlySet<(string EquipmentId, string Metric)> delivered)
{
    private readonly record struct Entry(SpooledRow Row, int Column, Quantity Quantity, double Value, double SourceValue);

    private sealed record Meter(string? EquipmentId, int[] Columns);

    private readonly Meter[] _meters = [.. facts.Layout.Columns.Select((column, index) => (column, index))
        .Where(entry => !facts.TotalColumns.Contains(entry.index))
        .GroupBy(entry => entry.column.EquipmentId)
        .Select(group => new Meter(group.Key, [.. group.Select(entry => entry.index)]))];

    private readonly Quantities _quantities = new(facts.Layout, facts.Subjects);
    private readonly CellReader _cells = new(facts);

    /// <param name="group">Rows of one equipment and one start.</param>
    public IEnumerable<ImportedReading> Merge(List<TimedRow> group)
    {
        if (group.Count == 1 || group.TrueForAll(timed => timed.Time.Length == group[0].Time.Length))
        {
            return MergeInterval(group);
        }

        return group.GroupBy(timed => timed.Time.Length).SelectMany(interval => MergeInterval([.. interval]));
    }

    private IEnumerable<ImportedReading> MergeInterval(List<TimedRow> group)
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
        var equipment = meter.EquipmentId ?? facts.Subjects[group[0].Row.Subject].EquipmentId ?? facts.Layout.EquipmentId;
        var faults = new List<ImportFault>();
        var rows = new RowNumbers();
        var interval = new List<MetricValue>();
        var instant = new List<MetricValue>();
        foreach (var entries in Entries(meter, group, rows.Seen, faults))
        {
            var first = entries[0];
            if (entries.Find(entry => entry.Value != first.Value) is { Row: not null } other)
            {
                faults.Add(Contradiction(first, other, equipment) with { OtherRows = entries.ConvertAll(entry => entry.Row.RowNumber) });
                continue;
            }

            rows.Adding.Add(first.Row.RowNumber);
            rows.OfValues.Add((first.Quantity.Metric, first.Row.RowNumber));
            rows.Repeating.UnionWith(entries.Skip(1).Select(entry => entry.Row.RowNumber));
            var quantity = first.Quantity;
            (HasLength(quantity.Kind) ? interval : instant).Add(new MetricValue(
                quantity.Metric, quantity.Kind, quantity.CanonicalUnit, first.Value, first.SourceValue, quantity.SourceUnit!.Symbol));
        }

        rows.Repeating.ExceptWith(rows.Adding);
        return rows.Seen.Count == 0 ? null : new ImportedReading(
            Parts(equipment, group, interval, instant), rows.Adding.Count, rows.Repeating.Count,
            rows.Seen.Count - rows.Adding.Count - rows.Repeating.Count, faults, group[^1].Row.Ordinal)
        {
            ValueRows = rows.OfValues,
        };
    }

    /// <summary>The values of the meter by metric, each with those that repeat or contradict it.</summary>
    private List<List<Entry>> Entries(Meter meter, List<TimedRow> group, HashSet<int> seen, List<ImportFault> faults)
    {
        var found = new List<List<Entry>>(meter.Columns.Length);
        foreach (var index in meter.Columns)
        {
            foreach (var timed in group)
            {
                if (_cells.IsMissing(timed.Row.Values[index], index))
                {
                    continue;
                }

                seen.Add(timed.Row.RowNumber);
                var quantity = _quantities.Of(index, timed.Row.Subject);
                if (Value(timed.Row, index, quantity, faults) is { } entry)
                {
                    Add(found, entry);
                }
            }
        }

        return found;
    }

    private static void Add(List<List<Entry>> found, Entry entry)
    {
        var same = found.Find(entries => entries[0].Quantity.Metric == entry.Quantity.Metric);
        if (same is null)
        {
            found.Add(new List<Entry>(1) { entry });
        }
        else
        {
            same.Add(entry);
        }
    }

    private Entry? Value(SpooledRow row, int index, Quantity quantity, List<ImportFault> faults)
    {
        var number = _cells.NumberIn(row.Values[index], index);
        var (code, message) = quantity.Fault is { } unknown ? (ImportFault.UnknownUnit, unknown)
            : number is not { } written ? (ImportFault.DataValidationFailed, $"'{ImportFault.Shorten(HeaderTexts.TextOf(row.Values[index]))}' is no number.")
            : (ReadingChecks.ValueOutOfRange, ReadingChecks.RangeFault(quantity.Metric, quantity.SourceUnit!.ToCanonical(written)));
        if (message is null)
        {
            return new Entry(row, index, quantity, quantity.SourceUnit!.ToCanonical(number!.Value), number.Value);
        }

        faults.Add(new ImportFault(code, message, facts.Layout.Sheet, row.RowNumber, facts.Layout.Columns[index].Header));
        return null;
    }

    private List<Reading> Parts(string equipment, List<TimedRow> group, List<MetricValue> interval, List<MetricValue> instant)
    {
        var parts = new List<Reading>(2);
        var time = group[0].Time;
        var flags = ReadingChecks.FlagsOf(
            [.. interval, .. instant],
            delivered.Contains((equipment, "temperature")), delivered.Contains((equipment, "airflow")));
        flags |= group.Exists(timed => timed.Row.IsEstimated) ? ReadingFlags.Estimated : 0;
        if (interval.Count > 0)
        {
            parts.Add(new Reading(equipment, time.Start, time.Length, interval, flags));
        }

        if (instant.Count > 0)
        {
            var at = facts.Label == LabelMeaning.End ? time.End : time.Start;
            parts.Add(new Reading(equipment, at, Duration.Zero, instant, parts.Count == 0 ? flags : flags & ReadingFlags.Estimated));
        }

        return parts;
    }

    private bool HasLength(QuantityKind kind) =>
        kind == QuantityKind.Interval || (kind == QuantityKind.Level && facts.Label is LabelMeaning.Start or LabelMeaning.End);

    private ImportFault Contradiction(Entry first, Entry other, string equipment) => new(
        ImportFault.DuplicateInFile,
        $"Rows {first.Row.RowNumber} and {other.Row.RowNumber} give {equipment} different values of {first.Quantity.Metric} for the same time; neither was taken.",
        facts.Layout.Sheet, other.Row.RowNumber, facts.Layout.Columns[other.Column].Header);

    /// <summary>What became of the rows of a reading.</summary>
    private sealed class RowNumbers
    {
        public HashSet<int> Seen { get; } = [];

        public HashSet<int> Adding { get; } = [];

        public HashSet<int> Repeating { get; } = [];

        public List<(string Metric, int Row)> OfValues { get; } = [];
    }
}
