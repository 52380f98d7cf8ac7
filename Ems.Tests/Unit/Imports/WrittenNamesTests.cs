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

    [Theory]
    [InlineData("日時,電力量（ｋＷｈ）", "energy", 1)]
    [InlineData("Time,㎾h", "energy", 1)]
    [InlineData("Time,Gas (㎥)", "gas_volume", 1)]
    [InlineData("Time,Gas ㎥", "gas_volume", 1)]
    [InlineData("Time,Active\u00A0Energy\u202F(MWh)", "energy", 1000)]
    [InlineData("Time,Strom\u00ADver\u00ADbrauch (kWh)", "energy", 1)]
    [InlineData("Time,Temperature (℃)", "temperature", 1)]
    [InlineData("Time,Z\u0061\u0308hlerstand (kWh)", "energy_import_register", 1)]
    [InlineData("Time,Cos\u00A0φ", "power_factor", 1)]
    [InlineData("Ｔｉｍｅ,Ｅｎｅｒｇｙ [ｋＷｈ]", "energy", 1)]
    public void Headers_in_letters_that_look_like_others_are_read_as_those(string headers, string metric, double factor)
    {
        _bench.RunText($"{headers}\n2024-01-01 00:00,0.25\n2024-01-01 01:00,0.5\n2024-01-01 02:00,0.75\n");

        Assert.Equal([0.25, 0.5, 0.75], _bench.Values("meter", metric).Select(value => value.Value / factor));
    }

    [Fact]
    public void Units_beside_their_values_are_read_so_too()
    {
        _bench.RunText("meter id,time,value,unit\nA,2024-01-01 00:00,1,ｋＷｈ\nA,2024-01-01 01:00,2,㎾h\nB,2024-01-01 00:00,3,Ｍ\u200BWh\nB,2024-01-01 01:00,4,kWh\u00A0\n");

        Assert.Equal([1.0, 2], _bench.Values("A", "energy").Select(value => value.Value));
        Assert.Equal([3000.0, 4], _bench.Values("B", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Ｍａｉｎ", "Ｓｕｂ")]
    [InlineData("Halle Su\u0308d", "Halle Nord")]
    public void Meters_that_are_named_in_such_letters_keep_them(string first, string second)
    {
        _bench.RunText($"Time,{first} （ｋＷｈ）,{second}\u00A0㎾h\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n");

        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), Meters);
    }

    [Fact]
    public void A_mapping_may_name_a_header_in_the_usual_letters()
    {
        _bench.RunText("Time,Z\u0061\u0308hler X\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", new() { Mapping = new() { Columns = [new("Zähler X") { Metric = "energy", Unit = "kWh" }] } });

        Assert.Equal([1.0, 2], _bench.Values("meter", "energy").Select(value => value.Value));
    }
}
