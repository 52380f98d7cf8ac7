using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Readings;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Merges the rows of one time into one reading per equipment, judging duplicates value by value.</summary>
internal sealed class RowMerge(SheetFacts facts, DateTimeZone zone, IReadOnlySet<(string EquipmentId, string Metric)> delivered)
{
    private readonly record struct Entry(SpooledRow Row, int Column, Quantity Quantity, double Value, double SourceValue, bool IsEstimated);

    /// <param name="Column">Any of its columns: all are of this meter.</param>
    /// <param name="Values">The columns of each of its values: one, or those that add up to it.</param>
    /// <param name="MetricsDiffer">Whether each column has a metric of its own.</param>
    private sealed record Meter(ValueColumn Column, int[][] Values, bool MetricsDiffer);

    private readonly Meter[] _meters = [.. facts.Layout.Columns.Select((column, index) => (column, index))
        .Where(entry => !facts.TotalColumns.Contains(entry.index))
        .GroupBy(entry => (entry.column.EquipmentId, entry.column.Part))
        .Select(group => new Meter(
            group.First().column,
            [.. group.GroupBy(entry => entry.column.IsAddend ? entry.column.Metric : $"{entry.index}").Select(value => value.Select(entry => entry.index).ToArray())],
            group.All(entry => !entry.column.IsSaidByRow) && group.Select(entry => entry.column.Metric).Distinct().Count() == group.Count()))];

    private readonly Quantities _quantities = new(facts.Layout, facts.Subjects);
    private readonly CellReader _cells = new(facts);

