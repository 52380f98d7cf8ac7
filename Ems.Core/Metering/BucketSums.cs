using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Sums under construction, one per bucket.</summary>
internal sealed class BucketSums(IReadOnlyList<Instant> edges)
{
    private readonly BucketTotal[] _points = Enumerable.Repeat(BucketTotal.Empty, edges.Count - 1).ToArray();
    private readonly double[] _quantity = new double[edges.Count - 1];
    private readonly double[] _absolute = new double[edges.Count - 1];
    private readonly double[] _estimated = new double[edges.Count - 1];
    private readonly Duration[] _covered = new Duration[edges.Count - 1];
    private readonly int[] _resets = new int[edges.Count - 1];

    public void AddValue(Sample sample)
    {
        if (Find(sample.Start) is not { } bucket)
        {
            return;
        }

        _points[bucket] = _points[bucket].Merge(new BucketTotal
        {
            Count = 1,
            Sum = sample.Value,
            Min = sample.Value,
            MinAt = sample.Start,
            Max = sample.Value,
            MaxAt = sample.Start,
            First = sample.Value,
            FirstAt = sample.Start,
            Last = sample.Value,
            LastAt = sample.Start,
        });
    }

    public void AddReset(Instant at)
    {
        if (Find(at) is { } bucket)
        {
            _resets[bucket]++;
        }
    }

    public void AddWhole(Instant at, double quantity, bool estimated)
    {
        if (Find(at) is { } bucket)
        {
            Add(bucket, quantity, estimated);
        }
    }

    /// <summary>Spreads a quantity evenly over [from, to).</summary>
    /// <param name="prorates">Whether a part, as opposed to the whole, counts as estimated.</param>
    public void Spread(Instant from, Instant to, double quantity, bool estimated, bool prorates = false)
    {
        var length = (to - from).TotalNanoseconds;
        foreach (var (bucket, start, end) in Parts(from, to))
        {
            var whole = start == from && end == to;
            Add(bucket, whole ? quantity : quantity * ((end - start).TotalNanoseconds / length), estimated || (prorates && !whole));
            _covered[bucket] += end - start;
        }
    }

    /// <summary>Integrates the straight line between two momentary values over hours.</summary>
    public void Integrate(Sample before, Sample after, bool estimated)
    {
        var length = (after.Start - before.Start).TotalNanoseconds;
        double At(Instant instant) =>
            before.Value + (after.Value - before.Value) * ((instant - before.Start).TotalNanoseconds / length);
        foreach (var (bucket, start, end) in Parts(before.Start, after.Start))
        {
            Add(bucket, (At(start) + At(end)) / 2 * (end - start).TotalHours, estimated);
            _covered[bucket] += end - start;
        }
    }

    public void Cover(Instant from, Instant to)
    {
        foreach (var (bucket, start, end) in Parts(from, to))
        {
            _covered[bucket] += end - start;
        }
    }

    public BucketTotal[] ToTotals()
    {
        for (var i = 0; i < _points.Length; i++)
        {
            if (_points[i].Count > 0 || _covered[i] > Duration.Zero)
            {
                _points[i] = _points[i] with
                {
                    Quantity = _quantity[i],
                    AbsoluteQuantity = _absolute[i],
                    EstimatedQuantity = _estimated[i],
                    Covered = Duration.Min(_covered[i], edges[i + 1] - edges[i]),
                    Resets = _resets[i],
                };
            }
        }

        return _points;
    }

    private void Add(int bucket, double quantity, bool estimated)
    {
        _quantity[bucket] += quantity;
        _absolute[bucket] += Math.Abs(quantity);
        _estimated[bucket] += estimated ? Math.Abs(quantity) : 0;
    }

    private IEnumerable<(int Bucket, Instant Start, Instant End)> Parts(Instant from, Instant to)
    {
        var start = Instant.Max(from, edges[0]);
        var limit = Instant.Min(to, edges[^1]);
        if (start >= limit)
        {
            yield break;
        }

        for (var bucket = Find(start)!.Value; start < limit; bucket++)
        {
            var end = Instant.Min(limit, edges[bucket + 1]);
            yield return (bucket, start, end);
            start = end;
        }
    }

    private int? Find(Instant at)
    {
        if (at < edges[0] || at >= edges[^1])
        {
            return null;
        }

        var (low, high) = (0, edges.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = edges[middle] <= at ? (middle, high) : (low, middle);
        }

        return low;
    }
}
