using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Turns the values of one series into totals of buckets.</summary>
public static class SeriesArithmetic
{
    /// <summary>
    /// How many values before the first and after the last edge the arithmetic looks at: the neighbours from which the
    /// nominal step around a pair is found. A changed value can change totals no farther than this many neighbours away.
    /// </summary>
    public const int Neighbours = 8;

    /// <summary>Totals of the buckets between consecutive edges, in time proportional to values plus buckets.</summary>
    /// <remarks>
    /// Registers: differences, interpolated at edges; across a gap the difference counts as covered but estimated; a decrease
    /// is a reset or roll-over (<see cref="RegisterDifference"/>). Intervals: sums; cut by an edge they are prorated and
    /// estimated; those longer than a week speak only for time that none before them, by start and then length, speaks for;
    /// those of unknown length count whole at their start, and cover the nominal step. Levels with a length are
    /// means: value times length. Instants of a level: trapezoid between neighbours, split at edges, nothing across a gap.
    /// </remarks>
    /// <param name="kind">How the values add up.</param>
    /// <param name="samples">
    /// The values of one series in order of start and length, at most one per start and length: all that lie within the edges or reach
    /// into them, and <see cref="Neighbours"/> more on either side where there are any.
    /// </param>
    /// <param name="edges">At least two ascending instants; bucket i is [edges[i], edges[i+1]).</param>
    /// <returns>One total per bucket, <see cref="BucketTotal.Empty"/> where there is nothing.</returns>
    /// <exception cref="ArgumentException">The samples or the edges are not in order.</exception>
    public static BucketTotal[] Totals(QuantityKind kind, IReadOnlyList<Sample> samples, IReadOnlyList<Instant> edges)
    {
        var ledger = new BucketLedger(edges);
        var gaps = new GapFinder(samples);
        for (var i = 0; i < samples.Count; i++)
        {
            if (i > 0 && samples[i].Start < samples[i - 1].Start)
            {
                throw new ArgumentException($"Sample {i} starts before the one in front of it.", nameof(samples));
            }

            ledger.AddValue(samples[i]);
            switch (kind)
            {
                case QuantityKind.Register:
                    AddDifference(ledger, samples, gaps, i);
                    break;
                case QuantityKind.Interval:
                    AddInterval(ledger, samples, i);
                    break;
                case QuantityKind.Level:
                    AddLevel(ledger, samples, gaps, i);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind.");
            }
        }

        return ledger.Totals();
    }

    private static void AddDifference(BucketLedger ledger, IReadOnlyList<Sample> samples, GapFinder gaps, int i)
    {
        if (i + 1 == samples.Count || !ledger.Touches(samples[i].Start, samples[i + 1].Start))
        {
            return;
        }

        var (from, to) = (samples[i], samples[i + 1]);
        var difference = RegisterDifference.Between(samples, i);
        var estimated = difference.Estimated
            || IsEstimated(from)
            || IsEstimated(to)
            || gaps.IsGap(i);
        ledger.AddEven(from.Start, to.Start, difference.Quantity, estimated);
        if (difference.Restarted)
        {
            ledger.AddReset(to.Start);
        }
    }

    private static void AddInterval(BucketLedger ledger, IReadOnlyList<Sample> samples, int i)
    {
        var sample = samples[i];
        if (sample.Length > Duration.Zero)
        {
            ledger.AddWhole(sample.Start, sample.End, sample.Value, IsEstimated(sample));
            return;
        }

        ledger.AddEven(sample.Start, sample.Start, sample.Value, IsEstimated(sample));
        var end = sample.Start + NominalStep.Around(samples, i);
        var next = i + 1 < samples.Count ? samples[i + 1].Start : Instant.MaxValue;
        ledger.AddCover(sample.Start, Instant.Min(end, next));
    }

    private static void AddLevel(BucketLedger ledger, IReadOnlyList<Sample> samples, GapFinder gaps, int i)
    {
        var sample = samples[i];
        if (sample.Length > Duration.Zero)
        {
            ledger.AddWhole(sample.Start, sample.End, sample.Value * sample.Length.TotalHours, IsEstimated(sample));
            return;
        }

        if (i + 1 == samples.Count || samples[i + 1].Length > Duration.Zero || !ledger.Touches(sample.Start, samples[i + 1].Start))
        {
            return;
        }

        var next = samples[i + 1];
        if (!gaps.IsGap(i))
        {
            ledger.AddTrapezoid(sample, next, IsEstimated(sample) || IsEstimated(next));
        }
    }

    private static bool IsEstimated(Sample sample) => (sample.Flags & ReadingFlags.Estimated) != 0;
}
