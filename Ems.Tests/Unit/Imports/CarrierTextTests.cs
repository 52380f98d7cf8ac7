using ClosedXML.Excel;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Tests.Unit.Imports;

/// <summary>What flows through meters where only the texts around their values say it.</summary>
public sealed class CarrierTextTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Wasserzähler Keller.csv", "Consumption (m³)", "water_volume")]
    [InlineData("Gaszähler 7.csv", "Consumption_m3", "gas_volume")]
    [InlineData("Wasserzaehler Keller.csv", "Consumption (m³)", "water_volume")]
    [InlineData("Kaltwasserzähler.csv", "Verbrauch (m3)", "water_volume")]
    public void A_compound_in_the_name_of_a_file_says_what_its_only_volume_is_of(string file, string header, string metric)
    {
        _bench.RunText($"Date;{header}\n2024-01-01;5\n2024-01-02;6\n2024-01-03;4\n", fileName: file);

        Assert.Equal([(Path.GetFileNameWithoutExtension(file), metric)], _bench.Facts.Mapping.Select(column => (_bench.Readings[0].EquipmentId, column.Metric)));
    }

    [Theory]
    [InlineData("verbruik_gas_d.csv", "m³", "gas_volume", "gas")]
    [InlineData("gas_c.csv", "kWh", "energy", "gas")]
    [InlineData("Water_e.csv", "m³", "water_volume", "water")]
    [InlineData("Water pumps.csv", "kWh", "energy", null)]
    [InlineData("elec.csv", "kWh", "energy", null)]
    public void The_name_of_a_file_says_what_rows_with_a_unit_are_of(string file, string unit, string metric, string? carrier)
    {
        _bench.RunText($"Date,EAN,Volume,Unit\n2026-01-01,541448800000000059,11,{unit}\n2026-01-02,541448800000000059,12,{unit}\n", fileName: file);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((metric, carrier), (_bench.Readings[0].Values.Single().Metric, Assert.Single(_bench.Facts.Meters).Carrier));
    }

    [Theory]
    [InlineData("Fjärrvärme (MWh)", "energy", "heat")]
    [InlineData("Fjernvarme (MWh)", "energy", "heat")]
    [InlineData("Kaukolämpö (MWh)", "energy", "heat")]
    [InlineData("Chauffage urbain (MWh)", "energy", "heat")]
    [InlineData("Teleriscaldamento (MWh)", "energy", "heat")]
    [InlineData("Stadsverwarming (GJ)", "energy", "heat")]
    [InlineData("FERNWAERME (MWh)", "energy", "heat")]
    [InlineData("Naturgas (kWh)", "energy", "gas")]
    [InlineData("Maakaasu (MWh)", "energy", "gas")]
    [InlineData("Metano (Smc)", "gas_volume", "gas")]
    [InlineData("Vatten (m3)", "water_volume", "water")]
    [InlineData("Plyn (kWh)", "energy", "gas")]
    [InlineData("Zemní plyn (kWh)", "energy", "gas")]
    [InlineData("Földgáz (kWh)", "energy", "gas")]
    [InlineData("Doğalgaz (kWh)", "energy", "gas")]
    [InlineData("Газ (kWh)", "energy", "gas")]
    [InlineData("Φυσικό αέριο (kWh)", "energy", "gas")]
    [InlineData("ガス (kWh)", "energy", "gas")]
    [InlineData("天然气 (kWh)", "energy", "gas")]
    [InlineData("Vapeur (kWh)", "energy", "heat")]
    [InlineData("Dampf (kWh)", "energy", "heat")]
    [InlineData("Nahwärme (kWh)", "energy", "heat")]
    [InlineData("Calore (kWh)", "energy", "heat")]
    [InlineData("Ciepło (kWh)", "energy", "heat")]
    [InlineData("Teplo (kWh)", "energy", "heat")]
    [InlineData("Távhő (kWh)", "energy", "heat")]
    [InlineData("Toplina (kWh)", "energy", "heat")]
    [InlineData("Тепло (kWh)", "energy", "heat")]
    [InlineData("Θέρμανση (kWh)", "energy", "heat")]
    [InlineData("Froid (kWh)", "energy", "cooling")]
    [InlineData("Frío (kWh)", "energy", "cooling")]
    [InlineData("Køling (kWh)", "energy", "cooling")]
    [InlineData("Chłód (kWh)", "energy", "cooling")]
    public void A_header_names_it_in_other_languages_and_units(string header, string metric, string carrier)
    {
        _bench.RunText($"Date;{header}\n2026-01-01;5\n2026-01-02;6\n2026-01-03;4\n");

        Assert.Equal((metric, carrier), (_bench.Readings[0].Values.Single().Metric, Assert.Single(_bench.Facts.Meters).Carrier));
    }

    [Theory]
    [InlineData("Groupe froid (kWh)")]
    [InlineData("Froid commercial (kWh)")]
    [InlineData("Pompa di calore (kWh)")]
    [InlineData("Pompe à chaleur (kWh)")]
    [InlineData("Bomba de calor 2 (kWh)")]
    public void Devices_that_are_called_after_heat_or_cold_use_electricity(string header)
    {
        _bench.RunText($"Date;{header}\n2026-01-01;5\n2026-01-02;6\n2026-01-03;4\n");

        Assert.Null(Assert.Single(_bench.Facts.Meters).Carrier);
    }

    [Fact]
    public void What_devices_of_a_place_use_is_not_what_its_file_is_called_after()
    {
        _bench.RunText("Time,Meter,Value,Unit\n2026-01-01 00:00,Pump 1,5,kWh\n2026-01-01 01:00,Pump 1,6,kWh\n2026-01-01 00:00,Fan 2,3,kWh\n2026-01-01 01:00,Fan 2,4,kWh\n", fileName: "Gas boiler room.csv");

        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Carrier));
    }

    [Fact]
    public void Volumes_and_energies_of_one_meter_of_gas_are_both_of_gas()
    {
        _bench.RunText("Date,EAN,Volume,Unit\n2026-01-01,541448800000000059,11,m³\n2026-01-01,541448800000000059,123.2,kWh\n2026-01-02,541448800000000059,12,m³\n2026-01-02,541448800000000059,134.4,kWh\n", fileName: "Verbruikshistoriek_gas.csv");

        Assert.Equal(
            ["541448800000000059 energy 2026-01-01 00:00 1d 123.2", "541448800000000059 energy 2026-01-02 00:00 1d 134.4", "541448800000000059 gas_volume 2026-01-01 00:00 1d 11", "541448800000000059 gas_volume 2026-01-02 00:00 1d 12"],
            _bench.Told);
        Assert.All(_bench.Facts.Meters, meter => Assert.Equal("gas", meter.Carrier));
        Assert.Equal("volumes: gas_volume", _bench.Assumed("metric"));
    }

    [Theory]
    [InlineData("Natural gas consumption\n\n", "meter.csv", null, "gas")]
    [InlineData("Natural gas\n", "meter.csv", null, "gas")]
    [InlineData("Gas consumption 2023,\n,\n", "meter.csv", null, "gas")]
    [InlineData("Commodity: Natural Gas\n", "meter.csv", null, "gas")]
    [InlineData("", "Gas usage 2023.csv", null, "gas")]
    [InlineData("", "Fernwärme.csv", null, "heat")]
    [InlineData("", "meter.csv", "Gas main north", "gas")]
    [InlineData("", "Gas usage.csv", "Electricity main", null)]
    [InlineData("Heating fuel: Natural gas\n", "meter.csv", null, null)]
    [InlineData("Pacific Gas and Electric usage\n", "meter.csv", null, null)]
    [InlineData("Northern Gas Networks usage\n", "meter.csv", null, null)]
    [InlineData("Address: 12 Gas Street\n", "meter.csv", null, null)]
    [InlineData("", "Gas Street 5.csv", null, null)]
    [InlineData("", "Heat pump.csv", null, null)]
    [InlineData("", "Water pumps.csv", null, null)]
    [InlineData("", "Cooling.csv", null, null)]
    [InlineData("", "Wood Lane.csv", null, null)]
    [InlineData("", "British Gas 2023.csv", null, null)]
    [InlineData("British Gas usage\n", "meter.csv", null, null)]
    [InlineData("", "Druckluft.csv", null, null)]
    [InlineData("", "Fernwärme Haus 2.csv", null, "heat")]
    [InlineData("", "Wärme Schule.csv", null, "heat")]
    [InlineData("", "Wärmemengenzähler Haus 3.csv", null, "heat")]
    [InlineData("", "WMZ Haus 1.csv", null, "heat")]
    [InlineData("", "Heat meter 1.csv", null, "heat")]
    [InlineData("", "Building 2 heat meter.csv", null, "heat")]
    [InlineData("", "School heat 2024.csv", null, "heat")]
    [InlineData("", "Steam Building A.csv", null, "heat")]
    [InlineData("", "District heating Building 2.csv", null, "heat")]
    [InlineData("", "Chilled water CH1.csv", null, "cooling")]
    [InlineData("", "Kälte Haus 1.csv", null, "cooling")]
    [InlineData("", "Heat pump 1.csv", null, null)]
    [InlineData("", "Pompe à chaleur 1.csv", null, null)]
    [InlineData("", "Chiller 2.csv", null, null)]
    [InlineData("", "Kältemaschine.csv", null, null)]
    [InlineData("", "Heating pump.csv", null, null)]
    [InlineData("", "Heating Hall 2.csv", null, null)]
    [InlineData("", "Water pump.csv", null, null)]
    [InlineData("", "Hot water pump 2.csv", null, null)]
    [InlineData("", "Steam boiler house electricity.csv", null, null)]
    [InlineData("", "Steam boiler 1.csv", null, null)]
    [InlineData("", "Heat tracing north.csv", null, null)]
    [InlineData("", "Heat treatment oven.csv", null, null)]
    [InlineData("", "Kälte Verbund 2.csv", null, null)]
    [InlineData("", "Kälte Küche.csv", null, null)]
    [InlineData("", "Heat tape north.csv", null, null)]
    [InlineData("", "Steam kettle 2.csv", null, null)]
    [InlineData("", "Warmte kracht 1.csv", null, null)]
    [InlineData("", "Steam Street 5.csv", null, null)]
    [InlineData("", "meter.csv", "North heat", "heat")]
    [InlineData("Fernwärme Haus 2\n", "meter.csv", null, "heat")]
    [InlineData("District heating – Building 2\n", "meter.csv", null, "heat")]
    [InlineData("Verbrauch Fernwärme Gebäude A\n", "meter.csv", null, "heat")]
    [InlineData("Natural gas - North Mill\n", "meter.csv", null, null)]
    [InlineData("Natural gas - North Hall\n", "meter.csv", null, "gas")]
    [InlineData("Main house - gas meter 12\n", "meter.csv", null, "gas")]
    [InlineData("CHW Building 1\n", "meter.csv", null, "cooling")]
    [InlineData("Zähler: Fernwärme Haus 2\n", "meter.csv", null, "heat")]
    [InlineData("Stadtwerke Strom Gas Wärme GmbH\n", "meter.csv", null, null)]
    [InlineData("Fernwärme und Strom AG\n", "meter.csv", null, null)]
    [InlineData("Fernwärme Haus 2 GmbH\n", "meter.csv", null, null)]
    [InlineData("Fernwärme Wien\n", "meter.csv", null, null)]
    [InlineData("Gas - not included\n", "meter.csv", null, null)]
    [InlineData("Building 2 without gas\n", "meter.csv", null, null)]
    [InlineData("Gas boiler control in Building 2\n", "meter.csv", null, null)]
    [InlineData("Heat pump Building 2\n", "meter.csv", null, null)]
    [InlineData("Steam Building\n", "meter.csv", null, null)]
    [InlineData("Steam Building 2\n", "meter.csv", null, "heat")]
    [InlineData("Gas Lab\n", "meter.csv", null, null)]
    [InlineData("Gas hall\n", "meter.csv", null, null)]
    [InlineData("Heat shop\n", "meter.csv", null, null)]
    [InlineData("STM hall\n", "meter.csv", null, null)]
    [InlineData("Kälte Halle 1\n", "meter.csv", null, null)]
    [InlineData("", "CHW Building 1.csv", null, "cooling")]
    [InlineData("", "Bldg_21_STM.csv", null, "heat")]
    [InlineData("", "HHW North.csv", null, "heat")]
    [InlineData("", "HTHW Lab.csv", null, "heat")]
    [InlineData("", "DHW Block 3.csv", null, "heat")]
    [InlineData("", "LPHW 2024-01.csv", null, "heat")]
    [InlineData("", "CHW pump 1.csv", null, null)]
    [InlineData("", "DHW heater.csv", null, null)]
    [InlineData("", "CHW and HHW.csv", null, null)]
    [InlineData("", "CHWP-1.csv", null, null)]
    [InlineData("", "STM32 logger.csv", null, null)]
    [InlineData("", "STM electricity.csv", null, null)]
    public void Titles_the_file_and_the_id_say_what_flows(string above, string file, string? equipment, string? carrier)
    {
        _bench.RunText($"{above}Month,Usage (kWh)\nJan-23,5\nFeb-23,7\nMar-23,6\n", new ImportForm { EquipmentId = equipment }, file);

        var meter = Assert.Single(_bench.Facts.Meters);
        Assert.Equal(carrier, meter.Carrier);
        Assert.Equal(carrier is null ? "" : $"{meter.EquipmentId}: {carrier}", _bench.Assumed("carrier"));
        Assert.Equal(3, _bench.Values(meter.EquipmentId, "energy").Count());
    }

    [Theory]
    [InlineData("", "Chilled water plant.csv")]
    [InlineData("Chilled water plant\n", "North.csv")]
    public void Of_a_plant_that_makes_cold_it_is_said_that_it_is_taken_for_what_the_plant_uses(string above, string file)
    {
        _bench.RunText($"{above}Month,Usage (kWh)\nJan-23,5\nFeb-23,7\nMar-23,6\n", fileName: file);

        Assert.Null(Assert.Single(_bench.Facts.Meters).Carrier);
        Assert.Equal($"{Path.GetFileNameWithoutExtension(file)}: electricity", _bench.Assumed("carrier"));
    }

    [Theory]
    [InlineData("Electricity kWh,CHW kWh,HHW kWh", "meter cooling:cooling,meter electricity:electricity,meter heat:heat")]
    [InlineData("B1 Electricity kWh,B1 CHW kWh,B1 HHW kWh", "B1 CHW:cooling,B1 HHW:heat,B1:electricity")]
    public void Codes_of_networks_in_headers_say_it(string headers, string meters)
    {
        _bench.RunText($"Date,{headers}\n2024-01-01,5,6,7\n2024-01-02,6,8,9\n2024-01-03,4,7,8\n");

        Assert.Equal(meters, string.Join(',', _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId}:{meter.Carrier}").Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("DHW (kWh)")]
    [InlineData("DHW Flat 1 (kWh)")]
    [InlineData("Kitchen DHW (kWh)")]
    [InlineData("DHW circulation (kWh)")]
    [InlineData("LTHW CT (kWh)")]
    [InlineData("CHW P1 (kWh)")]
    [InlineData("CHW Comp 1 (kWh)")]
    [InlineData("STM press (kWh)")]
    public void Codes_of_what_electricity_is_used_for_say_nothing(string header)
    {
        _bench.RunText($"Timestamp,Lighting (kWh),Sockets (kWh),{header}\n2024-01-01,5,6,7\n2024-01-02,6,8,9\n2024-01-03,4,7,8\n");

        Assert.NotEmpty(_bench.Facts.Meters);
        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Carrier));
    }

    [Theory]
    [InlineData("Steam Building 2", "Lighting (kWh)", null)]
    [InlineData("Steam Building 2", "Level 1 (kWh)", "heat")]
    [InlineData("Steam consumption", "Lighting (kWh)", "heat")]
    public void The_title_of_a_place_is_none_of_what_lights_it(string title, string header, string? carrier) =>
        Assert.Equal(carrier, CarrierTexts.Find(null, [new SampleRow(1, [Cell.Of(title)])], "Sheet1", "meter.csv", ["Time", "Main (kWh)", header])?.Carrier);

    [Fact]
    public void Pounds_are_of_steam()
    {
        _bench.RunText("Date,Meter,Value,Unit\n2024-01-01,S1,5,klb\n2024-01-02,S1,6,klb\n2024-01-03,S1,4,klb\n");

        Assert.Equal("heat", Assert.Single(_bench.Facts.Meters).Carrier);
    }

    [Theory]
    [InlineData("MLB", "metric=energy and unit=klb")]
    [InlineData("Mlbs", "metric=energy and unit=klb")]
    [InlineData("lbs", "write thousands of pounds there")]
    public void What_other_pounds_are_is_asked_and_the_answer_is_followed(string unit, string answer)
    {
        var text = $"Date,Meter,Value,Unit\n2024-01-01,S1,5,{unit}\n2024-01-02,S1,6,{unit}\n2024-01-03,S1,4,{unit}\n";

        Assert.Contains(answer, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "klb" });

        Assert.Equal("heat", Assert.Single(_bench.Facts.Meters).Carrier);
        Assert.Equal(15 * 349.92686, _bench.Sum("S1", "energy"), 1);
    }

    [Fact]
    public void Water_that_was_heated_is_water_in_cubic_metres()
    {
        _bench.RunText("Zählernummer;Bezeichnung;Ablesedatum;Zählerstand;Einheit\n51;Warmwasser;01.01.2024;200;m³\n52;Wärme;01.01.2024;900;kWh\n51;Warmwasser;01.02.2024;203;m³\n52;Wärme;01.02.2024;990;kWh\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([("51", "water"), ("52", "heat")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
    }

    [Fact]
    public void Each_sheet_says_what_flows_through_its_meter()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, header) in new[] { ("Strom", "Verbrauch (kWh)"), ("Erdgas", "Verbrauch (kWh)"), ("Fernwärme", "Verbrauch (MWh)"), ("Wasser", "Verbrauch (m³)") })
            {
                Fill(workbook.AddWorksheet(name), header);
            }
        });

        Assert.Equal(
            [("Erdgas", "gas"), ("Fernwärme", "heat"), ("Strom", null), ("Wasser", "water")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
        Assert.Equal(3, _bench.Values("Wasser", "water_volume").Count());
        Assert.Contains("Verbrauch (m³): water_volume", _bench.Assumed("metric"), StringComparison.Ordinal);
    }

    [Fact]
    public void Volumes_of_sheets_are_of_what_each_is_called()
    {
        _bench.RunWorkbook(workbook =>
        {
            Fill(workbook.AddWorksheet("Water"), "Usage (m3)");
            Fill(workbook.AddWorksheet("Gas"), "Usage (m3)");
        });

        Assert.Equal(3, _bench.Values("Water", "water_volume").Count());
        Assert.Equal(3, _bench.Values("Gas", "gas_volume").Count());
    }

    [Theory]
    [InlineData("Month,Usage (m3)", "Water.csv", "water_volume", QuantityKind.Interval)]
    [InlineData("Month,Usage (CCF)", "Gas.csv", "gas_volume", QuantityKind.Interval)]
    [InlineData("Month,Zählerstand (m³)", "Wasser.csv", "water_volume", QuantityKind.Register)]
    public void The_file_says_what_a_volume_is_of(string headers, string file, string metric, QuantityKind kind)
    {
        _bench.RunText($"{headers}\n2023-01-01,5\n2023-02-01,7\n2023-03-01,9\n", fileName: file);

        Assert.Equal([(metric, kind)], _bench.Facts.Mapping.Select(column => (column.Metric, column.Kind)));
    }

    [Theory]
    [InlineData("Date,Abwasser (m³)", "1\n", "Wasser.csv")]
    [InlineData("Date,Volume (m3),Volume corrected (m3)", "1,2\n", "Gas.csv")]
    [InlineData("Date,Usage (m3)", "1\n", "Gas and water.csv")]
    [InlineData("Date,Usage (m3)", "1\n", "Hall 3.csv")]
    public void What_stays_open_is_asked(string headers, string values, string file) =>
        Assert.Equal("AMBIGUOUS_MAPPING", Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers}\n2023-01-01,{values}2023-01-02,{values}", fileName: file)).Fault.Code);

    [Fact]
    public void What_rows_call_their_meters_comes_before_what_stands_around_them()
    {
        _bench.RunText("Meter,Month,Usage (kWh)\nStrom Nord,Jan-23,1\nSouth,Jan-23,2\nStrom Nord,Feb-23,1\nSouth,Feb-23,2\n", fileName: "Gas.csv");

        Assert.Equal([("South", "gas"), ("Strom Nord", "electricity")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
    }

    private static void Fill(IXLWorksheet sheet, string header)
    {
        sheet.Cell(1, 1).Value = "Month";
        sheet.Cell(1, 2).Value = header;
        for (var month = 1; month <= 3; month++)
        {
            sheet.Cell(month + 1, 1).Value = new DateTime(2023, month, 1);
            sheet.Cell(month + 1, 2).Value = 10 + month;
        }
    }
}
