using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Turns the values of one series into totals of buckets. A pure function of the sorted set of values.</summary>
public static class SeriesArithmetic
{
    /// <summary>
    /// How many values before the first and after the last edge the arithmetic looks at: the neighbours from which the
    /// nominal step around a pair is found. A changed value can change totals no farther than this many neighbours away.
    /// </summary>
    public const int Neighbours = 8;

    /// <summary>Totals of the buckets between consecutive edges.</summary>
    /// <param name="kind">How the values add up.</param>
    /// <param name="samples">
    /// The values of one series in order of start, at most one per start and length: all that lie within the edges or reach
    /// into them, and <see cref="Neighbours"/> more on either side where there are any.
    /// </param>
    /// <param name="edges">At least two ascending instants; bucket i is [edges[i], edges[i+1]).</param>
    /// <returns>One total per bucket, <see cref="BucketTotal.Empty"/> where there is nothing.</returns>
    /// <exception cref="ArgumentException">There are fewer than two edges.</exception>
    public static BucketTotal[] Totals(QuantityKind kind, IReadOnlyList<Sample> samples, IReadOnlyList<Instant> edges)
    {
        if (edges.Count < 2)
        {
            throw new ArgumentException("Totals need at least two edges.", nameof(edges));
        }

        var buckets = new BucketSums(edges);
        for (var i = 0; i < samples.Count; i++)
        {
            buckets.AddValue(samples[i]);
            switch (kind)
            {
                case QuantityKind.Register when i > 0:
                    AddDifference(buckets, samples, i);
                    break;
                case QuantityKind.Interval:
                    AddInterval(buckets, samples, i);
                    break;
                case QuantityKind.Level when samples[i].Length > Duration.Zero:
                    AddMean(buckets, samples[i]);
                    break;
                case QuantityKind.Level when i > 0:
                    AddTrapezoid(buckets, samples, i);
                    break;
            }
        }

        return buckets.ToTotals();
    }

    /// <summary>
    /// The quantity a register counted from one value to the next. A decrease is a roll-over when the counter was in the
    /// last hundredth of its range (a power of ten) and now stands in the first, else a reset to zero.
    /// </summary>
    public static (double Quantity, bool WasReset) RegisterDifference(double before, double after)
    {
        if (after >= before)
        {
            return (after - before, false);
        }

        var capacity = Math.Pow(10, Math.Max(4, Math.Ceiling(Math.Log10(Math.Max(before, 1)))));
        var rolledOver = before >= 0.99 * capacity && after >= 0 && after < 0.01 * capacity;
        return (rolledOver ? capacity - before + after : Math.Max(after, 0), true);
    }

    private static void AddDifference(BucketSums buckets, IReadOnlyList<Sample> samples, int i)
    {
        var (before, after) = (samples[i - 1], samples[i]);
        var (quantity, wasReset) = RegisterDifference(before.Value, after.Value);
        var estimated = IsEstimated(before) || IsEstimated(after) || after.Start - before.Start > GapLimit(samples, i - 1);
        buckets.Spread(before.Start, after.Start, quantity, estimated);
        if (wasReset)
        {
            buckets.AddReset(after.Start);
        }
    }

    private static void AddInterval(BucketSums buckets, IReadOnlyList<Sample> samples, int i)
    {
        var sample = samples[i];
        if (sample.Length > Duration.Zero)
        {
            buckets.Spread(sample.Start, sample.End, sample.Value, IsEstimated(sample), prorates: true);
            return;
        }

        // Length unknown: the whole belongs to its start, and speaks for the step usual around it.
        buckets.AddWhole(sample.Start, sample.Value, IsEstimated(sample));
        if (samples.Count > 1)
        {
            var pair = Math.Min(i, samples.Count - 2);
            var step = NominalStep(samples, pair);
            var next = i + 1 < samples.Count ? samples[i + 1].Start - sample.Start : step;
            buckets.Cover(sample.Start, sample.Start + Duration.Min(step, next));
        }
    }

    private static void AddMean(BucketSums buckets, Sample sample) =>
        buckets.Spread(sample.Start, sample.End, sample.Value * sample.Length.TotalHours, IsEstimated(sample), prorates: true);

    private static void AddTrapezoid(BucketSums buckets, IReadOnlyList<Sample> samples, int i)
    {
        var (before, after) = (samples[i - 1], samples[i]);
        if (before.Length == Duration.Zero && after.Start - before.Start <= GapLimit(samples, i - 1))
        {
            buckets.Integrate(before, after, IsEstimated(before) || IsEstimated(after));
        }
    }

    private static bool IsEstimated(Sample sample) => sample.Flags.HasFlag(ReadingFlags.Estimated);

    /// <summary>The longest step between two values that is not a gap: 3 nominal steps, at most 2 h, at least 1.5 steps.</summary>
    private static Duration GapLimit(IReadOnlyList<Sample> samples, int pair)
    {
        var step = NominalStep(samples, pair);
        return Duration.Max(Duration.Min(step * 3, Duration.FromHours(2)), step * 1.5);
    }

    /// <summary>
    /// Median of the steps between the neighbours before and after the pair (pair, pair + 1), without the pair's own step
    /// unless it is the only one.
    /// </summary>
    private static Duration NominalStep(IReadOnlyList<Sample> samples, int pair)
    {
        Span<long> steps = stackalloc long[2 * Neighbours];
        var count = 0;
        var first = Math.Max(0, pair - Neighbours + 1);
        var last = Math.Min(samples.Count - 2, pair + Neighbours - 1);
        for (var i = first; i <= last; i++)
        {
            if (i != pair)
            {
                steps[count++] = (samples[i + 1].Start - samples[i].Start).ToInt64Nanoseconds();
            }
        }

        if (count == 0)
        {
            return samples[pair + 1].Start - samples[pair].Start;
        }

        steps = steps[..count];
        steps.Sort();
        return Duration.FromNanoseconds(steps[(count - 1) / 2]);
    }
}
