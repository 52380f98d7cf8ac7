using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>Which days are worth a roll-up, and what is in it.</summary>
internal static class RollUpArithmetic
{
    /// <summary>How many values before and after a changed one can have days whose roll-ups it makes wrong.</summary>
    /// <remarks>One more pair on either side than the arithmetic looks at, and the one between.</remarks>
    public const int Reach = SeriesArithmetic.Neighbours + 2;

    private const int FewestValues = 97;

    private static readonly Duration RollUpBelow = Duration.FromMinutes(15);

    // What fits into one fits into the next as well.
    private static readonly int[] BucketMinutes = [15, 30, 60];

    /// <summary>Whether a day of it can hold more than 96 values.</summary>
    public static bool RollsUp(this SeriesKey series) => series.Length < RollUpBelow;

    /// <summary>The totals of the shortest buckets that fit; null when the day's values are as cheap to read.</summary>
    /// <param name="samples">The values of the day, and <see cref="Reach"/> more on either side.</param>
    public static (Duration Bucket, BucketTotal[] Totals)? Make(QuantityKind kind, IReadOnlyList<Sample> samples, Instant day)
    {
        var end = day + Duration.FromDays(1);
        var (count, bucket) = (0, 0);
        foreach (var sample in samples)
        {
            if (sample.Start >= end || (sample.Start < day && sample.End <= day))
            {
                continue;
            }

            count++;
            while (bucket < BucketMinutes.Length && !FitsBuckets(sample, BucketMinutes[bucket]))
            {
                bucket++;
            }
        }

        if (count < FewestValues || bucket == BucketMinutes.Length)
        {
            return null;
        }

        var minutes = BucketMinutes[bucket];
        var edges = Enumerable.Range(0, (24 * 60 / minutes) + 1).Select(i => day + Duration.FromMinutes(i * minutes)).ToList();
        return (Duration.FromMinutes(minutes), SeriesArithmetic.Totals(kind, samples, edges));
    }

    /// <summary>Roll-ups keep no parts of intervals.</summary>
    private static bool FitsBuckets(Sample sample, int minutes)
    {
        var bucketMs = minutes * 60_000L;
        return sample.Length == Duration.Zero
            || Bucket(sample.Start.ToUnixTimeMilliseconds()) == Bucket(sample.End.ToUnixTimeMilliseconds() - 1);

        long Bucket(long ms) => (long)Math.Floor((double)ms / bucketMs);
    }
}
