using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of values whose cells have their units themselves: <c>16.3 °C</c>.</summary>
public sealed class UnitsInCellsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_cell_with_a_unit_says_nothing_of_the_values_beside_it()
    {
        _bench.RunText($"Unit: kWh\n\nTime,Consumption,Remark\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"2024-01-01 {i:00}:00,{10 + (i * 7 % 11)},{i switch { 2 => "3 kW", 4 => "60 A", _ => "" }}\n"))}");

        Assert.Equal(20, _bench.Values("meter", "energy").Count());
        Assert.Equal(20, _bench.Told.Count);
    }

    [Theory]
    [InlineData("kW-hr")]
    [InlineData("kW·h")]
    [InlineData("kWhr")]
    public void A_unit_in_cells_may_have_a_sign_between_its_parts(string unit)
    {
        _bench.RunText($"Timestamp,Trend Flags,Status,Value\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"2024-01-01 {i:00}:00,{{ }},{{ok}},{10 + (i * 7 % 11)}.5 {unit}\n"))}");

        Assert.Equal(20, _bench.Values("meter", "energy").Count());
        Assert.Equal(10.5, _bench.Values("meter", "energy").First().Value);
    }

    [Theory]
    [InlineData("Consumption", "Capacity")]
    [InlineData("Reading", "Capacity")]
    [InlineData("Electricity", "Size")]
    [InlineData("Electricity", "Peak")]
    public void Sizes_of_meters_are_no_units_of_what_they_count(string header, string size)
    {
        string[] sizes = ["100 kW", "63 kVA", "50 kWh", "200 A"];
        var text = $"Month,Meter,{header},{size}\n{string.Concat(Enumerable.Range(0, 8).Select(i => $"2024-0{1 + (i / 4)},{"ABCD"[i % 4]},{500 + (i * 7 % 11)},{sizes[i % 4]}\n"))}";

        Assert.Throws<ImportFaultException>(() => _bench.RunText(text));
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });
        Assert.Equal(8, _bench.Told.Count(line => line.Contains(" energy ", StringComparison.Ordinal)));
        Assert.Equal(8, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Timestamp,Meter 1 Value,Meter 2 Value", "kWh", "kWh", 2)]
    [InlineData("Time,L1 value,L2 value", "kW", "kW", 2)]
    [InlineData("Time,Energy value,Demand value", "kWh", "kW", 2)]
    [InlineData("Zeit,Strom Wert,Gas Wert", "kWh", "m³", 2)]
    public void Several_columns_have_the_units_of_their_own_cells_however_long_they_are(string headers, string first, string second, int series)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(0, 700).Select(i => $"2024-03-{1 + (i / 24):00} {i % 24:00}:00,{10 + (i % 7)}.5 {first},{20 + (i % 5)}.1 {second}\n"))}");

        Assert.Equal(1400, _bench.Told.Count);
        Assert.Equal(series, _bench.Told.Select(line => line[..line.IndexOf(" 2024", StringComparison.Ordinal)]).Distinct().Count());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Consumption")]
    [InlineData("Value")]
    public void A_single_cell_of_another_dimension_is_a_slip_where_no_column_names_points(string header)
    {
        _bench.RunText($"Time,{header}\n{string.Concat(Enumerable.Range(0, 8).Select(i => $"2024-03-05 {i:00}:00,{10 + (i % 5)}.5 {(i == 3 ? "kW" : "kWh")}\n"))}");

        Assert.Equal(7, _bench.Values("meter", "energy").Count());
        Assert.Equal(7, _bench.Told.Count);
        Assert.Single(_bench.FaultCodes);
    }

    [Fact]
    public void Readings_with_their_unit_are_registers_in_a_long_file_too()
    {
        _bench.RunText($"Time,Reading\n{string.Concat(Enumerable.Range(0, 700).Select(i => $"2024-03-{1 + (i / 24):00} {i % 24:00}:00,{10000 + (i * 3)}.5 kWh\n"))}");

        Assert.Equal(700, _bench.Values("meter", "energy_import_register").Count());
    }

    [Theory]
    [InlineData("Time,Value", "")]
    [InlineData("Time,Point,Value", "P1,")]
    public void A_number_alone_is_in_the_unit_of_the_others(string headers, string point)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(0, 700).Select(i => $"2024-03-{1 + (i / 24):00} {i % 24:00}:00,{point}{(i % 3 == 1 ? "0" : $"{i % 7}.5 kWh")}\n"))}");

        Assert.Equal(700, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Average,Maximum")]
    [InlineData("Value,Max")]
    public void Extremes_beside_cells_with_units_are_left_out(string headers)
    {
        _bench.RunText($"Time,Point,{headers}\n{string.Concat(Enumerable.Range(0, 4).Select(i => $"2024-03-05 0{i}:00,P1,1{i}.5 °C,21 °C\n2024-03-05 0{i}:00,P2,3{i}.5 kW,4{i} kW\n2024-03-05 0{i}:00,P3,5{i} kWh,6{i} kWh\n"))}");

        Assert.Equal(["P1 temperature 2024-03-05 00:00 10.5", "P2 active_power 2024-03-05 00:00 30.5", "P3 energy 2024-03-05 00:00 1h 50"], _bench.Told.Where(line => line.Contains("05 00:00", StringComparison.Ordinal)));
        Assert.Equal(12, _bench.Told.Count);
        Assert.Contains(headers.Split(',')[1], _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_alone_of_a_point_with_several_units_is_rejected()
    {
        _bench.RunText("Time,Point,Value\n2024-03-05 00:00,P1,1.5 kWh\n2024-03-05 00:00,P2,20.5 °C\n2024-03-05 01:00,P1,1.5 MWh\n2024-03-05 01:00,P2,21.5 °C\n2024-03-05 02:00,P1,7\n2024-03-05 02:00,P2,22\n");

        Assert.Equal(["P1 energy 2024-03-05 00:00 1h 1.5", "P1 energy 2024-03-05 01:00 1h 1500", "P2 temperature 2024-03-05 00:00 20.5", "P2 temperature 2024-03-05 01:00 21.5", "P2 temperature 2024-03-05 02:00 22"], _bench.Told);
        Assert.Single(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("m3", 10.5)]
    [InlineData("m³", 10.5)]
    [InlineData("ft3", 0.29732)]
    public void Volumes_stand_behind_numbers_as_people_type_them(string unit, double first)
    {
        _bench.RunText($"Time,Gas\n2024-03-05 00:00,10.5 {unit}\n2024-03-05 01:00,11.5 {unit}\n2024-03-05 02:00,10.0 {unit}\n");

        Assert.Equal(first, _bench.Values("meter", "gas_volume").First().Value, 1e-4);
    }

    [Fact]
    public void A_mapping_says_what_cells_with_units_measure_and_other_units_are_rejected()
    {
        _bench.RunText(
            "Timestamp,Point name,Value\n2024-03-05 00:00,Chiller,40500 W\n2024-03-05 00:00,Hall,16.3 °C\n2024-03-05 01:00,Chiller,41 kW\n2024-03-05 01:00,Hall,17.3 °C\n",
            new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn("Value") { Metric = "active_power", Unit = "kW" }] } });

        Assert.Equal(["Chiller active_power 2024-03-05 00:00 40.5", "Chiller active_power 2024-03-05 01:00 41"], _bench.Told);
        Assert.Equal(2, _bench.FaultCodes.Count);
    }
}
