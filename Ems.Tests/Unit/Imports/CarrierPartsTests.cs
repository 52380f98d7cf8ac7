using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of several carriers that have names of their own.</summary>
public sealed class CarrierPartsTests : IDisposable
{
    private const string Rows = "2024-01-01 00:00,5,1,2\n2024-01-01 01:00,4,2,3\n2024-01-01 02:00,4,3,3\n";

    private readonly ImportBench _bench = new();

    private IEnumerable<(string, string?)> Meters => _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order();

    [Fact]
    public void A_counter_of_energy_beside_one_of_gas_is_none_of_gas()
    {
        _bench.RunText("Date,kWh counter,Gas counter m3\n2024-01-01,1204500,30011\n2024-02-01,1258696,31805\n2024-03-01,1311912,33673\n2024-04-01,1343082,34914\n", fileName: "Log.csv");

        Assert.Equal(["Log ", "Log gas gas"], _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").Order(StringComparer.Ordinal));
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_is_beside_electricity_is_a_part_of_the_meter_for_each_carrier()
    {
        _bench.RunText($"Time,Main kWh,Boiler gas m3,Cold water m3\n{Rows}");

        Assert.Equal([("meter", null), ("meter gas", "gas"), ("meter water", "water")], Meters);
        Assert.Equal([5.0, 4, 4], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal([1.0, 2, 3], _bench.Values("meter gas", "gas_volume").Select(value => value.Value));
        Assert.Equal([2.0, 3, 3], _bench.Values("meter water", "water_volume").Select(value => value.Value));
        Assert.Contains("a meter per carrier", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Time,House,Gas,Water", ",kWh,m3,m3\n")]
    [InlineData("Time,House kWh,Gas used m3,Water used m3", "")]
    [InlineData("Zeit,Haus kWh,Gas Heizung m3,Wasser m3", "")]
    public void Water_is_a_part_beside_energy_that_the_gas_may_be(string headers, string units)
    {
        _bench.RunText($"{headers}\n{units}{Rows}");

        Assert.Equal(["meter", "meter water"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal([1.0, 2, 3], _bench.Values("meter", "gas_volume").Select(value => value.Value));
        Assert.Equal([2.0, 3, 3], _bench.Values("meter water", "water_volume").Select(value => value.Value));
        Assert.EndsWith(": gas", _bench.Assumed("carrier").Split(';')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Main Incomer (kWh),Gas (m3)", null)]
    [InlineData("Main kWh,Gas m3", null)]
    [InlineData("HVAC kWh,Gas m3", null)]
    [InlineData("HO Main Incomer [kWh],HO Gas [m3]", null)]
    [InlineData("Electricity used (kWh),Gas used (m3)", "electricity")]
    [InlineData("Strom bezogen kWh,Gasverbrauch m3", "electricity")]
    [InlineData("Stromverbrauch kWh,Gasverbrauch m3", null)]
    [InlineData("Elec Site kWh,Gas Site m3", "electricity")]
    [InlineData("Main kW,Boiler gas kWh", null)]
    [InlineData("House kWh,Boiler gas m3", null)]
    public void Of_two_columns_the_other_carrier_is_a_part(string headers, string? carrier)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([("meter", carrier), ("meter gas", "gas")], Meters);
    }

    [Theory]
    [InlineData("100,1050", "0,0")]
    [InlineData("100,1050", "100,")]
    [InlineData("100,1050", "100,-")]
    [InlineData("0,0", ",12")]
    public void Each_file_with_the_same_headers_is_taken_apart_alike_whatever_its_numbers(string january, string july)
    {
        _bench.RunText($"Month,Boiler gas (m³),Main kWh\n2023-01,{january}\n");
        Assert.Equal(["meter", "meter gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());

        _bench.RunText($"Month,Boiler gas (m³),Main kWh\n2023-07,{july}\n");

        Assert.All(_bench.Readings, reading => Assert.All(reading.Values, value => Assert.Equal(value.Metric == "gas_volume" ? "meter gas" : "meter", reading.EquipmentId)));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    public void A_greatest_value_has_no_say_whether_its_column_is_blank_or_not(string demand)
    {
        _bench.RunText($"Month,Main kWh,Max demand kW,Boiler gas m3\n2024-01,5,{demand},1\n2024-02,4,{demand},2\n2024-03,4,{demand},3\n");

        Assert.Equal(["meter", "meter gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Theory]
    [InlineData("Fernwärme Nord.csv")]
    [InlineData("Heat meter north.csv")]
    public void The_water_of_a_heat_meter_stays_with_it(string fileName)
    {
        _bench.RunText("Time,Energy kWh,Water m3\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", fileName: fileName);

        Assert.Single(_bench.Facts.Meters);
    }

    [Fact]
    public void Columns_of_one_carrier_that_are_blank_in_a_file_are_several_all_the_same()
    {
        _bench.RunText("Month,Main kWh,HVAC kWh,Boiler gas m3\n2024-01,5,,1\n2024-02,4,,2\n2024-03,4,,3\n");

        Assert.Equal(["Main", "meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void Names_of_files_tell_carriers_as_headers_do()
    {
        _bench.RunText("Time,Gas m3,Supply kWh\n2024-01-01 00:00,5,1\n", fileName: "Electricity main.csv");
        Assert.Equal(["Electricity main", "Electricity main gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());

        _bench.RunText("Time,Boiler gas m3,House kWh\n2024-01-01 00:00,5,1\n", fileName: "Gas north.csv");
        Assert.Equal(["Gas north"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void What_is_of_no_carrier_of_its_own_stays_with_electricity()
    {
        _bench.RunText("Time,Main kWh,Power factor,Voltage V,Boiler gas m3,Temperature C\n2024-01-01 00:00,5,0.9,230,1,20\n2024-01-01 01:00,4,0.8,231,2,21\n");

        Assert.Equal([("meter", "electricity"), ("meter gas", "gas")], Meters);
        Assert.Equal([0.9, 0.8], _bench.Values("meter", "power_factor").Select(value => value.Value));
        Assert.Equal([230.0, 231], _bench.Values("meter", "voltage").Select(value => value.Value));
        Assert.Equal([20.0, 21], _bench.Values("meter", "temperature").Select(value => value.Value));
        Assert.All(_bench.Readings.Where(reading => reading.EquipmentId == "meter gas"), reading => Assert.Equal("gas_volume", Assert.Single(reading.Values).Metric));
    }

    [Theory]
    [InlineData("Energy (kWh),Gas (m³)", "5,1", "4,2")]
    [InlineData("Total kWh,Boiler gas m³", "5,1", "4,2")]
    [InlineData("Gas (m³),Billed (kWh)", "1,5", "2,9")]
    [InlineData("Gas main (m³),Main (kWh)", "1,5", "2,9")]
    [InlineData("Gas (m³),Gas (kWh)", "1,5", "2,9")]
    [InlineData("Gas (m³),Supply kWh", "1,11.1", "2,22.3")]
    [InlineData("Gas (m³),Supply kWh", "0,0", "0,0")]
    [InlineData("Gas volume (m³),Gross energy (kWh)", "1,5", "2,9")]
    [InlineData("Boiler gas m³,Boiler kWh", "1,5", "2,9")]
    [InlineData("Boiler gas m³,Boiler plant kWh", "1,5", "2,9")]
    [InlineData("Boiler gas m³,Billed energy kWh", "1,5", "2,9")]
    [InlineData("Gas meter reading (m³),Boiler kWh", "12000,1050", "12100,1040")]
    [InlineData("Gas meter reading (m³),Boiler meter reading (kWh)", "12000,140000", "12100,141050")]
    [InlineData("Gas m3,Boiler 1 kW", "1,5", "2,9")]
    [InlineData("Boiler gas m³,House kWh,Brennwert", "1,5,11", "2,9,11")]
    [InlineData("Gas m³,House kWh,Brennwert", "1,5,11", "2,9,11")]
    [InlineData("Heat pump kW,Total energy kWh", "1,5", "2,9")]
    [InlineData("Main kW,Water heater kWh", "1,5", "2,9")]
    [InlineData("Gas m³,Battery V", "1,5", "2,9")]
    [InlineData("energy,gas_volume", "1,5", "2,9")]
    [InlineData("Thermal energy kWh,Water m3,Heat pump kW", "5,1,5", "4,2,4")]
    public void What_may_be_of_one_carrier_stays_one_meter(string headers, string first, string second)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,{first}\n2024-01-01 01:00,{second}\n");

        Assert.Equal(["meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void The_heat_of_a_meter_and_the_water_that_brings_it_stay_together()
    {
        _bench.RunText("Time,WMZ1 Heat (kWh),WMZ1 Water (m3),WMZ1 Power (kW)\n2024-01-01 00:00,5,1,5\n2024-01-01 01:00,4,2,4\n");

        Assert.Equal(["WMZ1"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void One_building_above_its_columns_is_the_file_s_meter()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Sheet1");
            sheet.Cell("B1").Value = "Building A";
            sheet.Range("B1:C1").Merge();
            sheet.Cell("A2").InsertData(new[] { new object[] { "Month", "Electricity kWh", "Gas m3" } });
            sheet.Cell("A3").InsertData(Enumerable.Range(1, 3).Select(month => new object[] { new DateTime(2024, month, 1), 100 + month, month }));
        });

        Assert.Equal([("meter", "electricity"), ("meter gas", "gas")], Meters);
    }

    [Fact]
    public void With_several_columns_of_one_carrier_they_have_the_names_and_a_lone_one_is_the_file_s()
    {
        _bench.RunText($"Time,Main kWh,HVAC kWh,Boiler gas m3\n{Rows}");

        Assert.Equal([("HVAC", null), ("Main", null), ("meter", "gas")], Meters);
    }

    [Fact]
    public void Gas_that_begins_farther_down_is_a_part_too()
    {
        var empty = string.Concat(Enumerable.Range(0, 600).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{5 + (hour % 3)},\n"));

        _bench.RunText($"Time,Main kWh,Boiler gas m3\n{empty}2024-02-01 00:00,5,1\n2024-02-01 01:00,4,2\n");

        Assert.Equal([1.0, 2], _bench.Values("meter gas", "gas_volume").Select(value => value.Value));
    }

    [Fact]
    public void Equipment_that_the_request_names_has_all_of_its_metrics()
    {
        _bench.RunText($"Time,Main kWh,Boiler gas m3,Cold water m3\n{Rows}", new ImportForm { EquipmentId = "hva" });

        Assert.Equal(["hva"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal(["energy", "gas_volume", "water_volume"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
    }

    [Theory]
    [InlineData("{}", "meter gas")]
    [InlineData("{\"columns\": [{\"column\": \"Main kWh\", \"metric\": \"energy\"}, {\"column\": \"Boiler gas m3\", \"metric\": \"gas_volume\"}]}", "meter")]
    [InlineData("{\"columns\": [{\"column\": \"Boiler gas m3\", \"metric\": \"gas_volume\"}]}", "meter")]
    [InlineData("{\"columns\": [{\"column\": \"Boiler gas m3\", \"metric\": \"gas_volume\", \"part\": \"gas\"}]}", "meter gas")]
    [InlineData("{\"columns\": [{\"column\": \"Boiler gas m3\", \"metric\": \"gas_volume\", \"equipment_id\": \"G-1\"}]}", "G-1")]
    [InlineData("{\"equipment\": {\"meter\": \"House-1\"}}", "House-1")]
    [InlineData("{\"equipment\": {\"meter\": \"House-1\", \"meter gas\": \"Gas-1\"}}", "Gas-1")]
    [InlineData("{\"equipment\": {\"meter gas\": \"Gas-1\"}}", "Gas-1")]
    public void What_a_mapping_says_of_columns_or_of_the_meter_counts_before_their_headers(string mapping, string gas)
    {
        _bench.RunText(
            "Time,Main kWh,Boiler gas m3\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n",
            new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(mapping, EmsJson.Options) });

        Assert.Equal([1.0, 2], _bench.Values(gas, "gas_volume").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Main kWh,Boiler kWh", "meter", "meter gas")]
    [InlineData("Energy kWh,Gas kWh", "meter", "meter gas")]
    [InlineData("kWh,Boiler kWh", "meter", "meter gas")]
    [InlineData("HT kWh,NT kWh", "meter", "meter gas")]
    public void A_part_that_a_mapping_names_is_one_though_another_column_has_the_same_metric(string headers, string meter, string part)
    {
        var (main, other) = (headers.Split(',')[0], headers.Split(',')[1]);
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", Parts(new(main) { Metric = "energy" }, new(other) { Metric = "energy", Part = "gas" }));

        Assert.Equal([meter, part], _bench.Facts.Meters.Select(found => found.EquipmentId).Order());
        Assert.Equal([1.0, 2], _bench.Values(part, "energy").Select(value => value.Value));
        Assert.Equal([5.0, 4], _bench.Values(meter, "energy").Select(value => value.Value));
    }

    [Fact]
    public void Columns_of_one_header_are_told_apart_by_their_parts()
    {
        _bench.RunText("Time,kWh,kWh\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", Parts(new("kWh") { Metric = "energy", Position = 2 }, new("kWh") { Metric = "energy", Part = "gas", Position = 3 }));

        Assert.Equal([1.0, 2], _bench.Values("meter gas", "energy").Select(value => value.Value));
        Assert.Equal([5.0, 4], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Other_columns_are_named_beside_a_told_part_as_they_are_without_it()
    {
        _bench.RunText(
            $"Time,Main kWh,HVAC kWh,Boiler kWh\n{Rows}",
            Parts(new("Main kWh") { Metric = "energy" }, new("HVAC kWh") { Metric = "energy" }, new("Boiler kWh") { Metric = "energy", Part = "gas" }));

        Assert.Equal(["HVAC", "Main", "meter gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Fact]
    public void Parts_of_equipment_that_the_request_names_are_its_own()
    {
        _bench.RunText(
            "Time,Main kWh,Boiler kWh\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n",
            Parts(new("Main kWh") { Metric = "energy" }, new("Boiler kWh") { Metric = "energy", Part = "gas" }) with { EquipmentId = "hva" });

        Assert.Equal(["hva", "hva gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Fact]
    public void Two_columns_of_one_metric_and_one_told_part_are_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            "Time,Main kWh,Boiler kWh\n2024-01-01 00:00,5,1\n", Parts(new("Main kWh") { Metric = "energy", Part = "gas" }, new("Boiler kWh") { Metric = "energy", Part = "gas" }))).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
    }

    [Theory]
    [InlineData("Electricity kWh,Gas kWh,Boiler kWh")]
    [InlineData("Electricity kWh,Boiler kWh,Gas kWh")]
    public void A_told_part_that_a_header_names_too_is_asked_about_in_any_order(string headers)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1,2\n", Parts(new MappedColumn("Boiler kWh") { Metric = "energy", Part = "gas" }))).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
    }

    [Theory]
    [InlineData("kWh,Therms")]
    [InlineData("Therms,kWh")]
    public void Therms_beside_kWh_are_asked_about_and_the_guess_has_them_as_a_meter_of_gas(string headers)
    {
        var text = $"Bill Date,{headers}\n2024-02-15,320,190\n2024-03-16,350,150\n2024-04-16,310,140\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Account.csv")).Fault;

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Account.csv");

        Assert.Contains("\"part\":\"gas\"", fault.Message, StringComparison.Ordinal);
        Assert.Equal([("Account", null), ("Account gas", "gas")], Meters);
        Assert.Equal(6, _bench.Told.Count);
    }

    private static ImportForm Parts(params MappedColumn[] columns) => new() { Mapping = new ImportMapping { Columns = columns } };

    [Fact]
    public void What_is_proposed_reads_the_same_file_and_that_of_another_house_as_the_headers_do()
    {
        const string Text = "Time,Main kWh,Boiler gas m3\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n";
        var proposed = ColumnProposals.Join([.. _bench.RunText(Text, fileName: "house1.csv").Facts.Sheets.Select(sheet => sheet.Layout)]);
        var form = new ImportForm { Mapping = MappingChecks.AsSent(new ImportMapping { Columns = proposed }) };

        foreach (var house in (string[])["house1", "house2"])
        {
            _bench.RunText(Text, form, $"{house}.csv");
            Assert.Equal([house, $"{house} gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        }
    }

    [Theory]
    [InlineData("Meter ID,M1,M2", "Description,Main,HVAC", "M1 Main,M2 HVAC")]
    [InlineData("Meter ID,M1,M2", "Description,Incomer,Lift", "M1 Incomer,M2 Lift")]
    public void Ids_above_names_of_two_houses_are_joined_with_them(string first, string second, string meters)
    {
        _bench.RunText($"{first}\n{second}\nUnit,kWh,kWh\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(meters, string.Join(',', _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Ids_that_are_merged_over_several_columns_tear_no_meter_in_two()
    {
        _bench.RunText("Meter ID,M-001,,M-002,\nDescription,Main,,HVAC,\nUnit,kWh,kW,kWh,kW\n2024-01-01 00:00,5,1,2,3\n2024-01-01 01:00,4,2,3,4\n");

        Assert.Equal(["M-001 Main", "M-002 HVAC"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal));
        Assert.Equal([1.0, 2], _bench.Values("M-001 Main", "active_power").Select(value => value.Value));
    }
}
