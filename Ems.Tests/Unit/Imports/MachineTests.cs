using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What flows through the meters of machines that are called after what they move or burn.</summary>
public sealed class MachineTests : IDisposable
{
    private readonly ImportBench _bench = new();

    private IEnumerable<(string, string?)> Meters => _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Heat pump kWh", "energy", null)]
    [InlineData("Heat pump kW", "active_power", null)]
    [InlineData("District heating pump kWh", "energy", null)]
    [InlineData("Heat recovery unit kWh", "energy", null)]
    [InlineData("Hot water pump kWh", "energy", null)]
    [InlineData("Chilled water circulation pump kWh", "energy", null)]
    [InlineData("Water pump power kW", "active_power", null)]
    [InlineData("Gas furnace fan kW", "active_power", null)]
    [InlineData("Steam boiler feed pump kWh", "energy", null)]
    [InlineData("Cooling tower fan kWh", "energy", null)]
    [InlineData("Gas engine kWh", "energy", null)]
    [InlineData("Gas generator kW", "active_power", null)]
    [InlineData("Diesel generator kWh", "energy", null)]
    [InlineData("Water heater kWh", "energy", null)]
    [InlineData("Water kWh", "energy", null)]
    [InlineData("CHP electricity kWh", "energy", "electricity")]
    [InlineData("Heat pump electricity kWh", "energy", "electricity")]
    [InlineData("Heat pump heat kWh", "heat", "heat")]
    [InlineData("Heat pump output kWh", "heat", "heat")]
    [InlineData("Heat pump thermal energy kWh", "heat", "heat")]
    [InlineData("Heat consumption pump house kWh", "heat", "heat")]
    [InlineData("Heat meter kWh", "heat", "heat")]
    [InlineData("Heat kWh", "heat", "heat")]
    [InlineData("District heating MWh", "heat", "heat")]
    [InlineData("Gas boiler kWh", "energy", "gas")]
    [InlineData("Boiler gas kWh", "energy", "gas")]
    [InlineData("Gas water heater kWh", "energy", "gas")]
    [InlineData("CHP gas kWh", "energy", "gas")]
    [InlineData("Steam boiler gas Nm3", "gas_volume", "gas")]
    [InlineData("Gas engine m3", "gas_volume", "gas")]
    [InlineData("Water pump m3", "water_volume", "water")]
    [InlineData("Chilled water kWh", "energy", "cooling")]
    [InlineData("Cooling tower kWh", "energy", null)]
    [InlineData("Heat Tower A kWh", "heat", "heat")]
    [InlineData("District heating Tower 1 (MWh)", "heat", "heat")]
    [InlineData("Gas Tower B kWh", "energy", "gas")]
    [InlineData("Chilled water Tower 2 kWh", "energy", "cooling")]
    [InlineData("District cooling Tower 2 kWh", "energy", "cooling")]
    [InlineData("Heat Engine House kWh", "heat", "heat")]
    [InlineData("Gas Motor Works kWh", "energy", "gas")]
    [InlineData("Heat pump house 2 kWh", "energy", null)]
    public void A_machine_that_is_called_after_a_carrier_is_counted_in_electricity(string header, string metric, string? carrier)
    {
        _bench.RunText($"Time,{header}\n2024-01-01 00:00,5\n2024-01-01 01:00,4\n2024-01-01 02:00,6\n");

        Assert.Equal([("meter", carrier)], Meters);
        Assert.Equal(3, _bench.Values("meter", metric).Count());
    }

    [Theory]
    [InlineData("Main kWh,Boiler gas m3")]
    [InlineData("Main kWh,Cold water m3")]
    [InlineData("Main kWh,Gas generator kW")]
    [InlineData("Main kWh,Water pump kW")]
    [InlineData("Main kW,Heat pump kWh")]
    [InlineData("Heat pump kWh,Heat pump heat kWh")]
    public void What_rows_count_beside_the_energy_of_a_building_does_not_say_what_flows_through_it(string headers)
    {
        _bench.RunText($"Building,Time,{headers}\nA,2024-01-01 00:00,5,1\nA,2024-01-01 01:00,4,2\nB,2024-01-01 00:00,5,1\nB,2024-01-01 01:00,4,2\n");

        Assert.Equal([("A", null), ("B", null)], Meters);
    }

    [Theory]
    [InlineData("Gas m3,Energy kWh", "gas")]
    [InlineData("Boiler gas m3,Boiler kWh", "gas")]
    [InlineData("Heat kWh,Power kW", "heat")]
    public void What_may_be_of_one_carrier_says_it(string headers, string carrier)
    {
        _bench.RunText($"Building,Time,{headers}\nA,2024-01-01 00:00,5,1\nA,2024-01-01 01:00,4,2\n");

        Assert.Equal([("A", carrier)], Meters);
    }

    [Fact]
    public void Towers_are_buildings()
    {
        _bench.RunText("Time,Heat Tower A (kWh),Heat Tower B (kWh)\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([("Tower A", "heat"), ("Tower B", "heat")], Meters);
        Assert.Equal([5.0, 4], _bench.Values("Tower A", "heat").Select(value => value.Value));
    }

    [Fact]
    public void Equipment_that_the_request_names_is_not_of_gas_for_what_it_burns_beside_its_energy()
    {
        _bench.RunText("Time,Main kWh,Boiler gas m3\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", new ImportForm { EquipmentId = "hva" });

        Assert.Equal([("hva", null)], Meters);
    }

    [Fact]
    public void A_heat_pump_beside_the_main_meter_is_a_meter_of_its_own()
    {
        _bench.RunText("Time,Main kWh,Heat pump kWh\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([("Heat pump", null), ("Main", null)], Meters);
        Assert.Equal([1.0, 2], _bench.Values("Heat pump", "energy").Select(value => value.Value));
    }

    [Fact]
    public void The_heat_of_a_heat_pump_is_a_part_beside_what_it_uses()
    {
        _bench.RunText("Time,Heat pump kWh,Heat pump heat kWh\n2024-01-01 00:00,1,4\n2024-01-01 01:00,2,7\n");

        Assert.Equal([("meter", null), ("meter heat", "heat")], Meters);
    }

    [Fact]
    public void Names_in_rows_are_read_so_too_as_far_as_their_units_are_of_energy()
    {
        (string Name, string Unit)[] meters = [("Heat pump", "kWh"), ("Gas engine", "kWh"), ("Gas engine fuel", "m3"), ("Heat meter", "kWh"), ("Gas boiler", "kWh")];
        _bench.RunText($"meter id,meter name,time,value,unit\n{string.Concat(meters.SelectMany((meter, i) => Enumerable.Range(0, 2).Select(hour => $"M{i},{meter.Name},2024-01-01 0{hour}:00,{i + hour},{meter.Unit}\n")))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([("M0", null), ("M1", null), ("M2", "gas"), ("M3", "heat"), ("M4", "gas")], Meters);
        Assert.Equal([3.0, 4], _bench.Values("M3", "heat").Select(value => value.Value));
        Assert.Equal([0.0, 1], _bench.Values("M0", "energy").Select(value => value.Value));
    }

    [Fact]
    public void The_title_of_a_matrix_is_read_so_too()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var values = string.Join(',', Enumerable.Range(0, 24));
        _bench.RunText($"Heat pump consumption (kWh)\nDate,{hours}\n2024-01-01,{values}\n2024-01-02,{values}\n");

        Assert.Equal([("meter", null)], Meters);
        Assert.Equal(48, _bench.Values("meter", "energy").Count());
    }
}
