namespace Ems.Tests.Unit.Imports;

/// <summary>Names of meters stay as the file writes them, where numbers would lose some of their signs.</summary>
public sealed class WrittenNamesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    private IEnumerable<string> Meters => _bench.Items.SelectMany(item => item.Parts).Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("001", "1")]
    [InlineData("00012345", "12345")]
    [InlineData("1.10", "1.1")]
    [InlineData("12345678901234567890", "12345678901234567891")]
    [InlineData("1E5", "100000")]
    [InlineData("-01", "-1")]
    public void Ids_that_are_one_number_are_two_meters(string first, string second)
    {
        _bench.RunText($"meter id,time,kWh\n{first},2024-01-01 00:00,1\n{first},2024-01-01 01:00,2\n{second},2024-01-01 00:00,3\n{second},2024-01-01 01:00,5\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([1.0, 2], _bench.Values(first, "energy").Select(value => value.Value));
        Assert.Equal([3.0, 5], _bench.Values(second, "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("1001.0", "1001")]
    [InlineData("1001", "1001")]
    [InlineData("0", "0")]
    public void Whole_numbers_are_ids_without_the_zero_that_programs_write_behind_them(string written, string id)
    {
        _bench.RunText($"meter,time,kWh\n{written},2024-01-01 00:00,1\n{written},2024-01-01 01:00,2\n");

        Assert.Equal([id], Meters);
    }

    [Fact]
    public void A_meter_that_the_header_of_its_column_numbers_keeps_its_zeros()
    {
        _bench.RunText("time,001,002\n2024-01-01 00:00,1.5,2\n2024-01-01 01:00,1,2.5\n", new() { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["001", "002"], Meters);
    }

    [Fact]
    public void A_name_and_a_site_keep_their_zeros()
    {
        _bench.RunText("site,meter id,meter name,time,kWh\n007,A1,0815,2024-01-01 00:00,1\n007,A1,0815,2024-01-01 01:00,2\n");

        var meter = Assert.Single(_bench.Facts.Meters);
        Assert.Equal(("0815", "007"), (meter.Name, meter.Site ?? meter.SiteName));
    }
}
