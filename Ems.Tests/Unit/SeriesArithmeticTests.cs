using Ems.Core.Metering;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class SeriesArithmeticTests
{
    private static readonly Instant Midnight = Instant.FromUtc(2024, 3, 4, 0, 0);

    [Fact]
    public void A_level_is_integrated_over_the_true_steps_and_split_at_edges()
    {
        Sample[] samples = [At(0, 10), At(30, 20), At(60, 10), At(90, 10)];

        var totals = SeriesArithmetic.Totals(QuantityKind.Level, samples, Edges(0, 45, 90));

        Assert.Equal([7.5 + 4.375, 3.125 - 0.0 + 5], totals.Select(t => t.Quantity));
        Assert.Equal([45, 45], totals.Select(t => t.Covered.TotalMinutes));
    }

    [Fact]
    public void Nothing_is_counted_across_a_gap_of_a_level()
    {
        Sample[] samples = [At(0, 60), At(1, 60), At(2, 60), At(30, 60), At(31, 60)];

        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Level, samples, Edges(0, 60)));

        Assert.Equal(3, total.Quantity, 12);
        Assert.Equal(3, total.Covered.TotalMinutes);
    }

    [Fact]
    public void A_register_keeps_the_energy_of_a_gap_and_calls_its_distribution_estimated()
    {
        Sample[] samples = [At(0, 100), At(15, 101), At(30, 102), At(270, 118), At(285, 119)];

        var totals = SeriesArithmetic.Totals(QuantityKind.Register, samples, Edges(0, 60, 285));

        Assert.Equal([4, 15], totals.Select(t => t.Quantity));
        Assert.Equal([2, 14], totals.Select(t => t.EstimatedQuantity));
    }

    [Theory]
    [InlineData(500, 510, 10, false)]
    [InlineData(5000, 20, 20, true)]
    [InlineData(99_990, 5, 15, true)]
    [InlineData(999_999, 1, 2, true)]
    [InlineData(12, 0, 0, true)]
    public void A_register_that_decreases_was_reset_or_rolled_over(double before, double after, double quantity, bool reset)
    {
        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Register, [At(0, before), At(15, after)], Edges(0, 60)));

        Assert.Equal((quantity, reset), (total.Quantity, total.Resets == 1));
    }

    [Fact]
    public void An_interval_cut_by_an_edge_is_prorated_and_that_part_is_estimated()
    {
        Sample[] samples = [new(Midnight, Duration.FromHours(1), 8), new(Midnight + Duration.FromHours(1), Duration.FromHours(1), 4)];

        var totals = SeriesArithmetic.Totals(QuantityKind.Interval, samples, Edges(0, 90, 120));

        Assert.Equal([10, 2], totals.Select(t => t.Quantity));
        Assert.Equal([2, 2], totals.Select(t => t.EstimatedOrProrated));
        Assert.Equal(0, totals[0].Merge(totals[1]).EstimatedOrProrated);
    }

    [Fact]
    public void An_interval_of_unknown_length_counts_whole_at_its_start_and_covers_the_usual_step()
    {
        Sample[] samples = [At(0, 5), At(60, 6), At(120, 7)];

        var totals = SeriesArithmetic.Totals(QuantityKind.Interval, samples, Edges(0, 60, 120, 180));

        Assert.Equal([5, 6, 7], totals.Select(t => t.Quantity));
        Assert.Equal([60, 60, 60], totals.Select(t => t.Covered.TotalMinutes));
    }

    /// <summary>A bill after 28 days, and the one of 32 days that takes its place: its last four days are an eighth of it.</summary>
    [Theory]
    [InlineData("0 40", "320")]
    [InlineData("0 14 28 40", "140 140 40")]
    [InlineData("0 30 31 40", "300 10 10")]
    [InlineData("28 40", "40")]
    [InlineData("30 40", "20")]
    public void A_bill_speaks_only_for_the_days_that_none_before_it_speaks_for(string days, string expected)
    {
        Sample[] samples = [new(Midnight, Duration.FromDays(28), 280), new(Midnight, Duration.FromDays(32), 320), new(Midnight + Duration.FromDays(3), Duration.FromDays(27), 999)];
        var edges = days.Split(' ').Select(day => 24 * 60 * int.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        var totals = SeriesArithmetic.Totals(QuantityKind.Interval, samples, Edges(edges));

        Assert.Equal(expected, string.Join(' ', totals.Select(total => Math.Round(total.Quantity, 9))));
        Assert.Equal(Math.Min(40, totals.Sum(total => total.Quantity)), totals.Aggregate((sum, total) => sum.Merge(total)).EstimatedOrProrated, 9);
        Assert.Equal(32 - (edges[0] / (24 * 60)), totals.Sum(total => total.Covered.TotalDays));
    }

    [Fact]
    public void A_bucket_without_anything_is_empty_and_not_zero()
    {
        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Interval, [], Edges(0, 60)));

        Assert.Same(BucketTotal.Empty, total);
    }

    [Property]
    public Property Sums_over_any_partition_equal_the_total(NonEmptyArray<PositiveInt> steps, int[] cuts, QuantityKind kind, bool means)
    {
        var minute = 0;
        var samples = steps.Get
            .Select((step, i) => new Sample(
                Midnight + Duration.FromMinutes(minute += step.Get), means ? Duration.FromMinutes(1) : Duration.Zero, (i * 37 % 101) + step.Get))
            .ToArray();
        var inner = cuts.Select(cut => Math.Abs((long)cut) % (minute + 1) + 1).Distinct().Where(cut => cut <= minute + 1).Order();
        var partition = inner.Prepend(0).Append(minute + 2).Select(m => Midnight + Duration.FromMinutes(m)).ToArray();

        var parts = SeriesArithmetic.Totals(kind, samples, partition);
        var whole = SeriesArithmetic.Totals(kind, samples, [partition[0], partition[^1]])[0];

        var merged = parts.Aggregate(BucketTotal.Empty, (sum, part) => sum.Merge(part));
        return (Math.Abs(merged.Quantity - whole.Quantity) <= 1e-9 * Math.Max(1, whole.AbsoluteQuantity)
            && merged.Count == whole.Count && merged.Min == whole.Min && merged.Max == whole.Max && merged.Resets == whole.Resets
            && merged.First == whole.First && merged.Last == whole.Last && merged.Covered == whole.Covered).ToProperty();
    }

    [Property]
    public bool A_register_is_never_negative(double[] values)
    {
        var samples = values.Where(double.IsFinite).Select((value, i) => At(i * 15, Math.Abs(value))).ToArray();

        return SeriesArithmetic.Totals(QuantityKind.Register, samples, Edges(0, 7, 30, 100_000)).All(t => t.Quantity >= 0);
    }

    private static Sample At(int minute, double value) => new(Midnight + Duration.FromMinutes(minute), Duration.Zero, value);

    private static Instant[] Edges(params int[] minutes) => minutes.Select(m => Midnight + Duration.FromMinutes(m)).ToArray();
}
