namespace Ems.Tests.Unit.Imports;

/// <summary>Rows of readings beside a row of what was used between them: one register, told twice.</summary>
public sealed class ReadingRowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Opening reading", "Closing reading", "Consumption")]
    [InlineData("Previous reading", "Current reading", "Difference")]
    [InlineData("Start", "End", "Used")]
    public void Readings_above_what_was_used_between_them_are_no_meters(string first, string last, string used)
    {
        _bench.RunText($"Main meter 2024 (kWh)\n,Jan,Feb,Mar,Apr\n{first},1204500,1258696,1311912,1343082\n{last},1258696,1311912,1343082,1379145\n{used},54196,53216,31170,36063\n");

        Assert.Equal([used], Meters());
        Assert.Equal(174_645, _bench.Sum(used, "energy"));
        Assert.Equal($"{first}, {last}", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Each_of_several_meters_may_have_its_readings_beside_its_usage()
    {
        _bench.RunText("kWh 2024,Jan,Feb,Mar,Apr\nMain reading,1258696,1311912,1343082,1379145\nMain usage,54196,53216,31170,36063\nKitchen reading,100296,111883,119407,126113\nKitchen usage,12176,11587,7524,6706\n");

        Assert.Equal(["Kitchen usage", "Main usage"], Meters());
        Assert.Equal("Main reading; Kitchen reading", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Reading", "Usage")]
    [InlineData("Old hall", "Consumption hall")]
    [InlineData("Main reading", "Kitchen usage")]
    public void Rows_whose_numbers_are_not_apart_by_the_others_are_meters(string one, string other)
    {
        _bench.RunText($"kWh 2024,Jan,Feb,Mar,Apr\n{one},5000,4100,4400,4800\n{other},510,500,470,300\n");

        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), Meters());
    }

    private IEnumerable<string> Meters() => _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal);
}
