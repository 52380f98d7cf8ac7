using Ems.Core.Metering;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class SeriesArithmeticProperties
{
    private static readonly Instant Origin = Instant.FromUtc(2024, 3, 1, 0, 0);

    /// <summary>Any values of a series, and edges of which the first and last may lie within them.</summary>
    public sealed record Series(QuantityKind Kind, Sample[] Samples, Instant[] Edges);

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool Sums_over_any_partition_equal_the_total(Series series)
    {
        var parts = SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges);
        var whole = SeriesArithmetic.Totals(series.Kind, series.Samples, [series.Edges[0], series.Edges[^1]])[0];

        return AreEqual(parts.Aggregate(BucketTotal.Empty, (sum, part) => sum.Merge(part)), whole)
            && AreEqual(Enumerable.Reverse(parts).Aggregate((sum, part) => part.Merge(sum)), whole);
    }

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool A_bucket_needs_only_its_own_values_and_the_neighbours(Series series)
    {
        var whole = SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges);

        return Enumerable.Range(0, whole.Length).All(i =>
        {
            var (from, to) = (series.Edges[i], series.Edges[i + 1]);
            var first = Array.FindIndex(series.Samples, sample => sample.End > from || sample.Start >= from);
            var last = Array.FindLastIndex(series.Samples, sample => sample.Start < to);
            first = Math.Max(0, (first < 0 ? series.Samples.Length : first) - SeriesArithmetic.Neighbours);
            last = Math.Min(series.Samples.Length - 1, last + SeriesArithmetic.Neighbours);
            return AreEqual(SeriesArithmetic.Totals(series.Kind, series.Samples[first..(last + 1)], [from, to])[0], whole[i]);
        });
    }

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool A_corrected_value_changes_nothing_beyond_its_neighbours(Series series, NonNegativeInt which, int difference)
    {
        var index = which.Get % series.Samples.Length;
        var corrected = series.Samples.ToArray();
        corrected[index] = corrected[index] with { Value = corrected[index].Value + difference };
        var touchedFrom = series.Samples[Math.Max(0, index - SeriesArithmetic.Neighbours)].Start;
        var touchedTo = series.Samples.Skip(index).Take(SeriesArithmetic.Neighbours + 1).Max(sample => sample.End);

        var before = SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges);
        var after = SeriesArithmetic.Totals(series.Kind, corrected, series.Edges);

        return Enumerable.Range(0, before.Length)
            .Where(i => series.Edges[i + 1] <= touchedFrom || series.Edges[i] > touchedTo)
            .All(i => AreEqual(before[i], after[i]));
    }

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool Whatever_the_order_batches_and_duplicates_the_totals_are_those_of_the_sorted_whole(Series series, int seed)
    {
        var random = new System.Random(seed);
        var arrivals = series.Samples
            .Concat(series.Samples.Where(_ => random.Next(3) == 0))
            .OrderBy(_ => random.Next())
            .Chunk(1 + random.Next(7));

        var stored = new SortedDictionary<(Instant, Duration), Sample>();
        foreach (var sample in arrivals.SelectMany(batch => batch))
        {
            stored[(sample.Start, sample.Length)] = sample;
        }

        return SeriesArithmetic.Totals(series.Kind, [.. stored.Values], series.Edges)
            .SequenceEqual(SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges));
    }

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool Registers_are_never_negative(Series series) =>
        SeriesArithmetic.Totals(QuantityKind.Register, series.Samples, series.Edges)
            .All(total => total.Quantity >= 0 && total.EstimatedOrProrated <= total.AbsoluteQuantity && total.Quantity == total.AbsoluteQuantity);

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool A_register_that_only_grows_counts_the_difference_of_its_ends_whatever_the_gaps(Series series)
    {
        var reading = 0d;
        var samples = series.Samples.Select(sample => sample with { Value = reading += Math.Abs(sample.Value) }).ToArray();

        var total = SeriesArithmetic.Totals(QuantityKind.Register, samples, [samples[0].Start, samples[^1].Start + Duration.FromTicks(1)])[0];

        return IsClose(total.Quantity, samples[^1].Value - samples[0].Value) && total.Resets == 0;
    }

    [Property(Arbitrary = [typeof(SeriesArbitrary)])]
    public bool No_more_than_the_bucket_is_covered(Series series) =>
        SeriesArithmetic.Totals(series.Kind, series.Samples, series.Edges)
            .Zip(series.Edges.Zip(series.Edges.Skip(1)))
            .All(pair => pair.First.Covered >= Duration.Zero && pair.First.Covered <= pair.Second.Second - pair.Second.First);

    private static bool AreEqual(BucketTotal a, BucketTotal b) =>
        IsClose(a.Quantity, b.Quantity)
        && IsClose(a.AbsoluteQuantity, b.AbsoluteQuantity)
        && IsClose(a.EstimatedQuantity, b.EstimatedQuantity)
        && a.Cuts.Select(cut => (cut.Start, cut.End, cut.Within)).Order().SequenceEqual(b.Cuts.Select(cut => (cut.Start, cut.End, cut.Within)).Order())
        && IsClose(a.Cuts.Quantity, b.Cuts.Quantity)
        && IsClose(a.Sum, b.Sum)
        && (a.Count, a.Min, a.Max, a.First, a.Last) == (b.Count, b.Min, b.Max, b.First, b.Last)
        && (a.MinAt, a.MaxAt, a.FirstAt, a.LastAt) == (b.MinAt, b.MaxAt, b.FirstAt, b.LastAt)
        && (a.Covered, a.Resets) == (b.Covered, b.Resets);

    private static bool IsClose(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a) + Math.Abs(b));

    internal static class SeriesArbitrary
    {
        private const int Varied = -1;
        private const int Bills = -2;

        public static Arbitrary<Series> Series()
        {
            var step = Gen.Frequency(
                (8, Gen.Constant(15)), (3, Gen.Choose(1, 59)), (1, Gen.Choose(60, 2000)));
            var value = Gen.Frequency(
                (6, Gen.Choose(-50, 1000)), (2, Gen.Choose(99_900, 99_999)), (1, Gen.Constant(0)));
            var samples =
                from count in Gen.Choose(1, 60)
                from steps in step.ListOf(count)
                from values in value.ListOf(steps.Count)
                from flagged in Gen.Choose(0, 9).ListOf(steps.Count)
                from length in Gen.Elements(0, 0, 15, 60, 1000, Varied, Bills)
                select Build([.. steps], [.. values], [.. flagged], length);
            var series =
                from kind in Gen.Elements(QuantityKind.Register, QuantityKind.Interval, QuantityKind.Level)
                from values in samples
                from cuts in Gen.Frequency((3, Gen.Choose(-60, 3000)), (1, Gen.Choose(3000, 40_000))).ListOf(12)
                select new Series(kind, values, Edges(cuts));
            return series.ToArbitrary();
        }

        private static Sample[] Build(int[] steps, int[] values, int[] flagged, int length)
        {
            var minute = 0;
            return [.. steps.Select((step, i) => new Sample(
                Origin + Duration.FromMinutes(minute += step),
                Duration.FromMinutes(length switch
                {
                    Varied => 40 + (10 * flagged[i]),
                    Bills => (8 + flagged[i]) * 24 * 60,
                    _ => length,
                }),
                values[i],
                flagged[i] == 0 ? ReadingFlags.Estimated : ReadingFlags.None))];
        }

        private static Instant[] Edges(IEnumerable<int> minutes) =>
            [.. minutes.Append(3001).Distinct().Order().Select(minute => Origin + Duration.FromMinutes(minute))];
    }
}
