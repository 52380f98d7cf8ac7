using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Pass over the spooled rows of a sheet: how the labels of each meter and metric follow each other, and what is missing.</summary>
internal sealed class SeriesScan(SheetFacts facts, DateTimeZone zone)
{
    private readonly Dictionary<string, Labels> _labels = [];
    private readonly Dictionary<string, StepHistogram> _ofEquipment = [];
    private readonly IntervalEnds _ends = new();
    private readonly RepeatedLabels _repeated = new(zone);
    private readonly CellReader _cells = new(facts);
    private readonly DeliveredMetrics _delivered = new(facts);
    private readonly Dictionary<string, long> _gaps = [];
    private long _marked;
    private long _markedOnce;
    private bool _all24;
    private bool _namesMonths;
    private bool _hasRanges;

    public IReadOnlyDictionary<string, long> Gaps => _gaps;

    /// <summary>Which equipment delivers what a reading may miss.</summary>
    public IEnumerable<(string EquipmentId, string Metric)> Delivered => _delivered.Found;

    /// <summary>The facts with what the rows say, and the assumptions that this takes.</summary>
    /// <param name="told">What the labels stand for, when the request says it.</param>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Run(string rowsPath, LabelMeaning? told, CancellationToken cancellationToken)
    {
        foreach (var row in RowSpoolReader.Read(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Time?.ToLocal(facts.Order) is { } local)
            {
                Note(row, local);
            }
        }

        var series = _labels.ToDictionary(entry => entry.Key, entry => new SeriesFacts(
            _namesMonths ? NominalLength.Month : facts.Layout.WholeFile?.Step ?? entry.Value.Steps.Step() ?? _ofEquipment.GetValueOrDefault(entry.Value.Equipment)?.Step() ?? Duration.Zero, entry.Value.Steps.Order()));
        var assumptions = new List<ImportAssumption>();
        var label = LabelOf(told ?? facts.Layout.WholeFile?.Label, series, assumptions);
        var ends = facts.Layout.Time.End is null ? null : facts.Layout.WholeFile?.EndsAfter ?? EndsAfter(assumptions);
        return (
            facts with
            {
                Series = series,
                Extent = _labels.Count == 0 ? null : (_labels.Values.Min(labels => labels.First), _labels.Values.Max(labels => labels.Last)),
                Label = label,
                EndsAfter = ends ?? Duration.Zero,
                MarksAreOfSummer = _markedOnce > 0 && _markedOnce * 2 >= _marked,
                RepeatsEnds = label == LabelMeaning.End && (facts.Layout.WholeFile?.RepeatsEnds ?? RepeatsEnds(series, assumptions)),
            },
            assumptions);
    }

    private void Note(SpooledRow row, LocalDateTime local)
    {
        var key = facts.LabelsOf(row);
        if (!_labels.TryGetValue(key, out var labels))
        {
            _labels[key] = labels = new Labels(facts.KeyOf(row));
        }

        labels.Note(local);
        if (key != labels.Equipment)
        {
            // What comes only once has the step of what else its meter measures.
            ref var steps = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofEquipment, labels.Equipment, out _);
            (steps ??= new StepHistogram()).Note(local);
        }

        var time = row.Time!.Value;
        _namesMonths |= time.IsMonth;
        _hasRanges |= time.IsRange;
        _all24 |= time.OfDay == TimeSpan.FromDays(1);
        if (time is { OffsetMinutes: null, IsElapsed: false })
        {
            _repeated.Note(key, local);
        }

        if (time.IsMarked)
        {
            _marked++;
            _markedOnce += zone.MapLocal(local).Count == 1 && zone.MapLocal(local.PlusHours(-1)).Count == 1 ? 1 : 0;
        }

        if (row.End?.ToLocal(facts.Order) is { } end)
        {
            _ends.Note(key, local, end);
        }

        CountGaps(row);
        _delivered.Note(row);
    }

    private void CountGaps(SpooledRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            var cell = row.Values[i];
            if (!facts.TotalColumns.Contains(i) && _cells.IsMissing(cell, i))
            {
                var kind = cell.Kind == CellKind.Number
                    ? cell.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : MissingMarkers.KindOf(cell);
                _gaps[kind] = _gaps.GetValueOrDefault(kind) + 1;
            }
        }
    }

    private LabelMeaning? LabelOf(LabelMeaning? told, Dictionary<string, SeriesFacts> series, List<ImportAssumption> assumptions)
    {
        // The name of a month, or both ends of an interval, leave nothing to say.
        var (meaning, why) = _namesMonths ? (LabelMeaning.Start, "the labels name whole months")
            : _hasRanges || facts.Layout.Time.End is not null ? (LabelMeaning.Start, facts.Layout.Time.Label?.Why ?? "the labels have both ends of the intervals")
            : told is { } said ? (said, null)
            : facts.Layout.Time.Label is { } header ? (header.Meaning, header.Why)
            : _all24 ? (LabelMeaning.End, "a label is 24:00, which only ends a day")
            : series.Count > 0 && series.All(entry => _labels[entry.Key].EndWholeDays(entry.Value.Step))
                ? (LabelMeaning.End, "so the rows are whole days: they begin one interval after midnight and end at midnight")
            : ((LabelMeaning?)null, "neither the file nor the request says it");
        if (why is not null)
        {
            assumptions.Add(new ImportAssumption("timestamp_label", meaning switch
            {
                LabelMeaning.End => "end",
                LabelMeaning.Start => "start",
                _ => "instant for levels, start for intervals",
            }, why));
        }

        return meaning;
    }

    private bool RepeatsEnds(Dictionary<string, SeriesFacts> series, List<ImportAssumption> assumptions)
    {
        if (_repeated.Find(key => series[key].Step) is not { } found)
        {
            return false;
        }

        assumptions.Add(new ImportAssumption("repeated_hour", found.Ends ? "the clock at the end" : "the clock at the start, one interval on", found.Why));
        return found.Ends;
    }

    private Duration? EndsAfter(List<ImportAssumption> assumptions)
    {
        var found = _ends.Find();
        assumptions.Add(new ImportAssumption(
            "interval_end", found is { After: var after } && after > Duration.Zero ? "inclusive" : "exclusive", found?.Why ?? "nothing in the file says it"));
        return found?.After;
    }

    private sealed class Labels(string equipment)
    {
        private LocalDateTime? _first;
        private LocalDateTime? _last;

        public string Equipment { get; } = equipment;

        public StepHistogram Steps { get; } = new();

        public LocalDateTime First => _first.GetValueOrDefault();

        public LocalDateTime Last => _last.GetValueOrDefault();

        public void Note(LocalDateTime label)
        {
            Steps.Note(label);
            _first = !(_first <= label) ? label : _first;
            _last = !(_last >= label) ? label : _last;
        }

        /// <summary>Whether the labels begin one step after a midnight and end at one.</summary>
        public bool EndWholeDays(Duration step) => _first is { } first && _last is { } last && step > Duration.Zero && step < Duration.FromDays(1)
            && IsAt(first, step) && IsAt(last, Duration.Zero) && last.Date > first.Date;

        private static bool IsAt(LocalDateTime label, Duration ofDay)
        {
            var distance = (label.InUtc().ToInstant() - label.Date.AtMidnight().InUtc().ToInstant() - ofDay).TotalSeconds;
            return Math.Abs(distance) <= 1 || Math.Abs(distance - 86_400) <= 1;
        }
    }
}
