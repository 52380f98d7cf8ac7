using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class SeriesArithmeticStepTests
{
    private static readonly Instant Midnight = Instant.FromUtc(2024, 3, 1, 0, 0);

    /// <summary>Values are "minute:value", edges are minutes, expected quantities are one per bucket.</summary>
    [Theory]
    [InlineData("a steady register", "0:100 60:110 120:125", "0 60 120", "10 15", "0 0", 0)]
    [InlineData("interpolated at an edge", "0:100 60:110", "0 15 60", "2.5 7.5", "0 0", 0)]
    [InlineData("a reset counts from zero", "0:1000 60:1010 120:3 180:13", "0 60 120 180", "10 3 10", "0 3 0", 1)]
    [InlineData("a roll-over counts on", "0:99970 60:99985 120:5 180:20", "0 60 120 180", "15 20 15", "0 0 0", 1)]
    [InlineData("a reset near the top that does not fit the rate", "0:95000 60:95015 120:3 180:18", "0 60 120 180", "15 3 15", "0 3 0", 1)]
    [InlineData("a small step back counts nothing", "0:1000 60:1010 120:1009 180:1019", "0 60 120 180", "10 0 10", "0 0 0", 1)]
    [InlineData("a gap is spread and estimated", "0:0 15:1 30:2 45:3 60:4 300:20 315:21 330:22", "0 60 180 300 360", "4 8 8 2", "0 8 8 0", 0)]
    [InlineData("pairs around the edges reach in", "-30:10 30:16 90:22", "0 60", "6", "0", 0)]
    [InlineData("a single value has no difference", "10:5", "0 60", "0", "0", 0)]
    public void Registers_count_differences(string because, string values, string edges, string quantities, string estimated, int resets)
    {
        var totals = SeriesArithmetic.Totals(QuantityKind.Register, Instants(values), Edges(edges));

        AssertEach(because, quantities, totals, total => total.Quantity);
        AssertEach(because, estimated, totals, total => total.EstimatedQuantity);
        Assert.Equal(resets, totals.Sum(total => total.Resets));
    }

    [Theory]
    [InlineData("two points", "0:10 60:20", "0 60", "15", "60")]
    [InlineData("split at edges", "0:0 60:60", "0 30 60", "7.5 22.5", "30 30")]
    [InlineData("uneven steps", "0:6 10:6 30:12", "0 30", "4", "30")]
    [InlineData("nothing across a gap", "0:6 15:6 30:6 45:6 180:6 195:6", "0 60 180 240", "4.5 0 1.5", "45 0 15")]
    [InlineData("two lost values are no gap", "0:6 15:6 60:6 75:6", "0 75", "7.5", "75")]
    [InlineData("five hours are a gap for two-hourly values", "0:1 120:1 240:1 540:1 660:1", "0 660", "6", "360")]
    [InlineData("a value alone covers nothing", "30:6", "0 60", "0", "0")]
    public void Instants_of_a_level_are_joined_by_trapezoids(string because, string values, string edges, string quantities, string minutes)
    {
        var totals = SeriesArithmetic.Totals(QuantityKind.Level, Instants(values), Edges(edges));

        AssertEach(because, quantities, totals, total => total.Quantity);
        AssertEach(because, minutes, totals, total => total.Covered.TotalMinutes);
    }

    [Theory]
    [InlineData(QuantityKind.Interval, "0:2 30:3 90:4", "0 60 120", "5 4", "0 0", "60 30")]
    [InlineData(QuantityKind.Interval, "0:2 30:3", "0 45 60", "3.5 1.5", "1.5 1.5", "45 15")]
    [InlineData(QuantityKind.Interval, "0:2 30:-3", "15 60", "-2", "1", "45")]
    [InlineData(QuantityKind.Level, "0:2 30:3 90:4", "0 60 120", "2.5 2", "0 0", "60 30")]
    public void Half_hours_add_and_are_prorated_when_cut(
        QuantityKind kind, string values, string edges, string quantities, string estimated, string minutes)
    {
        var halfHours = Instants(values).Select(sample => sample with { Length = Duration.FromMinutes(30) }).ToList();

        var totals = SeriesArithmetic.Totals(kind, halfHours, Edges(edges));

        AssertEach("quantity", quantities, totals, total => total.Quantity);
        AssertEach("estimated", estimated, totals, total => total.EstimatedOrProrated);
        AssertEach("covered", minutes, totals, total => total.Covered.TotalMinutes);
    }

    [Theory]
    [InlineData("0:2 30:3 60:4", "0 30 60 90", "2 3 4", "30 30 30")]
    [InlineData("0:2 30:3 120:4", "0 60 120 180", "5 0 4", "60 0 30")]
    [InlineData("10:2", "0 60", "2", "0")]
    public void Intervals_of_unknown_length_count_whole_at_their_start(string values, string edges, string quantities, string minutes)
    {
        var totals = SeriesArithmetic.Totals(QuantityKind.Interval, Instants(values), Edges(edges));

        AssertEach("quantity", quantities, totals, total => total.Quantity);
        AssertEach("covered", minutes, totals, total => total.Covered.TotalMinutes);
    }

    [Fact]
    public void Overlapping_intervals_cover_their_time_once()
    {
        Sample[] samples =
        [
            new(Midnight, Duration.FromMinutes(60), 4),
            new(Midnight + Duration.FromMinutes(30), Duration.FromMinutes(60), 4),
        ];

        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Interval, samples, Edges("0 120")));

        Assert.Equal(8, total.Quantity);
        Assert.Equal(Duration.FromMinutes(90), total.Covered);
    }

    [Fact]
    public void A_bucket_knows_its_first_last_least_and_greatest_value()
    {
        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Level, Instants("-5:99 0:3 5:1 10:7 15:4 20:99"), Edges("0 20")));

        Assert.Equal((4, 15d, 3d, 4d), (total.Count, total.Sum, total.First, total.Last));
        Assert.Equal((1d, 7d), (total.Min, total.Max));
        Assert.Equal(Midnight + Duration.FromMinutes(5), total.MinAt);
        Assert.Equal(Midnight + Duration.FromMinutes(10), total.MaxAt);
        Assert.Equal((Midnight, Midnight + Duration.FromMinutes(15)), (total.FirstAt, total.LastAt));
    }

    [Fact]
    public void Flagged_values_are_an_estimated_part()
    {
        Sample[] samples =
        [
            new(Midnight, Duration.FromMinutes(30), 6),
            new(Midnight + Duration.FromMinutes(30), Duration.FromMinutes(30), -2, ReadingFlags.Estimated),
        ];

        var total = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Interval, samples, Edges("0 60")));

        Assert.Equal(4, total.Quantity);
        Assert.Equal(0.25, total.EstimatedFraction);
    }

    [Fact]
    public void A_level_that_crosses_zero_has_the_area_of_both_sides_as_its_absolute_quantity()
    {
        var samples = Instants("0:-6 60:6");

        var whole = Assert.Single(SeriesArithmetic.Totals(QuantityKind.Level, samples, Edges("0 60")));
        var halves = SeriesArithmetic.Totals(QuantityKind.Level, samples, Edges("0 30 60"));

        Assert.Equal((0d, 3d), (whole.Quantity, whole.AbsoluteQuantity));
        Assert.Equal(3, halves.Sum(total => total.AbsoluteQuantity));
    }

    [Fact]
    public void A_bucket_without_readings_is_empty()
    {
        var totals = SeriesArithmetic.Totals(QuantityKind.Interval, [], Edges("0 60 120"));

        Assert.All(totals, total => Assert.Same(BucketTotal.Empty, total));
    }

    [Fact]
    public void Samples_and_edges_out_of_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SeriesArithmetic.Totals(QuantityKind.Level, Instants("10:1 0:1"), Edges("0 60")));
        Assert.Throws<ArgumentException>(() => SeriesArithmetic.Totals(QuantityKind.Level, [], Edges("60 60")));
        Assert.Throws<ArgumentException>(() => SeriesArithmetic.Totals(QuantityKind.Level, [], Edges("60")));
    }

    private static List<Sample> Instants(string values) =>
    [
        .. values.Split(' ').Select(value => value.Split(':'))
            .Select(parts => new Sample(Midnight + Duration.FromMinutes(Number(parts[0])), Duration.Zero, Number(parts[1]))),
    ];

    private static List<Instant> Edges(string minutes) =>
        [.. minutes.Split(' ').Select(minute => Midnight + Duration.FromMinutes(Number(minute)))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static void AssertEach(string because, string expected, BucketTotal[] totals, Func<BucketTotal, double> field)
    {
        var numbers = expected.Split(' ').Select(Number).ToArray();
        var actual = totals.Select(field).ToArray();
        Assert.True(
            numbers.Length == actual.Length && numbers.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) < 1e-9),
            $"{because}: expected {expected}, got {string.Join(' ', actual)}");
    }
}
