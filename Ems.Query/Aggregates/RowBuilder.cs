using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Query.Series;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>Gathers what was read into rows.</summary>
internal sealed class RowBuilder(AggregateQuestion question, AggregatePlan plan)
{
    private sealed class Row(Meter meter, Instant start)
    {
        public Meter Meter { get; } = meter;
        public Instant Start { get; } = start;
        public MeterTotals Meters { get; } = new();
        public List<(Instant At, double Value)> Values { get; } = [];
    }

    private sealed class Combined(Meter meter, Instant start)
    {
        public Meter Meter { get; } = meter;
        public Instant Start { get; } = start;
        public MeterTotals Meters { get; } = new();
    }

    private readonly Dictionary<RowKey, Row> _rows = [];
    private readonly Dictionary<(RowKey Meters, Instant Bucket), Combined> _combined = [];
    private readonly Dictionary<RowKey, HashSet<string>> _speaking = [];

    public AggregatePlan Plan => plan;

    public MeterTotals Overall { get; } = new();

    public bool NeedsObservations => plan.Combine is null && (question.Aggregate is not ("sum" or "count") || question.FiltersValues);

    public void Add(Slot slot)
    {
        if (!Passes(slot.Meter, slot.Start))
        {
            return;
        }

        Overall.Add(slot);
        RowOf(slot.Meter, slot.Start).Meters.Add(slot);
        if (plan.Combine is null)
        {
            return;
        }

        var meters = RowKey.OfMeter(question, slot.Meter);
        var name = RowKey.NameOf(plan.Combine, slot.Meter, slot.Start);
        if (!_combined.TryGetValue((meters, name), out var combined))
        {
            _combined[(meters, name)] = combined = new Combined(slot.Meter, slot.Start);
        }

        combined.Meters.Add(slot);
        if (!Numbers.IsEmpty(slot.Total))
        {
            (_speaking.TryGetValue(meters, out var speaking) ? speaking : _speaking[meters] = []).Add(slot.Meter.Equipment.Id);
        }
    }

    public void Add(Meter meter, Observation observation)
    {
        if (Passes(meter, observation.Start) && IsWithinLimits(observation.Value))
        {
            RowOf(meter, observation.Start).Values.Add((observation.Start, observation.Value));
        }
    }

    public IEnumerable<RowNumbers> Build()
    {
        foreach (var ((meters, _), combined) in _combined.OrderBy(c => c.Key.Bucket))
        {
            if (Put(meters, combined) is { } value && IsWithinLimits(value) && combined.Meters.Coverage >= question.MinCoverage)
            {
                RowOf(combined.Meter, combined.Start).Values.Add((combined.Start, value));
            }
        }

        return _rows.Select(r => new RowNumbers(
            r.Key, r.Value.Meter, r.Value.Start, NumberOf(r.Value), r.Value.Meters.Coverage, r.Value.Meters.EstimatedFraction));
    }

    private Number NumberOf(Row row)
    {
        if (plan.Combine is not null || NeedsObservations)
        {
            var values = row.Values.OrderBy(v => v.At).ToList();
            var number = Statistic.Of(question.Aggregate, values, question.Percentile);
            return number with { Value = Numbers.Rounded(number.Value) };
        }

        var amounts = row.Meters.Totals.Select(Numbers.Amount).OfType<double>().ToList();
        return question.Aggregate == "count" ? new Number(row.Meters.Totals.Sum(total => total.Count))
            : new Number(amounts.Count == 0 ? null : Numbers.Rounded(amounts.Sum()));
    }

    /// <summary>The value of a bucket for all its meters; none where a meter is silent or says a part, but for a maximum, which it can only raise.</summary>
    private double? Put(RowKey meters, Combined combined)
    {
        var series = combined.Meter.Series;
        var isAmount = series.IsQuantity && !series.IsCounter;
        var usesTotals = isAmount || question.Aggregate == "sum";
        var needsAll = question.Aggregate is not ("max" or "sum" or "count");
        var values = combined.Meters.Totals
            .Where(t => !(needsAll && isAmount) || IsWhole(t))
            .Select(t => usesTotals ? Numbers.Amount(t) : Numbers.MeanLevel(t))
            .OfType<double>().ToList();
        if (values.Count == 0)
        {
            return null;
        }

        if (question.Aggregate != "sum" && (!series.IsAdditive || series.IsCounter))
        {
            return values.Average();
        }

        return !needsAll || values.Count == _speaking[meters].Count ? values.Sum() : null;
    }

    /// <summary>Whether an amount is that of its whole hour, or part of one; days and months are as whole as min_coverage asks.</summary>
    private bool IsWhole(BucketTotal total) =>
        !plan.Combine!.IsPartOfDay || total.Covered >= plan.Combine.Nominal * SeriesReader.WholeHour;

    private Row RowOf(Meter meter, Instant at)
    {
        Instant? bucket = plan.Row is null ? null : RowKey.NameOf(plan.Row, meter, at);
        var start = plan.Combine is not null && question.GroupBy.Count > 0
            ? Instant.Max(plan.Combine.Floor(meter.ZoneOf(plan.Combine), at), meter.Range.Start)
            : at;
        var key = RowKey.OfMeter(question, meter).At(question, start.InZone(meter.Zone).LocalDateTime, bucket);
        if (!_rows.TryGetValue(key, out var row))
        {
            var from = plan.Row is null ? at : Instant.Max(plan.Row.Floor(meter.ZoneOf(plan.Row), at), meter.Range.Start);
            _rows[key] = row = new Row(meter, from);
        }

        return row;
    }

    private bool Passes(Meter meter, Instant start)
    {
        if (question.Weekdays is null && question.Hours is null)
        {
            return true;
        }

        var local = start.InZone(meter.Zone).LocalDateTime;
        return question.Weekdays?.Contains(local.DayOfWeek) != false && question.Hours?.Contains(local.Hour) != false;
    }

    private bool IsWithinLimits(double value) => !(value < question.MinValue) && !(value > question.MaxValue);
}
