using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Meters of heat beside each other, as their headers name them, and those that show what flows and no volume.</summary>
public sealed class HeatDeviceTests : IDisposable
{
    private const string Flow = "Time,{0}Energy (kWh),{0}Flow (m3/h),{0}Flow temp (°C),{0}Return temp (°C)";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("HM1 Energy (kWh),HM1 Flow (m3/h),HM1 Flow temp (°C),HM1 Return temp (°C),HM2 Energy (kWh),HM2 Flow (m3/h),HM2 Flow temp (°C),HM2 Return temp (°C)", "HM1", "HM2")]
    [InlineData("HM1 Energy (kWh),HM1 Volume (m3),HM1 Flow temp (°C),HM1 Return temp (°C),HM2 Energy (kWh),HM2 Volume (m3),HM2 Flow temp (°C),HM2 Return temp (°C)", "HM1", "HM2")]
    [InlineData("WMZ1 Energie (kWh),WMZ1 Durchfluss (l/h),WMZ1 Vorlauf (°C),WMZ1 Rücklauf (°C),WMZ2 Energie (kWh),WMZ2 Durchfluss (l/h),WMZ2 Vorlauf (°C),WMZ2 Rücklauf (°C)", "WMZ1", "WMZ2")]
    public void Each_of_several_is_a_meter_of_heat(string headers, string one, string other)
    {
        var text = Table($"Time,{headers}", i => $"{Amount(i)},{2 + (i % 3)},70,50,{10 + Amount(i)},{1 + (i % 2)},65,45");
        _bench.RunText(text, fileName: "Plant.csv");
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } }, "Plant.csv");

        Assert.Equal([one, other], _bench.Readings.Where(reading => reading.Values.Any(value => value.Metric == "heat")).Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(["heat", "heat"], _bench.Facts.Meters.Where(meter => meter.EquipmentId == one || meter.EquipmentId == other).Select(meter => meter.Carrier));
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric is "energy" or "water_volume");
        Assert.Equal(_bench.Told, again.Told);
    }

    [Theory]
    [InlineData("", "HM1")]
    [InlineData("HM7 ", "HM7")]
    public void One_that_shows_what_flows_is_one(string device, string meter)
    {
        _bench.RunText(Table(Flow.Replace("{0}", device, StringComparison.Ordinal), i => $"{Amount(i)},{2 + (i % 3)},70,50"), fileName: "HM1.csv");

        Assert.Equal($"{meter} heat 2024-01-01 00:00 1h 5", _bench.Told.First(told => told.Contains(" heat ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Beside_electricity_heat_and_its_power_are_of_their_own_meter()
    {
        _bench.RunText(Table($"{Flow.Replace("{0}", "HM1 ", StringComparison.Ordinal)},HM1 Power (kW),Main Energy (kWh)", i => $"{Amount(i)},{2 + (i % 3)},70,50,6,{40 + Amount(i)}"), fileName: "Plant.csv");

        Assert.Equal(
            ["HM1 active_power", "HM1 heat"],
            _bench.Readings.Where(reading => reading.EquipmentId == "HM1").SelectMany(reading => reading.Values).Select(value => $"HM1 {value.Metric}").Distinct().Order());
        Assert.Equal(45, _bench.Readings.Where(reading => reading.EquipmentId != "HM1").SelectMany(reading => reading.Values).First(value => value.Metric == "energy").Value);
    }

    [Theory]
    [InlineData("CHL1", "6", "12")]
    [InlineData("Heat pump 1", "40", "35")]
    public void Cold_and_machines_are_asked_about_each_and_the_answer_is_taken(string device, string flow, string back)
    {
        var headers = string.Join(',', new[] { device, $"{device[..^1]}2" }.Select(one => Flow.Replace("{0}", $"{one} ", StringComparison.Ordinal)["Time,".Length..].Replace("Flow temp", "Supply temp", StringComparison.Ordinal)));
        var text = Table($"Time,{headers}", i => $"{Amount(i)},2,{flow},{back},{10 + Amount(i)},3,{flow},{back}");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Plant.csv")).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Plant.csv");
        using var heat = new ImportBench();
        heat.RunText(text, new ImportForm { Mapping = new() { Columns = [.. fault.Guess!.Columns.Select(column => column with { Metric = "heat" })] } }, "Plant.csv");

        Assert.Equal((2, "heat"), (fault.Guess.Columns.Count, fault.Alternatives![0]));
        Assert.Contains($"{device} energy 2024-01-01 00:00 1h 5", _bench.Told);
        Assert.Contains($"{device} heat 2024-01-01 00:00 1h 5", heat.Told);
    }

    [Theory]
    [InlineData("AHU1 ", "Plant.csv")]
    [InlineData("", "AHU1.csv")]
    public void Where_air_flows_energy_is_none_of_heat(string device, string file)
    {
        _bench.RunText(Table(Flow.Replace("{0}", device, StringComparison.Ordinal), i => $"{Amount(i)},{2000 + (i % 3)},25,20"), fileName: file);

        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric == "heat");
    }

    [Theory]
    [InlineData("WMZ", "WMZ 2")]
    [InlineData("WMZ Nord", "WMZ Nord Anbau")]
    public void The_longer_of_two_names_has_its_columns_alone(string one, string other)
    {
        _bench.RunText(Table($"Time,{Columns(one)},{Columns(other)}", i => $"{Amount(i)},2,60,40,{10 + Amount(i)},3,60,40"), fileName: "Plant.csv");

        Assert.Equal([$"{one} heat 2024-01-01 00:00 1h 5", $"{other} heat 2024-01-01 00:00 1h 15"], _bench.Told.Where(told => told.Contains(" heat 2024-01-01 00:00", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Press 1", "Press 2")]
    [InlineData("Haus", "Haus 2")]
    [InlineData("CT-1", "CT-2")]
    [InlineData("Nord", "Süd")]
    [InlineData("Laser 1", "Laser 2")]
    public void What_no_name_says_to_count_heat_is_asked_about_together(string one, string other)
    {
        var text = Table($"Time,{Columns(one)},{Columns(other).Replace("m3/h", "l/min", StringComparison.Ordinal)}", i => $"{Amount(i)},2,60,40,{10 + Amount(i)},3,60,40");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Plant.csv")).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess }, "Plant.csv");

        Assert.Equal([one, other], fault.Guess!.Columns.Select(column => column.EquipmentId));
        Assert.Contains($"{one} energy 2024-01-01 00:00 1h 5", again.Told);
        Assert.Contains($"{other} energy 2024-01-01 00:00 1h 15", again.Told);
    }

    [Fact]
    public void The_doubt_of_one_is_that_of_its_likes()
    {
        var text = Table($"Time,{Columns("HM1")},{Columns("HM2")}", i => $"{Amount(i)},2,14,14,{10 + Amount(i)},3,6,12");

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Plant.csv")).Fault;

        Assert.Equal(["HM1", "HM2"], fault.Guess!.Columns.Select(column => column.EquipmentId));
    }

    [Fact]
    public void What_is_called_a_meter_of_heat_is_one_beside_what_is_asked_about()
    {
        var text = Table($"Time,{Columns("HM1")},{Columns("Press 2")}", i => $"{Amount(i)},2,60,40,{10 + Amount(i)},3,60,40");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Plant.csv")).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess }, "Plant.csv");

        Assert.Contains("HM1 heat 2024-01-01 00:00 1h 5", again.Told);
        Assert.Contains("Press 2 energy 2024-01-01 00:00 1h 15", again.Told);
    }

    [Fact]
    public void One_is_the_same_meter_where_another_is_blank_or_missing()
    {
        foreach (var other in new[] { $",{Columns("WMZ Süd")}", "" })
        {
            using var bench = new ImportBench();
            bench.RunText(Table($"Time,{Columns("WMZ Nord")}{other}", i => $"{Amount(i)},2,60,40{(other.Length > 0 ? ",,,," : "")}"), fileName: "Plant.csv");

            Assert.Contains("WMZ Nord heat 2024-01-01 00:00 1h 5", bench.Told);
        }
    }

    [Theory]
    [InlineData("{0} kW,{0} kvarh")]
    [InlineData("{0} Voltage (V)")]
    [InlineData("{0} Gas kWh")]
    [InlineData("{0} Gas m3")]
    [InlineData("{0} Lighting kWh")]
    public void Beside_what_is_of_electricity_or_gas_an_energy_that_nothing_names_is_none_of_heat(string beside)
    {
        string With(string device) => $"{Columns(device)},{beside.Replace("{0}", device, StringComparison.Ordinal)}";
        string More(int i) => beside.Contains(',', StringComparison.Ordinal) ? $",{1 + (i % 4)},{2 + (i % 5)}" : $",{3 + (i % 4)}";

        _bench.RunText(Table($"Time,{With("Building A")},{With("Building B")}", i => $"{Amount(i)},2,60,40{More(i)},{10 + Amount(i)},3,60,40{More(i)}"), fileName: "Plant.csv");

        Assert.Contains("Building A energy 2024-01-01 00:00 1h 5", _bench.Told);
        Assert.DoesNotContain(_bench.Told, told => told.Contains(" heat ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_gas_flows_brings_no_heat()
    {
        _bench.RunText(Table("Time,kWh,Gas flow (m3/h),Supply Temp (°C),Return Temp (°C)", i => $"{Amount(i)},2,60,40"), fileName: "WMZ.csv");

        Assert.DoesNotContain(_bench.Told, told => told.Contains(" heat ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pump_that_is_called_after_a_meter_of_heat_has_one_of_its_own()
    {
        _bench.RunText(Table($"Time,{Columns("HM1")},HM1 Pump kWh,{Columns("HM2")},HM2 Pump kWh", i => $"{Amount(i)},2,60,40,{1 + (i % 3)},{10 + Amount(i)},3,60,40,{2 + (i % 3)}"), fileName: "Plant.csv");

        Assert.Contains("HM1 heat 2024-01-01 00:00 1h 5", _bench.Told);
        Assert.Contains("HM1 Pump energy 2024-01-01 00:00 1h 1", _bench.Told);
        Assert.DoesNotContain(_bench.Told, told => told.StartsWith("HM1 energy", StringComparison.Ordinal));
    }

    private static string Columns(string device) => $"{device} kWh,{device} Flow (m3/h),{device} Supply Temp (°C),{device} Return Temp (°C)";

    private static int Amount(int i) => 5 + (i * 7 % 13);

    private static string Table(string header, Func<int, string> row) =>
        $"{header}\n{string.Concat(Enumerable.Range(0, 30).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)},{row(i)}\n"))}";
}
