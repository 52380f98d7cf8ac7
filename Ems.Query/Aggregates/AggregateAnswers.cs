using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Query.Requests;
using Ems.Query.Series;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>What meters hold in the time that counts: how much of it readings speak for, and how much of the amount is estimated.</summary>
internal sealed class MeterTotals
{
    private readonly Dictionary<string, BucketTotal> _byMeter = [];
    private Duration _length;

    /// <summary>Of the meters that say anything.</summary>
    public IReadOnlyCollection<BucketTotal> Totals => _byMeter.Values;

    public double Coverage => _length == Duration.Zero ? 0 : Numbers.Share(_byMeter.Values.Sum(total => total.Covered / _length));

    public double EstimatedFraction
    {
        get
        {
            var absolute = _byMeter.Values.Sum(total => total.AbsoluteQuantity);
            return absolute == 0 ? 0 : Numbers.Share(_byMeter.Values.Sum(total => total.EstimatedOrProrated) / absolute);
        }
    }

    public void Add(Slot slot)
    {
        _length += slot.End - slot.Start;
        if (!Numbers.IsEmpty(slot.Total))
        {
            var id = slot.Meter.Equipment.Id;
            _byMeter[id] = _byMeter.TryGetValue(id, out var total) ? total.Merge(slot.Total) : slot.Total;
        }
    }
}

/// <summary>A piece of the time of a meter, and what it holds.</summary>
internal readonly record struct Slot(Meter Meter, Instant Start, Instant End, BucketTotal Total);

/// <summary>What a row says.</summary>
internal sealed record RowNumbers(RowKey Key, Meter Meter, Instant Start, Number Number, double Coverage, double EstimatedFraction);

/// <summary>The rows of an answer, and what holds for all of them together.</summary>
internal sealed record AggregateNumbers(IReadOnlyList<RowNumbers> Rows, AggregatePlan Plan, IReadOnlyList<Meter> Meters, MeterTotals Overall);

/// <summary>Works out general questions.</summary>
internal sealed class AggregateAnswers(SeriesReader reader)
{
    public const int MaxRows = 100_000;

    /// <param name="meters">What the question is about, as <see cref="MeterSelection"/> found it.</param>
    public async Task<(AggregateNumbers? Numbers, IReadOnlyList<Fault> Faults)> AnswerAsync(
        AggregateQuestion question, IReadOnlyList<Meter> meters, CancellationToken cancellationToken)
    {
        var (plan, planFaults) = AggregatePlan.Of(question, meters);
        if (planFaults.Count > 0)
        {
            return (null, planFaults);
        }

        var rows = new RowBuilder(question, plan);
        foreach (var meter in meters)
        {
            await AddAsync(rows, meter, cancellationToken);
        }

        var numbers = rows.Build().Where(r => r.Coverage >= question.MinCoverage || plan.Combine is not null);
        numbers = question.Request.Order switch
        {
            "asc" => numbers.OrderBy(r => r.Number.Value is null).ThenBy(r => r.Number.Value),
            "desc" => numbers.OrderBy(r => r.Number.Value is null).ThenByDescending(r => r.Number.Value),
            _ => numbers.OrderBy(r => r.Key, Comparer<RowKey>.Create(RowKey.Compare)),
        };
        var list = numbers.Take(question.Request.Limit ?? (MaxRows + 1)).ToList();
        return list.Count > MaxRows
            ? (null, [new Fault("bucket", Fault.InvalidTimeRange,
                $"That would be more than {MaxRows} rows. Ask for a shorter range or longer buckets, or set a limit.")])
            : (new AggregateNumbers(list, plan, meters, rows.Overall), []);
    }

    private async Task AddAsync(RowBuilder rows, Meter meter, CancellationToken cancellationToken)
    {
        var zone = (rows.Plan.Combine ?? rows.Plan.Row) is { } bucket ? meter.ZoneOf(bucket) : meter.Zone;
        var edges = rows.Plan.Slot?.Edges(zone, meter.Range.Start, meter.Range.End) ?? [meter.Range.Start, meter.Range.End];
        var totals = await reader.ReadTotalsAsync(meter.Series, edges, cancellationToken);
        for (var i = 0; i < totals.Length; i++)
        {
            rows.Add(new Slot(meter, edges[i], edges[i + 1], totals[i]));
        }

        if (rows.NeedsObservations)
        {
            foreach (var observation in await reader.ReadObservationsAsync(
                meter.Series, meter.Range.Start, meter.Range.End, meter.Zone, cancellationToken))
            {
                rows.Add(meter, observation);
            }
        }
    }
}
