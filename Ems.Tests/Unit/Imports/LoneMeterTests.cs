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
    [InlineData("Meter: Boiler House\n", "download.csv", "Boiler House")]
    [InlineData("Meter: North board\n", "data.csv", "North board")]
    [InlineData("Meter: 101\n", "data.csv", "101")]
    [InlineData("Meter: 12\n", "data.csv", "data")]
    [InlineData("Meter: smart meter\n", "data.csv", "data")]
    [InlineData("Meter: Not assigned\n", "data.csv", "data")]
    [InlineData("Meter: Energy delivered\n", "data.csv", "data")]
    [InlineData("Contatore;Quadro generale\n", "export.csv", "Quadro generale")]
    [InlineData("Panel: Second one\n", "export.csv", "export")]
    [InlineData("Device Name;MDB-1\n", "datalog.csv", "datalog:MDB-1")]
    [InlineData("Device Name;MDB-1\nDevice Type;PM8000\n", "PM8000_DataLog.csv", "PM8000_DataLog:MDB-1")]
    [InlineData("Device Name;MDB-1\nDevice Type;PM8000\n", "PM8000_Hall.csv", "PM8000_Hall")]
    [InlineData("Point Name: AHU-1\n", "trendlog.csv", "AHU-1")]
    [InlineData("Panel: DB-3\n", "export.csv", "DB-3")]
    [InlineData("Logger: HOBO 20411\n", "export.csv", "HOBO 20411")]
    [InlineData("Messstelle: Trafo 1\n", "export.csv", "Trafo 1")]
    [InlineData("Meter: Chiller 1\nPanel: DB-3\n", "export.csv", "Chiller 1")]
    [InlineData("Equipment: AHU-1\nPanel: DB-3\n", "export.csv", "export")]
    [InlineData("Equipment: AHU-1\n", "tower.csv", "tower")]
    public void A_line_names_it_where_its_file_is_called_as_any_is(string line, string file, string meter)
    {
        _bench.RunText($"{line}\nTime;Energy (kWh)\n2026-03-01 00:00;5\n2026-03-01 01:00;6\n", fileName: file);

        Assert.All(_bench.Told, told => Assert.StartsWith($"{meter} ", told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ab12,Dryer", "mains,Total Usage", "ab12=Dryer mains=Total Usage")]
    [InlineData("ab12,House", "mains,House", "ab12= mains=")]
    public void A_column_of_names_calls_the_meters_whose_ids_stand_beside_it(string first, string second, string names)
    {
        _bench.RunText($"DateTime,Device ID,Name,kWh\n2026-03-01 00:00,{first},1\n2026-03-01 00:00,{second},2\n2026-03-01 01:00,{first},3\n2026-03-01 01:00,{second},4\n");

        Assert.Equal(names, string.Join(' ', _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId}={(meter.Name == meter.EquipmentId ? "" : meter.Name)}").Order(StringComparer.Ordinal)));
    }

    private static ImportForm? FormOf(string headers) => headers.Contains('³', StringComparison.Ordinal) ? new ImportForm { Metric = "water_volume" }
        : headers.Contains("Fan", StringComparison.Ordinal) ? new ImportForm { Metric = "active_power", Unit = "kW" } : null;
}
