using ClosedXML.Excel;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns beside each other of what is not counted together: electricity, gas, water.</summary>
public sealed class CarrierLayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Electricity (kWh)", "Gas (kWh)", "electricity", "energy", "gas", "energy")]
    [InlineData("Electricity kWh", "Gas m³", "electricity", "energy", "gas", "gas_volume")]
    [InlineData("Strom (kWh)", "Wasser (m³)", "electricity", "energy", "water", "water_volume")]
    [InlineData("Elec Usage (kWh)", "Natural Gas Usage (therms)", "electricity", "energy", "gas", "energy")]
    [InlineData("Gas (m³)", "Water (m³)", "gas", "gas_volume", "water", "water_volume")]
    public void Columns_of_two_carriers_are_a_meter_for_each(string first, string second, string one, string metric, string other, string otherMetric)
    {
        _bench.RunText($"Month,{first},{second}\n2024-01,100,7\n2024-02,101,8\n2024-03,99,9\n");

        Assert.Equal([($"meter {one}", one), ($"meter {other}", other)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
        Assert.Equal([100.0, 101, 99], _bench.Values($"meter {one}", metric).Select(value => value.Value));
        Assert.Equal(3, _bench.Values($"meter {other}", otherMetric).Count());
        Assert.Equal(6, _bench.Readings.Count);
    }

    [Fact]
    public void Carriers_of_meters_that_the_rows_name_are_apart_and_what_is_of_no_carrier_stays_with_the_meter()
    {
        _bench.RunText("Building,Month,Electricity (kWh),Gas (kWh),Water (m³),Temperature (°C)\nNorth,2024-01,1,2,3,4\nSouth,2024-01,5,6,7,8\n");

        Assert.Equal(
            [
                ("North", null), ("North electricity", "electricity"), ("North gas", "gas"), ("North water", "water"),
                ("South", null), ("South electricity", "electricity"), ("South gas", "gas"), ("South water", "water"),
            ],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
        Assert.Equal([6.0], _bench.Values("South gas", "energy").Select(value => value.Value));
        Assert.Equal([8.0], _bench.Values("South", "temperature").Select(value => value.Value));
    }

    private void RunServices(string header, string unit, string otherUnit) => _bench.RunWorkbook(workbook =>
    {
        foreach (var (name, of) in ((string, string)[])[("Elec", unit), ("Gas", otherUnit)])
        {
            var sheet = workbook.AddWorksheet(name);
            string[] cells = header.Length > 0 ? ["Site", "Month", $"Consumption ({of})"] : ["Month", $"North {of}", $"South {of}"];
            for (var column = 0; column < cells.Length; column++)
            {
                sheet.Cell(1, column + 1).Value = cells[column];
            }

            for (var row = 0; row < 6; row++)
            {
                sheet.Cell(row + 2, 1).Value = header.Length > 0 ? row < 3 ? "North" : "South" : $"2024-0{row + 1}";
                sheet.Cell(row + 2, 2).Value = header.Length > 0 ? $"2024-0{(row % 3) + 1}" : name.Length * 100 + row;
                sheet.Cell(row + 2, 3).Value = name.Length * 100 + row;
            }
        }
    });

    [Theory]
    [InlineData("Site", "kWh", "kWh", "energy")]
    [InlineData("Site", "kWh", "m3", "gas_volume")]
    [InlineData("", "kWh", "kWh", "energy")]
    public void Sheets_of_several_carriers_that_name_the_same_meters_have_a_meter_each(string header, string unit, string otherUnit, string metric)
    {
        RunServices(header, unit, otherUnit);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([("North electricity", "electricity"), ("North gas", "gas"), ("South electricity", "electricity"), ("South gas", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
        Assert.Equal([400.0, 401, 402], _bench.Values("North electricity", "energy").Take(3).Select(value => value.Value));
        Assert.Equal([300.0, 301, 302], _bench.Values("North gas", metric).Take(3).Select(value => value.Value));
        Assert.Contains("a meter per carrier: gas", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Energy", "Gas", true)]
    [InlineData("Gas", "Energy", false)]
    [InlineData("kWh", "Gas", false)]
    [InlineData("Energie 2024", "Heat", true)]
    [InlineData("Power", "Gas", false)]
    public void Beside_a_sheet_that_names_its_carrier_one_that_only_speaks_of_energy_keeps_its_meters(string name, string other, bool isMatrix)
    {
        var (plain, named) = name == "Gas" ? (other, name) : (name, other);
        RunSheets(isMatrix, name, other);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([("North", null), ($"North {named.ToLowerInvariant()}", named.ToLowerInvariant())], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
        Assert.Equal([plain.Length, plain.Length + 1.0, plain.Length + 2], _bench.Values("North", "energy").Select(value => value.Value));
        Assert.Equal([named.Length, named.Length + 1.0, named.Length + 2], _bench.Values($"North {named.ToLowerInvariant()}", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Gas 2024", "2023")]
    [InlineData("Gas", "Continued")]
    [InlineData("Gas H1", "H2")]
    [InlineData("Sheet1", "Gas")]
    [InlineData("Gas", "Usage")]
    [InlineData("Water park", "Motel")]
    [InlineData("Water park", "Energy")]
    public void Sheets_that_say_nothing_of_it_and_places_go_on_in_the_same_meters(string name, string other)
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (sheet, first) in new[] { (name, 1), (other, 4) })
            {
                Fill(workbook.AddWorksheet(sheet), ["Site", "Month", "Usage (kWh)"], 3, i => ["North", $"2024-0{first + i}", first + i]);
            }
        });

        Assert.Equal([1, 2.0, 3, 4, 5, 6], _bench.Values("North", "energy").Select(value => value.Value));
        Assert.NotEqual("water", Assert.Single(_bench.Facts.Meters).Carrier);
    }

    [Theory]
    [InlineData("Energy and gas 2024.xlsx", null)]
    [InlineData("Gas 2024.xlsx", "gas")]
    public void A_sheet_of_energy_in_a_file_of_energy_and_gas_is_not_of_the_gas_of_another_sheet(string fileName, string? carrier)
    {
        RunSheets(isMatrix: false, fileName, ["Energy", "Gas"]);

        Assert.Equal(carrier, _bench.Facts.Meters.Single(meter => meter.EquipmentId == "North").Carrier);
        Assert.Equal(carrier is null, _bench.Facts.Meters.Any(meter => meter.EquipmentId == "North gas"));
    }

    [Fact]
    public void It_does_not_go_on_in_a_meter_of_the_other_carrier()
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["North"] = new(null, false) { Carrier = "gas" } });
        RunSheets(isMatrix: false, "Energy", "Gas");

        Assert.Equal([3, 4.0, 5], _bench.Values("North", "energy").Select(value => value.Value));
        Assert.Equal([6, 7.0, 8], _bench.Values("North electricity", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Sheets_of_one_carrier_and_what_is_no_amount_leave_its_meters_as_they_are()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, header) in new[] { ("Gas", "Usage (kWh)"), ("Weather", "Temperature (°C)") })
            {
                Fill(workbook.AddWorksheet(name), ["Site", "Month", header], 3, i => ["North", $"2024-0{i + 1}", name.Length + i]);
            }
        });

        Assert.Equal(["North"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    private void RunSheets(bool isMatrix, params string[] names) => RunSheets(isMatrix, "meter.xlsx", names);

    private void RunSheets(bool isMatrix, string fileName, string[] names) => _bench.RunWorkbook(fileName: fileName, fill: workbook =>
    {
        foreach (var name in names)
        {
            var sheet = workbook.AddWorksheet(name);
            if (isMatrix)
            {
                Fill(sheet, ["Usage (kWh)"], 0, _ => []);
                (sheet.Cell(2, 1).Value, sheet.Cell(3, 1).Value) = ("Site", "North");
                for (var i = 0; i < 3; i++)
                {
                    (sheet.Cell(2, i + 2).Value, sheet.Cell(3, i + 2).Value) = ($"2024-0{i + 1}", name.Length + i);
                }
            }
            else
            {
                Fill(sheet, ["Site", "Month", "Usage (kWh)"], 3, i => ["North", $"2024-0{i + 1}", name.Length + i]);
            }
        }
    });

    private static void Fill(IXLWorksheet sheet, string[] headers, int rows, Func<int, object[]> row)
    {
        for (var i = -1; i < rows; i++)
        {
            var cells = i < 0 ? headers : row(i);
            for (var column = 0; column < cells.Length; column++)
            {
                sheet.Cell(i + 2, column + 1).Value = cells[column];
            }
        }
    }

    [Fact]
    public void A_later_file_of_one_of_the_carriers_goes_on_in_its_meter_and_meters_of_the_plain_name_go_on_in_theirs()
    {
        static KnownMeter Of(string carrier) => new(null, false) { Carrier = carrier };
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["North gas"] = Of("gas"), ["South"] = Of("gas"), ["South gas"] = Of("gas"), ["Hall"] = Of("electricity"), ["Hall gas"] = Of("gas") });
        _bench.RunText("Site,Month,Consumption (kWh)\nNorth,2024-01,1\nNorth,2024-02,2\nSouth,2024-01,3\nSouth,2024-02,4\nHall,2024-01,5\nHall,2024-02,6\n", fileName: "Gas 2025.csv");

        Assert.Equal(["Hall gas", "North gas", "South"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Sheets_of_one_carrier_have_the_same_meters()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, unit) in ((string, string)[])[("Gas volume", "m3"), ("Gas energy", "kWh")])
            {
                var sheet = workbook.AddWorksheet(name);
                (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value, sheet.Cell(1, 3).Value) = ("Site", "Month", $"Consumption ({unit})");
                (sheet.Cell(2, 1).Value, sheet.Cell(2, 2).Value, sheet.Cell(2, 3).Value) = ("North", "2024-01", 5);
                (sheet.Cell(3, 1).Value, sheet.Cell(3, 2).Value, sheet.Cell(3, 3).Value) = ("North", "2024-02", 4);
            }
        });

        Assert.Equal([("North", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)));
    }

    [Theory]
    [InlineData("Volume consommé (m3),Energie consommée (kWh),Coefficient de conversion", "gas")]
    [InlineData("Volume (m3),Energy (kWh),Conversion factor", "gas")]
    [InlineData("Water (m3),Energy (kWh),Conversion factor", null)]
    [InlineData("Energy (kWh),Conversion factor", null)]
    [InlineData("Volume (m3),Energy (kWh),Carbon conversion factor", null)]
    [InlineData("Production (m3),Energy (MWh),Conversion factor", null)]
    [InlineData("Volume (m3),Energy (kWh),Conversion factor", "heat", "District heating log.csv")]
    public void A_factor_between_a_volume_and_its_energy_is_one_of_gas_unless_something_else_flows(string headers, string? carrier, string fileName = "meter.csv")
    {
        var cells = headers.Contains("m3", StringComparison.Ordinal) ? "10,110,11.1" : "110,11.1";
        var other = headers.Contains("m3", StringComparison.Ordinal) ? "8,88,11.1" : "88,11.1";
        _bench.RunText($"Date,{headers}\n2024-01-13,{cells}\n2024-01-14,{other}\n2024-01-15,{cells}\n", fileName: fileName);

        Assert.Equal(carrier, _bench.Facts.Meters.Single(meter => meter.EquipmentId == Path.GetFileNameWithoutExtension(fileName)).Carrier);
    }

    [Fact]
    public void The_number_of_a_point_of_gas_names_the_meter_and_its_carrier()
    {
        _bench.RunText("Numéro PCE;GI123456\n\nDate de relevé;Energie consommée (kWh)\n2024-01-13;110\n2024-01-14;88\n2024-01-15;99\n");

        Assert.Equal([("GI123456", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)));
    }

    [Theory]
    [InlineData("Electricity (kWh),Power (kW)", "energy")]
    [InlineData("Gas (m³),Gas (kWh)", "gas_volume")]
    [InlineData("Solar (kWh),Voltage (V)", "energy")]
    public void Columns_of_one_carrier_stay_one_meter(string headers, string metric)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(["meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal([5.0, 4], _bench.Values("meter", metric).Select(value => value.Value));
    }

    [Fact]
    public void The_total_of_carriers_is_left_out_and_no_carrier_s_meter()
    {
        _bench.RunText("Month,Elec (kWh),Gas (kWh),Total (kWh)\n2024-01,100,50,150\n2024-02,110,40,150\n2024-03,90,60,150\n");

        Assert.Equal([100.0, 110, 90], _bench.Values("Elec", "energy").Select(value => value.Value));
        Assert.Equal([50.0, 40, 60], _bench.Values("Gas", "energy").Select(value => value.Value));
        Assert.Equal(6, _bench.Readings.Count);
        Assert.Equal("Total (kWh)", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("gas_m3,elec_kWh,outdoor_temp_C", "hva", "energy,gas_volume,temperature")]
    [InlineData("energy,gas_volume,water_volume", null, "energy,gas_volume,water_volume")]
    public void Carriers_of_one_meter_that_the_sender_or_the_metrics_name_stay_with_it(string headers, string? equipment, string metrics)
    {
        _bench.RunText($"timestamp,{headers}\n2024-01-01 00:00,62,9,5\n2024-01-01 01:00,61,8,4.5\n", new ImportForm { EquipmentId = equipment });

        Assert.Equal([equipment ?? "meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal(metrics.Split(','), _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
        Assert.Equal([equipment ?? "meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void Carriers_that_share_a_metric_are_apart_whoever_names_the_equipment()
    {
        _bench.RunText("Month,Electricity (kWh),Gas (kWh)\n2024-01,100,7\n2024-02,101,8\n", new ImportForm { EquipmentId = "hva" });

        Assert.Equal(["hva electricity", "hva gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Theory]
    [InlineData("Month,Water (kGal),Sewer (kGal)", "2024-01,4,3\n2024-02,5,4\n", "meter")]
    [InlineData("Month,Water (kGal),Wastewater (kGal)", "2024-01,4,3\n2024-02,5,4\n", "meter")]
    [InlineData("Month,Water (kGal),Waste Water (kGal)", "2024-01,4,3\n2024-02,5,4\n", "meter")]
    [InlineData("Month,Water Usage (kGal),Sewer Water (kGal)", "2024-01,4,3\n2024-02,5,4\n", "meter")]
    [InlineData("Building,Month,Water Usage (kGal),Sewer Usage (kGal)", "North,2024-01,4,3\nSouth,2024-01,5,4\n", "North,South")]
    public void What_flows_away_is_no_water_used(string headers, string rows, string meters)
    {
        _bench.RunText($"{headers}\n{rows}");

        Assert.Equal(meters.Split(','), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal([15.142, 18.927], _bench.Readings.SelectMany(reading => reading.Values).Select(value => Math.Round(value.Value, 3)).Order());
        Assert.Equal(headers.Split(',')[^1], _bench.Assumed("left_out"));
    }

    [Fact]
    public void What_is_measured_says_what_flows_through_a_meter()
    {
        _bench.RunText(
            "Meter,Quantity,Unit,Timestamp,Value\nA1,Gas consumption,m3,2024-01-01 00:00,1\nA2,Water consumption,m3,2024-01-01 00:00,2\nA3,Energy,kWh,2024-01-01 00:00,3\n"
            + "A1,Gas consumption,m3,2024-01-01 01:00,1\nA2,Water consumption,m3,2024-01-01 01:00,2\nA3,Energy,kWh,2024-01-01 01:00,3\n");

        Assert.Equal([("A1", "gas"), ("A2", "water"), ("A3", null)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
    }

    [Fact]
    public void The_name_of_a_meter_says_what_its_volumes_are_of_and_no_more()
    {
        _bench.RunText(
            "Meter,Unit,Timestamp,Value\nGas main,m3,2024-01-01 00:00,1\nWater main,m3,2024-01-01 00:00,2\nHeat pump,kWh,2024-01-01 00:00,3\n"
            + "Gas main,m3,2024-01-01 01:00,1\nWater main,m3,2024-01-01 01:00,2\nHeat pump,kWh,2024-01-01 01:00,3\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([1.0, 1], _bench.Values("Gas main", "gas_volume").Select(value => value.Value));
        Assert.Equal([2.0, 2], _bench.Values("Water main", "water_volume").Select(value => value.Value));
        Assert.Equal([3.0, 3], _bench.Values("Heat pump", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_type_says_what_volumes_are_of_and_which_way_it_flows_though_most_rows_name_no_carrier()
    {
        _bench.RunText(
            "entity_id,type,unit,2026-01-05T10:00:00.000Z,2026-01-05T11:00:00.000Z,2026-01-05T12:00:00.000Z\nsensor.a,grid_consumption,kWh,1,2,1\nsensor.b,grid_return,kWh,3,4,1\nsensor.c,gas_consumption,m³,5,6,1\n"
            + "sensor.d,water_consumption,L,7,8,1\nsensor.e,device_consumption,kWh,9,10,1\nsensor.f,device_consumption,kWh,9,10,1\n");

        Assert.Equal([5.0, 6, 1], _bench.Values("sensor.c", "gas_volume").Select(value => value.Value));
        Assert.Equal([0.007, 0.008, 0.001], _bench.Values("sensor.d", "water_volume").Select(value => value.Value));
        Assert.Equal([-3.0, -4, -1], _bench.Values("sensor.b", "energy").Select(value => value.Value));
        Assert.Equal(["sensor.b"], _bench.Facts.Meters.Where(meter => meter.IsExport).Select(meter => meter.EquipmentId));
        Assert.Equal([("sensor.c", "gas"), ("sensor.d", "water")], _bench.Facts.Meters.Where(meter => meter.Carrier is not null).Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
    }

    [Fact]
    public void What_is_called_after_water_and_counts_energy_is_no_meter_of_water()
    {
        _bench.RunText("Meter Name,Time,Energy (kWh)\nWater heater,2024-01-01 00:00,1\nWater heater,2024-01-01 01:00,2\nGas burner,2024-01-01 00:00,3\n");

        Assert.Equal([("Gas burner", "gas"), ("Water heater", null)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
    }

    [Fact]
    public void A_volume_of_nothing_that_is_known_says_what_to_do()
    {
        _bench.RunText("Meter,Unit,Timestamp,Value\nM1,m3,2024-01-01 00:00,1\nM2,kWh,2024-01-01 00:00,2\n");

        Assert.Contains("add a column Type", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_of_gas_and_water_are_those_that_the_headers_name()
    {
        _bench.RunText("Date,Boiler 1 gas (m³),Boiler 2 water (m³)\n2024-01-01,100,10\n2024-01-02,105,11\n2024-01-03,103,12\n");

        Assert.Equal(["Boiler 1", "Boiler 2"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Gas reading (m3),Cold water reading (m3)")]
    [InlineData("Boiler gas (m³),Kitchen water (m³)")]
    public void No_meter_counts_gas_and_water(string headers)
    {
        _bench.RunText($"Date,{headers}\n2024-01-01,100,10\n2024-01-02,105,11\n2024-01-03,103,12\n");

        Assert.Equal(["meter gas", "meter water"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_total_of_carriers_that_have_no_other_name_is_left_out_too()
    {
        _bench.RunText("Month,Electricity (kWh),Gas (kWh),Total (kWh)\n2024-01,100,50,150\n2024-02,110,40,150\n2024-03,90,61,151\n");

        Assert.Equal([("meter electricity", "electricity"), ("meter gas", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
        Assert.Equal((300, 151), (_bench.Sum("meter electricity", "energy"), _bench.Sum("meter gas", "energy")));
        Assert.Equal("Total (kWh)", _bench.Assumed("left_out"));
    }

    [Fact]
    public void What_is_no_sum_of_them_is_asked_about() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,Electricity (kWh),Gas (kWh),Total (kWh)\n2024-01,100,50,170\n2024-02,110,40,190\n2024-03,90,61,151\n"));
}
