using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns whose headers say what is counted and no meter: another file has the same ones.</summary>
public sealed class GeneralPartsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_is_within_another_column_is_a_sub_meter_of_it()
    {
        Run("Verbrauch [kWh],Verbrauch Restbezug [kWh]", "AT001.csv", hour => $"{10 + hour},{6 + hour}");

        Assert.Equal(["AT001 energy 2024-01-15 00:00 1h 10", "AT001 Verbrauch Restbezug energy 2024-01-15 00:00 1h 6"], [_bench.Told[0], _bench.Told[4]]);
        Assert.Equal([("AT001", null), ("AT001 Verbrauch Restbezug", "AT001")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Parent)).OrderBy(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData("10,0;12,0;11,0")]
    [InlineData("0,0;0,0;0,0")]
    [InlineData("0.051,0.052;0.051,0.052")]
    public void The_names_alone_decide_which_column_the_others_are_within(string rows)
    {
        _bench.RunText(
            $"Time,Verbrauch [kWh],Verbrauch Restbezug [kWh]\n{string.Concat(rows.Split(';').Select((row, hour) => $"2024-07-15 0{hour}:00,{row}\n"))}", fileName: "AT001.csv");

        Assert.Equal([("AT001", null), ("AT001 Verbrauch Restbezug", "AT001")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Parent)).OrderBy(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData(10, 6)]
    [InlineData(6, 10)]
    public void What_comes_from_the_grid_is_within_what_is_used_whatever_a_battery_takes(int used, int grid)
    {
        Run("Verbrauch [kWh],Verbrauch Netz [kWh]", "house.csv", hour => $"{used + hour},{grid + hour}");

        Assert.Equal([("house", null), ("house Verbrauch Netz", "house")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Parent)).OrderBy(meter => meter.EquipmentId));
    }

    [Fact]
    public void What_is_more_than_its_whole_is_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => Run("Verbrauch [kWh],Verbrauch Restbezug [kWh]", "AT001.csv", hour => $"{6 + hour},{10 + hour}")).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "Verbrauch [kWh]"), (fault.Code, fault.Column));
    }

    [Fact]
    public void A_total_is_within_nothing()
    {
        Run("Bezug (kWh),Bezug gesamt (kWh)", "M 12.csv", hour => $"{6 + hour},{10 + hour}");

        Assert.Equal(["M 12 Bezug", "M 12 Bezug gesamt"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Theory]
    [InlineData("Bezug (kWh),Restbezug (kWh)", "Bezug", "Restbezug", "energy")]
    [InlineData("Flow temp (°C),Return temp (°C),Heat power (kW)", "Flow", "Return", "temperature")]
    [InlineData("Vorlauf [°C],Rücklauf [°C],Leistung [kW]", "Vorlauf", "Rücklauf", "temperature")]
    [InlineData("F1 (kWh),F2 (kWh),F3 (kWh)", "F1", "F2", "energy")]
    public void They_are_parts_of_what_the_file_is_called(string headers, string one, string other, string metric)
    {
        Run(headers, "M 12.csv", hour => $"{70 + hour},{90 - hour},{5 + hour}"[..(headers.Split(',').Length == 2 ? 5 : 7)]);

        Assert.Equal(4, _bench.Values($"M 12 {one}", metric).Count());
        Assert.Equal(4, _bench.Values($"M 12 {other}", metric).Count());
        Assert.All(_bench.Readings, reading => Assert.StartsWith("M 12", reading.EquipmentId));
    }

    [Theory]
    [InlineData("P L1 (W),P L2 (W),P L3 (W),P total (W)")]
    [InlineData("P_L1 [W],P_L2 [W],P_L3 [W],P_Sum [W]")]
    public void A_total_by_its_symbol_is_that_of_the_phases(string headers)
    {
        Run(headers, "M5.csv", hour => $"{1000 + hour},1000,1000,{3000 + hour}");

        Assert.Equal(["M5 active_power 2024-01-15 00:00 3", "M5 active_power 2024-01-15 01:00 3.001", "M5 active_power 2024-01-15 02:00 3.002", "M5 active_power 2024-01-15 03:00 3.003"], _bench.Told);
    }

    [Theory]
    [InlineData("Load 1 (kWh),Load 2 (kWh)", "Load 1", "Load 2")]
    [InlineData("Main (kWh),Restbezug (kWh)", "Main", "Restbezug")]
    public void Names_that_tell_meters_apart_stay(string headers, string one, string other)
    {
        Run(headers, "site.csv", hour => $"{10 + hour},{20 - hour}");

        Assert.Equal([one, other], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().OrderBy(id => id != one));
    }

    private void Run(string headers, string file, Func<int, string> values) =>
        _bench.RunText($"Time,{headers}\n{string.Join('\n', Enumerable.Range(0, 4).Select(hour => $"2024-01-15 0{hour}:00,{values(hour)}"))}", fileName: file);
}
