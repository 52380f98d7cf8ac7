using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>
/// Makes totals of buckets from roll-ups where there are any and from values elsewhere. The store goes through the days in order:
/// it adds the values of <see cref="Until"/> the day, then the day, and in the end what is left.
/// </summary>
/// <param name="longest">The time whose values may be in memory together.</param>
internal sealed class TotalsBuilder(QuantityKind kind, IReadOnlyList<Instant> edges, Duration longest)
{
    private int _bucket;
    private Instant _at = edges[0];

    public BucketTotal[] Totals { get; } = Empty(edges);

    public static BucketTotal[] Empty(IReadOnlyList<Instant> edges)
    {
        var totals = new BucketTotal[edges.Count - 1];
        Array.Fill(totals, BucketTotal.Empty);
        return totals;
    }

    /// <summary>The time that holds about as many values as should be in memory together.</summary>
    public static Duration LongestRead(long values, Duration extent)
    {
        const double mostValuesAtOnce = 100_000;
        return values <= mostValuesAtOnce ? Duration.MaxValue : extent * (mostValuesAtOnce / values);
    }

    /// <summary>Whether all edges within the day are edges of its buckets.</summary>
    public bool IsUsable(IRollUpDay day)
    {
        var end = EndOf(day);
        for (var i = FirstEdgeAfter(day.Start); i < edges.Count && edges[i] < end; i++)
        {
            if (!IsEdge(edges[i], day))
            {
                return false;
            }
        }

        return edges[0] <= day.Start || IsEdge(edges[0], day);
    }

    /// <summary>Whether the day lies within one bucket, so that its total is enough.</summary>
    public bool IsWhole(IRollUpDay day)
    {
        var next = FirstEdgeAfter(day.Start);
        return edges[0] <= day.Start && next < edges.Count && edges[next] >= EndOf(day);
    }

    /// <summary>The ranges, each as consecutive edges, whose values are to be added before going on at <paramref name="to"/>.</summary>
    public IEnumerable<IReadOnlyList<Instant>> Until(Instant to)
    {
        while (_at < to)
        {
            MoveTo(_at);
            var range = new List<Instant> { _at };
            for (var i = _bucket + 1; range[^1] < to && (range.Count == 1 || edges[i] - _at <= longest); i++)
            {
                range.Add(Instant.Min(edges[i], to));
            }

            _at = range[^1];
            yield return range;
        }
    }

    /// <param name="samples">The values of the range, and <see cref="RollUpArithmetic.Reach"/> more on either side.</param>
    public void Add(IReadOnlyList<Instant> range, IReadOnlyList<Sample> samples)
    {
        var totals = SeriesArithmetic.Totals(kind, samples, range);
        for (var i = 0; i < totals.Length; i++)
        {
            MoveTo(range[i]);
            Totals[_bucket] = Totals[_bucket].Merge(totals[i]);
        }
    }

    public void Add(IRollUpDay day)
    {
        MoveTo(Instant.Max(day.Start, edges[0]));
        if (IsWhole(day))
        {
            Totals[_bucket] = Totals[_bucket].Merge(day.Total());
        }
        else
        {
            foreach (var (start, total) in day.Buckets().Where(bucket => bucket.Start >= edges[0] && bucket.Start < edges[^1]))
            {
                MoveTo(start);
                Totals[_bucket] = Totals[_bucket].Merge(total);
            }
        }

        _at = Instant.Min(EndOf(day), edges[^1]);
    }

    private static Instant EndOf(IRollUpDay day) => day.Start + Duration.FromDays(1);

    private static bool IsEdge(Instant edge, IRollUpDay day) =>
        (edge - day.Start).BclCompatibleTicks % day.Bucket.BclCompatibleTicks == 0;

    /// <summary>Goes on to the bucket that holds the instant.</summary>
    private void MoveTo(Instant at)
    {
        while (edges[_bucket + 1] <= at)
        {
            _bucket++;
        }
    }

    private int FirstEdgeAfter(Instant at)
    {
        var (low, high) = (_bucket, edges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = edges[middle] > at ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
