using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>One meter alone in its file is the meter that it is beside others.</summary>
public sealed class LoneMeterTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Time,Hall 1 (kWh),Hall 2 (kWh)", "n/a", "Hall 1")]
    [InlineData("Time,Hall 1 (kWh),Hall 2 (kWh)", "", "Hall 1")]
    [InlineData("Time,Hall P kW,Hall Q kW", "-", "Hall P")]
    [InlineData("Time,North pump [m³],South pump [m³]", "NaN", "North pump [m³]")]
    [InlineData("Time,Fan A,Fan B", "n/a", "Fan A")]
    [InlineData("Time,Fan A,Remark", "", "site9")]
    [InlineData("Time,Energy (kWh),Corrected energy (kWh)", "", "site9")]
    [InlineData("Time,Import (kWh),Export (kWh)", "n/a", "site9")]
    [InlineData("Time,L1 (kWh),L2 (kWh)", "n/a", "site9")]
    [InlineData("Time,Main (kWh),Target (kWh)", "", "site9")]
    [InlineData("Time,Actual (kWh),Manual (kWh)", "", "site9")]
    [InlineData("Time,Value 1 (kWh),Value 2 (kWh)", "", "site9")]
    public void A_neighbour_that_is_silent_does_not_take_its_name_away(string headers, string silent, string meter)
    {
        _bench.RunText($"{headers}\n2026-03-01 00:00,5,{silent}\n2026-03-01 01:00,6,{silent}\n2026-03-01 02:00,4,{silent}\n", fileName: "site9.csv", form: FormOf(headers));

        Assert.Equal(3, _bench.Told.Count);
        Assert.All(_bench.Told, told => Assert.StartsWith($"{meter} ", told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("export_2026-03.csv", "Chiller 3 (kWh)", "Chiller 3")]
    [InlineData("export.csv", "Energy (kWh)", "export")]
    [InlineData("export.csv", "Total consumption (kWh)", "export")]
    [InlineData("export.csv", "January 1 (kWh)", "export")]
    [InlineData("export.csv", "Tier 1 (kWh)", "export")]
    [InlineData("export.csv", "15min (kWh)", "export")]
    [InlineData("North.csv", "Chiller 3 (kWh)", "North")]
    [InlineData("gas.csv", "Chiller 3 (kWh)", "gas")]
    public void Its_header_names_it_where_its_file_is_called_as_any_is(string file, string header, string meter)
    {
        _bench.RunText($"Time,{header}\n2026-03-01 00:00,5\n2026-03-01 01:00,6\n", fileName: file);

        Assert.All(_bench.Told, told => Assert.StartsWith($"{meter} ", told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Meter: North Main\n", "export.csv", "North Main")]
    [InlineData("Meter Name;CH-7\n", "Interval data.csv", "CH-7")]
    [InlineData("Building: Town Hall\nMeter: Main\n", "export.csv", "Town Hall:Main")]
    [InlineData("Building: Town Hall\nMeter: Main\n", "tower.csv", "tower")]
    [InlineData("Meter: n/a\n", "export.csv", "export")]
    [InlineData("Meter: Delivered\n", "export.csv", "export")]
    [InlineData("Meter: Electricity\n", "export.csv", "export")]
    [InlineData("Meter: North Main\n", "electricity.csv", "electricity")]
    [InlineData("Meter: kWh\n", "export.csv", "export")]
    [InlineData("Meter: North Main\n", "tower.csv", "tower")]
    public void A_line_names_it_where_its_file_is_called_as_any_is(string line, string file, string meter)
    {
        _bench.RunText($"{line}\nTime;Energy (kWh)\n2026-03-01 00:00;5\n2026-03-01 01:00;6\n", fileName: file);

        Assert.All(_bench.Told, told => Assert.StartsWith($"{meter} ", told, StringComparison.Ordinal));
    }

    private static ImportForm? FormOf(string headers) => headers.Contains('³', StringComparison.Ordinal) ? new ImportForm { Metric = "water_volume" }
        : headers.Contains("Fan", StringComparison.Ordinal) ? new ImportForm { Metric = "active_power", Unit = "kW" } : null;
}