    // Of the reading that is being made.
    private readonly List<MetricValue> _interval = [];
    private readonly List<MetricValue> _instant = [];
    private readonly List<ImportFault> _faults = [];
    private bool _areEstimated;

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
        var equipment = meter.Column.MeterOf(facts.Subjects[group[0].Row.Subject].EquipmentId ?? facts.Layout.EquipmentId);
        _interval.Clear();
        _instant.Clear();
        _faults.Clear();
        _areEstimated = false;
        return group.Count == 1 && meter.MetricsDiffer ? OfOneRow(meter, group, equipment) : OfSeveral(meter, group, equipment);
    }

    /// <summary>Nothing of the row can repeat or contradict anything else.</summary>
    private ImportedReading? OfOneRow(Meter meter, List<TimedRow> group, string equipment)
    {
        var row = group[0].Row;
        var isEmpty = true;
        foreach (var columns in meter.Values)
        {
            var index = columns[0];
            if (_cells.IsMissing(row, index))
            {
                continue;
            }

            isEmpty = false;
            if (Value(row, index) is { } entry)
            {
                Add(entry);
            }
        }

        var rows = _interval.Count + _instant.Count == 0 ? 0 : 1;
        return isEmpty ? null : new ImportedReading(Parts(equipment, group), rows, 0, 1 - rows, [.. _faults], row.Ordinal) { OnlyRow = row.RowNumber };
    }

    private ImportedReading? OfSeveral(Meter meter, List<TimedRow> group, string equipment)
    {
        var rows = new RowNumbers();
        foreach (var entries in Entries(meter, group, rows.Seen))
        {
            var first = entries[0];
            if (entries.Find(entry => entry.Value != first.Value) is { Row: not null } other)
            {
                _faults.Add(Contradiction(first, other, equipment, group[0].Time) with { OtherRows = entries.ConvertAll(entry => entry.Row.RowNumber) });
                continue;
            }

            rows.Adding.Add(first.Row.RowNumber);
            rows.OfValues.Add((first.Quantity.Metric, first.Row.RowNumber));
            rows.Repeating.UnionWith(entries.Skip(1).Select(entry => entry.Row.RowNumber));
            Add(first with { IsEstimated = entries.Exists(entry => entry.IsEstimated) });
        }

        rows.Repeating.ExceptWith(rows.Adding);
        return rows.Seen.Count == 0 ? null : new ImportedReading(
            Parts(equipment, group), rows.Adding.Count, rows.Repeating.Count,
            rows.Seen.Count - rows.Adding.Count - rows.Repeating.Count, [.. _faults], group[^1].Row.Ordinal)
        {
            ValueRows = rows.OfValues,
        };
    }

    /// <summary>The values of the meter by metric, each with those that repeat or contradict it.</summary>
    private List<List<Entry>> Entries(Meter meter, List<TimedRow> group, HashSet<int> seen)
    {
        var found = new List<List<Entry>>(meter.Values.Length);
        foreach (var columns in meter.Values)
        {
            foreach (var timed in group)
            {
                if (AreMissing(timed.Row, columns))
                {
                    continue;
                }

                seen.Add(timed.Row.RowNumber);
                if ((columns.Length == 1 ? Value(timed.Row, columns[0]) : Sum(timed.Row, columns)) is { } entry)
                {
                    Add(found, entry);
                }
            }
        }

        return found;
    }

    private bool AreMissing(SpooledRow row, int[] columns)
    {
        foreach (var index in columns)
        {
            if (!_cells.IsMissing(row, index))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The sum of columns of one unit; null where one of them has no value.</summary>
    private Entry? Sum(SpooledRow row, int[] columns)
    {
        var missing = Array.FindIndex(columns, index => _cells.IsMissing(row, index));
        if (missing >= 0)
        {
            var header = facts.Layout.Columns[columns[missing]].Header;
            _faults.Add(new ImportFault(
                ImportFault.DataValidationFailed, $"{header} has no value, and without it the others are no sum.", facts.Layout.Sheet, row.RowNumber, header));
            return null;
        }

        var entries = columns.Select(index => Value(row, index)).ToList();
        return entries.Contains(null) ? null : entries[0]!.Value with
        {
            Value = entries.Sum(entry => entry!.Value.Value),
            SourceValue = entries.Sum(entry => entry!.Value.SourceValue),
            IsEstimated = entries.Exists(entry => entry!.Value.IsEstimated),
        };
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

    private Entry? Value(SpooledRow row, int index)
    {
        var quantity = _quantities.Of(index, row.Subject);
        var number = _cells.NumberIn(row.Values[index], index);
        var (code, message) = quantity.Fault is { } unknown ? (ImportFault.UnknownUnit, unknown)
            : facts.BegunOf(row, index) is { } begun ? (
                ImportFault.DataValidationFailed, $"{begun} is in the file as a whole, and some of it, but not all, in rows of shorter periods: delete this value, or those.")
            : number is not { } written ? (ImportFault.DataValidationFailed, NoNumber(HeaderTexts.TextOf(row.Values[index])))
            : (ReadingChecks.ValueOutOfRange, ReadingChecks.RangeFault(quantity.Metric, quantity.Known, quantity.ToCanonical(written)));
        if (message is null)
        {
            return new Entry(row, index, quantity, quantity.ToCanonical(number!.Value), number.Value, row.Values[index].IsEstimated);
        }

        _faults.Add(new ImportFault(code, message, facts.Layout.Sheet, row.RowNumber, facts.Layout.HeaderOf(row, index)));
        return null;
    }

    /// <summary>Brackets are a minus of accountants, and elsewhere mark what is estimated.</summary>
    private static string NoNumber(string text) => $"'{ImportFault.Shorten(text)}' is no number."
        + (text is ['(', .. var inner, ')'] && DecimalColumn.LooksNumeric(inner) ? $" Write -{inner} if the brackets are a minus, else {inner}." : "");

    private void Add(in Entry entry)
    {
        _areEstimated |= entry.IsEstimated;
        (HasLength(entry.Quantity.Kind) ? _interval : _instant).Add(new MetricValue(entry.Quantity.Meaning, entry.Value, entry.SourceValue));
    }

    private IReadOnlyList<Reading> Parts(string equipment, List<TimedRow> group)
    {
        var time = group[0].Time;
        var flags = ReadingChecks.FlagsOf(
            _instant.Count == 0 ? _interval : _interval.Count == 0 ? _instant : [.. _interval, .. _instant],
            delivered.Contains((equipment, "temperature")), delivered.Contains((equipment, "airflow")));
        var estimated = _areEstimated ? ReadingFlags.Estimated : 0;
        var at = facts.Label == LabelMeaning.End || facts.Layout.ReadsAtEnd ? time.End : time.Start;
        return (_interval.Count, _instant.Count) switch
        {
            (0, 0) => [],
            (_, 0) => [new Reading(equipment, time.Start, time.Length, _interval.ToArray(), flags | estimated)],
            (0, _) => [new Reading(equipment, at, Duration.Zero, _instant.ToArray(), flags | estimated)],
            _ =>
            [
                new Reading(equipment, time.Start, time.Length, _interval.ToArray(), flags | estimated),
                new Reading(equipment, at, Duration.Zero, _instant.ToArray(), estimated),
            ],
        };
    }

    private bool HasLength(QuantityKind kind) =>
        kind == QuantityKind.Interval || (kind == QuantityKind.Level && facts.Label is LabelMeaning.Start or LabelMeaning.End);

    private ImportFault Contradiction(Entry first, Entry other, string equipment, ResolvedLabel time) => new(
        ImportFault.DuplicateInFile,
        $"Rows {first.Row.RowNumber} and {other.Row.RowNumber} give {equipment} different values of {first.Quantity.Metric} for the same time{In(first, other)}; neither was taken.{IfSetBack(time)}",
        facts.Layout.Sheet, other.Row.RowNumber, facts.Layout.HeaderOf(other.Row, other.Column));

    /// <summary>Clocks show an hour of a Sunday in autumn twice, but not in a zone without summer time.</summary>
    private string IfSetBack(ResolvedLabel time) =>
        time.Length < Duration.FromDays(1) && zone.MinOffset == zone.MaxOffset
            && time.Start.InZone(zone).LocalDateTime is { DayOfWeek: IsoDayOfWeek.Sunday, Month: 4 or 10 or 11, Hour: < 4 }
            ? " If the clocks were set back then, undo this import, as its other times are those of another zone too, and send the file again with time_zone, as Europe/Berlin." : "";

    /// <summary>The columns of the values, where others could be meant.</summary>
    private string In(Entry first, Entry other)
    {
        var (one, two) = (facts.Layout.Columns[first.Column].Header, facts.Layout.Columns[other.Column].Header);
        return facts.Layout.Columns.Count == 1 ? "" : one == two ? $" in {one}" : $" in {one} and {two}";
    }

    /// <summary>What became of the rows of a reading.</summary>
    private sealed class RowNumbers
    {
        public HashSet<int> Seen { get; } = [];

        public HashSet<int> Adding { get; } = [];

        public HashSet<int> Repeating { get; } = [];

        public List<(string Metric, int Row)> OfValues { get; } = [];
    }
}
