using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Readings;

namespace Ems.Tests.Unit;

public sealed class ReadingChecksTests
{
    [Theory]
    [InlineData("voltage", 0, true)]
    [InlineData("voltage", 1000, true)]
    [InlineData("voltage", 1000.1, false)]
    [InlineData("voltage", -0.1, false)]
    [InlineData("current", 1001, false)]
    [InlineData("power_factor", -1, true)]
    [InlineData("power_factor", 1.01, false)]
    [InlineData("temperature", -50, true)]
    [InlineData("temperature", 200.5, false)]
    [InlineData("airflow", 10_000, true)]
    [InlineData("airflow", -1, false)]
    [InlineData("active_power", 1e12, true)]
    [InlineData("active_power", 1e16, false)]
    [InlineData("active_power", double.NaN, false)]
    [InlineData("something_else", double.PositiveInfinity, false)]
    public void A_value_outside_the_range_of_its_metric_is_a_fault(string metric, double value, bool accepted) =>
        Assert.Equal(accepted, ReadingChecks.RangeFault(metric, value) is null);

    [Theory]
    [InlineData(10, 9.9, null, ReadingFlags.PowerExceedsApparent)]
    [InlineData(-10, 9.9, null, ReadingFlags.PowerExceedsApparent)]
    [InlineData(9, 10, 0.9, ReadingFlags.None)]
    [InlineData(9, 10, 0.94, ReadingFlags.None)]
    [InlineData(9, 10, 0.8, ReadingFlags.PowerFactorMismatch)]
    [InlineData(12, 10, 0.9, ReadingFlags.PowerExceedsApparent | ReadingFlags.PowerFactorMismatch)]
    [InlineData(0, 0, 0.9, ReadingFlags.None)]
    [InlineData(1, 0, 0.9, ReadingFlags.PowerExceedsApparent)]
    public void Power_is_compared_with_apparent_power_and_power_factor(
        double active, double apparent, double? powerFactor, ReadingFlags expected)
    {
        List<MetricValue> values = [Value("active_power", active), Value("apparent_power", apparent)];
        if (powerFactor is { } factor)
        {
            values.Add(Value("power_factor", factor));
        }

        Assert.Equal(expected, ReadingChecks.FlagsOf(values, false, false));
    }

    [Fact]
    public void A_current_of_zero_is_odd_only_while_there_is_a_voltage()
    {
        Assert.Equal(
            ReadingFlags.CurrentZeroWithVoltage,
            ReadingChecks.FlagsOf([Value("voltage", 230), Value("current", 0)], false, false));
        Assert.Equal(ReadingFlags.None, ReadingChecks.FlagsOf([Value("voltage", 0), Value("current", 0)], false, false));
        Assert.Equal(ReadingFlags.None, ReadingChecks.FlagsOf([Value("voltage", 230)], false, false));
    }

    [Fact]
    public void A_missing_temperature_or_airflow_counts_only_where_it_was_delivered_before()
    {
        MetricValue[] power = [Value("active_power", 1)];

        Assert.Equal(ReadingFlags.None, ReadingChecks.FlagsOf(power, false, false));
        Assert.Equal(
            ReadingFlags.MissingTemperature | ReadingFlags.MissingAirflow, ReadingChecks.FlagsOf(power, true, true));
        Assert.Equal(
            ReadingFlags.MissingAirflow, ReadingChecks.FlagsOf([.. power, Value("temperature", 20)], true, true));
    }

    [Theory]
    [InlineData(ReadingFlags.None, 1.0)]
    [InlineData(ReadingFlags.MissingTemperature, 0.9)]
    [InlineData(ReadingFlags.MissingTemperature | ReadingFlags.MissingAirflow, 0.8)]
    [InlineData(ReadingFlags.CurrentZeroWithVoltage, 0.7)]
    [InlineData(ReadingFlags.PowerExceedsApparent, 0.8)]
    [InlineData(ReadingFlags.PowerExceedsApparent | ReadingFlags.PowerFactorMismatch, 0.8)]
    [InlineData((ReadingFlags)31, 0.3)]
    public void The_score_falls_with_every_flag(ReadingFlags flags, double expected) =>
        Assert.Equal(expected, QualityScore.Of(flags));

    private static MetricValue Value(string metric, double value) =>
        new(metric, QuantityKind.Level, "", value, value, "");
}
