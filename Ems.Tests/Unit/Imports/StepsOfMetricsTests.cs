using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>How long the readings of each metric are where the rows of one meter have several.</summary>
public sealed class StepsOfMetricsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Metrics_of_different_steps_in_the_rows_of_one_meter_have_each_its_own_length()
    {
        var rows = Enumerable.Range(0, 9).SelectMany(quarter =>
        {
            var at = new DateTime(2020, 1, 1).AddMinutes(15 * quarter);
            return new[] { $"{at:yyyy-MM-dd HH:mm};M1;Electricity;{quarter};kWh\n", quarter % 4 == 0 ? $"{at:yyyy-MM-dd HH:mm};M1;Gas;{quarter};m³\n" : "" };
        });

        _bench.RunText($"time;meter;type;value;unit\n{string.Concat(rows)}");

        Assert.Empty(_bench.FaultCodes);
        Assert.All(_bench.Readings, reading => Assert.All(reading.Values, value => Assert.Equal(
            value.Metric == "energy" ? Duration.FromMinutes(15) : Duration.FromHours(1), reading.Length)));
        Assert.Equal((9, 3), (_bench.Values("M1", "energy").Count(), _bench.Values("M1", "gas_volume").Count()));
    }

    [Fact]
    public void A_metric_that_comes_now_and_then_leaves_the_labels_of_its_meter_as_they_are()
    {
        var rows = Enumerable.Range(1, 96).SelectMany(quarter =>
        {
            var at = new DateTime(2020, 1, 1).AddMinutes(15 * quarter);
            return new[] { $"{at:yyyy-MM-dd HH:mm};M;Energy;1;kWh\n", at is { Hour: 8 or 12 or 16, Minute: 0 } ? $"{at:yyyy-MM-dd HH:mm};M;Temperature;20;°C\n" : "" };
        });

        _bench.RunText($"time;meter;quantity;value;unit\n{string.Concat(rows)}");

        Assert.Equal("end", _bench.Assumed("timestamp_label"));
        Assert.Equal(Instant.FromUtc(2020, 1, 1, 0, 0), _bench.Values("M", "energy").Min(value => value.Start));
        Assert.Equal(3, _bench.Values("M", "temperature").Count());
    }

    [Fact]
    public void Two_rows_of_a_metric_are_as_long_as_the_others_of_its_meter()
    {
        var rows = Enumerable.Range(0, 96).SelectMany(quarter =>
        {
            var at = new DateTime(2020, 1, 1).AddMinutes(15 * quarter);
            return new[] { $"{at:yyyy-MM-dd HH:mm};M;Energy;1;kWh\n", at is { Hour: 6 or 12, Minute: 0 } ? $"{at:yyyy-MM-dd HH:mm};M;Active power;10;kW\n" : "" };
        });

        _bench.RunText($"interval start;meter;quantity;value;unit\n{string.Concat(rows)}");

        Assert.Equal(
            ["M active_power 2020-01-01 06:00 15m 10", "M active_power 2020-01-01 12:00 15m 10"],
            _bench.Told.Where(told => told.StartsWith("M active_power", StringComparison.Ordinal)));
    }
}
