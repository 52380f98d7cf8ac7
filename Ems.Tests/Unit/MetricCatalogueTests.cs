using Ems.Core.Metering;

namespace Ems.Tests.Unit;

public sealed class MetricCatalogueTests
{
    [Theory]
    [InlineData("active_power", "active_power")]
    [InlineData("Active Power (kW)", "active_power")]
    [InlineData("powerFactor", "power_factor")]
    [InlineData("PF", "power_factor")]
    [InlineData("Voltage (V)", "voltage")]
    [InlineData("Amps", "current")]
    [InlineData("kWh", "energy")]
    [InlineData("kVAR", "reactive_power")]
    [InlineData("avg_kw", "active_power")]
    [InlineData("CFM", "airflow")]
    [InlineData("Outdoor temp [°C]", "temperature")]
    public void Headers_name_metrics(string header, string expected)
    {
        Assert.True(MetricCatalogue.TryFind(header, out var metric), header);
        Assert.Equal(expected, metric.Name);
    }

    [Theory]
    [InlineData("Current Reading")]
    [InlineData("currently")]
    [InlineData("Power Station")]
    [InlineData("(kWh)")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_words_name_none(string? header) => Assert.False(MetricCatalogue.TryFind(header, out _));

    [Fact]
    public void Every_metric_is_found_by_its_name_and_has_the_canonical_unit_of_its_dimension()
    {
        Assert.All(MetricCatalogue.All, metric =>
        {
            Assert.True(MetricCatalogue.TryFind(metric.Name, out var found));
            Assert.Same(metric, found);
            Assert.True(Units.TryParse(metric.Unit, out var unit));
            Assert.Equal((metric.Dimension, 1d, 0d), (unit.Dimension, unit.Factor, unit.Offset));
        });
    }

    [Theory]
    [InlineData("voltage", 0, true)]
    [InlineData("voltage", 1000.1, false)]
    [InlineData("current", -0.1, false)]
    [InlineData("power_factor", -1, true)]
    [InlineData("power_factor", 1.01, false)]
    [InlineData("temperature", -51, false)]
    [InlineData("airflow", 10_000, true)]
    [InlineData("active_power", -1e9, true)]
    [InlineData("active_power", double.NaN, false)]
    [InlineData("energy", double.PositiveInfinity, false)]
    public void A_value_is_plausible_within_its_range(string name, double value, bool plausible) =>
        Assert.Equal(plausible, MetricCatalogue.All.Single(metric => metric.Name == name).IsPlausible(value));

    [Fact]
    public void Volumes_and_heat_are_intervals_or_registers()
    {
        var both = MetricCatalogue.All.Where(metric => metric.CanBe(QuantityKind.Interval) && metric.CanBe(QuantityKind.Register));

        Assert.Equal(["gas_volume", "water_volume", "heat"], both.Select(metric => metric.Name));
    }
}
