using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of what is made, given away, taken and used: none of them is added to consumption that it is no part of.</summary>
public sealed class DirectionTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("CONSUMO Wh", "GENERACION Wh")]
    [InlineData("CONSUMO Wh", "GENERACIÓN Wh")]
    [InlineData("Consumo (kWh)", "Produccion (kWh)")]
    public void What_is_made_beside_what_is_used_is_left_out_with_and_without_accents(string used, string made)
    {
        _bench.RunText($"CUPS;FECHA-HORA;{used};{made}\nES0021000007654321ZZ0F;2026/03/01 01:00;9825;0\nES0021000007654321ZZ0F;2026/03/01 02:00;10940;3\nES0021000007654321ZZ0F;2026/03/01 03:00;8312;7\n");

        Assert.Equal(["ES0021000007654321ZZ0F"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(made, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Inflow (kWh)", "Outflow (kWh)")]
    [InlineData("Consumida (kWh)", "Vertida (kWh)")]
    [InlineData("AE_kWh", "AS_kWh")]
    [InlineData("Consumption (kWh)", "Generation (kWh)")]
    [InlineData("Consumption (Wh)", "System Production (Wh)")]
    [InlineData("Verbrauch kWh", "PV Erzeugung kWh")]
    [InlineData("kWh", "Solar Production kWh")]
    [InlineData("Afname kWh", "Injectie kWh")]
    [InlineData("Bezug 1.29.0 (kWh)", "Lieferung 2.29.0 (kWh)")]
    [InlineData("Bezug (kWh)", "Lieferung (kWh)")]
    [InlineData("Wirkarbeit Bezug (kWh)", "Wirkarbeit Lieferung (kWh)")]
    [InlineData("Grid consumption (kWh)", "Grid feed-in (kWh)")]
    [InlineData("Consumption (Wh)", "Feed-in (Wh)")]
    [InlineData("Netzbezug [kWh]", "Netzeinspeisung [kWh]")]
    [InlineData("Netzbezug [kWh]", "Netzlieferung [kWh]")]
    [InlineData("Purchased electricity (kWh)", "Sold electricity (kWh)")]
    [InlineData("Buy (kWh)", "Sell (kWh)")]
    [InlineData("Energia pobrana (kWh)", "Energia oddana (kWh)")]
    [InlineData("Pobór (kWh)", "Oddanie (kWh)")]
    [InlineData("Odběr (kWh)", "Dodávka (kWh)")]
    public void What_is_made_or_given_away_is_left_out_beside_what_is_used(string used, string made)
    {
        _bench.RunText($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(made, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Inflow (kWh),Outflow (kWh),Net Consumption (kWh)", "5,2,3")]
    [InlineData("Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)", "6,5,2,1")]
    public void Two_directions_that_have_each_other_in_them_are_asked_about(string headers, string values)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{headers}\n2024-01-01 00:00,{values}\n2024-01-01 01:00,{values}\n")).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
        Assert.Equal(headers.Split(','), fault.Alternatives);
    }

    [Theory]
    [InlineData("Production Line 1 kWh,Office kWh", "Office|Production Line 1")]
    [InlineData("Production kWh,Office kWh", "Office|Production")]
    [InlineData("Generator kWh,Chiller kWh", "Chiller|Generator")]
    [InlineData("Conveyor feed in kWh,Conveyor kWh", "Conveyor|Conveyor feed in")]
    [InlineData("Feed-in pump 1 kWh,Pump 1 kWh", "Feed-in pump 1|Pump 1")]
    public void A_consumer_whose_name_has_a_word_for_production_stays(string headers, string meters)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(meters.Split('|'), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Beside_meters_that_have_names_what_flows_out_is_a_meter_that_counts_below_zero()
    {
        _bench.RunText("CUPS;Fecha;Hora;AE_kWh;AS_kWh;AE_AUTOCONS_kWh\nES1;13/02/2024;1;1;2;3\nES1;13/02/2024;2;4;5;6\n");

        Assert.Equal([-2.0, -5], _bench.Values("ES1 AS", "energy").Select(value => value.Value));
        Assert.Equal(["ES1 AS"], _bench.Facts.Meters.Where(meter => meter.IsExport).Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void Columns_of_equipment_that_the_request_names_are_its_parts()
    {
        const string File = "Time,Boiler (kWh),Car (kWh),Boiler (kW)\n2024-01-01 00:00,5,1,2\n2024-01-01 01:00,4,2,2\n";
        _bench.RunText(File, new ImportForm { EquipmentId = "house-2" });
        using var bare = new ImportBench();
        bare.RunText(File);

        Assert.Equal(["house-2 Boiler", "house-2 Car"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(["Boiler", "Car"], bare.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Import", "Export")]
    [InlineData("Bezug", "Lieferung")]
    [InlineData("Netzbezug", "Netzeinspeisung")]
    [InlineData("Grid consumption", "Grid feed-in")]
    [InlineData("Consumption", "FeedIn")]
    public void Columns_that_only_say_a_direction_are_called_by_their_file(string imports, string exports)
    {
        _bench.RunText($"Time,{imports} (kW),{exports} (kW)\n2024-01-01 00:00,5,1\n2024-01-01 01:00,0,2\n", fileName: "house-1.csv");

        Assert.Equal([-1.0, -2], _bench.Values($"house-1 {exports}", "active_power").Select(value => value.Value));
        Assert.Equal([0.0, 5], _bench.Values($"house-1 {imports}", "active_power").Select(value => value.Value).Order());
    }

    [Theory]
    [InlineData("Aktif Çekiş (kWh)", "Aktif Veriş (kWh)")]
    [InlineData("Otto (kWh)", "Anto (kWh)")]
    [InlineData("Vételezés (kWh)", "Betáplálás (kWh)")]
    [InlineData("Consum (kWh)", "Injectat (kWh)")]
    [InlineData("Bezug (kWh)", "Rückspeisung (kWh)")]
    [InlineData("Energie (kWh)", "Energie Ausspeisung (kWh)")]
    [InlineData("Købt (kWh)", "Solgt (kWh)")]
    [InlineData("In (kWh)", "Out (kWh)")]
    [InlineData("kWh In", "kWh Out")]
    [InlineData("Energy In (kWh)", "Energy Out (kWh)")]
    [InlineData("正向有功 (kWh)", "反向有功 (kWh)")]
    [InlineData("買電量(kWh)", "売電量(kWh)")]
    [InlineData("Потребление (kWh)", "Отдача (kWh)")]
    [InlineData("Prijem (kWh)", "Oddaja (kWh)")]
    [InlineData("Preuzeta (kWh)", "Predana (kWh)")]
    [InlineData("Pobór z sieci (kWh)", "Oddanie do sieci (kWh)")]
    [InlineData("Odběr (kWh)", "Dodávka do sítě (kWh)")]
    [InlineData("Daily Purchased Energy(kWh)", "Daily Feed-in Energy(kWh)")]
    public void What_flows_out_in_the_words_of_a_language_is_none_of_what_is_used(string imports, string exports)
    {
        _bench.RunText($"Time;{imports};{exports}\n2024-01-13 00:00;5;1\n2024-01-13 01:00;0;2\n2024-01-13 02:00;4;1\n");

        Assert.Equal(exports, _bench.Assumed("left_out"));
        Assert.Equal(9, _bench.Readings.SelectMany(reading => reading.Values).Sum(value => value.Value));
    }

    [Theory]
    [InlineData("Conveyor In (kWh)", "Conveyor Out (kWh)")]
    [InlineData("Compressor (kWh)", "Solgt (kWh)")]
    [InlineData("Einspeisung Gas (kWh)", "Ausspeisung Gas (kWh)")]
    public void Words_that_machines_have_too_say_nothing_without_the_other_direction(string first, string second)
    {
        _bench.RunText($"Time;{first};{second}\n2024-01-13 00:00;5;1\n2024-01-13 01:00;0;2\n2024-01-13 02:00;4;1\n");

        Assert.DoesNotContain(second, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Çekiş (kWh)", "Veriş (kWh)", "Hat 1 (kWh)", "Veriş")]
    [InlineData("Aktif Çekiş (kWh)", "Aktif Veriş (kWh)", "Hat 1 (kWh)", "Aktif Veriş")]
    [InlineData("Otto (kWh)", "Anto (kWh)", "Halli 1 (kWh)", "Anto")]
    [InlineData("Købt (kWh)", "Solgt (kWh)", "Varmepumpe (kWh)", "Solgt")]
    [InlineData("正向有功 (kWh)", "反向有功 (kWh)", "1号线 (kWh)", "反向有功")]
    [InlineData("Forward (kWh)", "Reverse (kWh)", "Press (kWh)", "Reverse")]
    [InlineData("Energy in (kWh)", "Energy out (kWh)", "Line 1 (kWh)", "out")]
    [InlineData("Import (kWh)", "Export (kWh)", "Line 1 (kWh)", "Export")]
    public void What_flows_out_in_any_words_is_a_meter_below_zero_among_meters_that_have_names(string imports, string exports, string named, string meter)
    {
        _bench.RunText($"Time;{imports};{exports};{named}\n2024-01-13 00:00;31;12;5\n2024-01-13 01:00;28;9;3\n2024-01-13 02:00;44;15;8\n");

        Assert.Equal(9, _bench.Readings.Sum(reading => reading.Values.Count));
        Assert.Equal(-36, _bench.Readings.Where(reading => reading.EquipmentId.Contains(meter, StringComparison.OrdinalIgnoreCase)).SelectMany(reading => reading.Values).Sum(value => value.Value));
    }

    [Theory]
    [InlineData("Conveyor Forward (kWh);Conveyor Reverse (kWh);Press (kWh)")]
    [InlineData("Winder Forward (kWh);Winder Reverse (kWh);Press (kWh)")]
    [InlineData("Forward Osmosis (kWh);Reverse Osmosis (kWh);Press (kWh)")]
    [InlineData("Del Center (kWh);Rec Center (kWh);Press (kWh)")]
    [InlineData("Energie Halle (kWh);Ausspeisung Halle (kWh);Press (kWh)")]
    public void What_is_called_after_a_machine_flows_nowhere(string headers)
    {
        _bench.RunText($"Time;{headers}\n2024-01-13 00:00;31;12;5\n2024-01-13 01:00;28;9;3\n2024-01-13 02:00;44;15;8\n");

        Assert.Equal([31.0 + 28 + 44, 12 + 9 + 15, 5 + 3 + 8], _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(meter => meter.SelectMany(reading => reading.Values).Sum(value => value.Value)).OrderDescending());
        Assert.Equal("", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Wallbox", true)]
    [InlineData("Wärmepumpe", true)]
    [InlineData("Halle 1", true)]
    [InlineData("Other", true)]
    [InlineData("Haus", false)]
    [InlineData("Home", false)]
    [InlineData("Gebäude", false)]
    [InlineData("Load", false)]
    [InlineData("Verbrauch", false)]
    public void Beside_the_grid_and_a_plant_only_what_may_be_all_that_is_used_is_asked_about(string name, bool isMeter)
    {
        void Run() => _bench.RunText($"Datum;Netzbezug (kWh);Einspeisung (kWh);PV (kWh);{name} (kWh)\n2024-01-13;31;12;5;2\n2024-01-14;28;9;3;1\n2024-01-15;44;15;8;4\n");

        if (isMeter)
        {
            Run();
            Assert.Equal(4, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        }
        else
        {
            Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(Run).Fault.Code);
        }
    }

    [Theory]
    [InlineData("Feed-out (kWh)", "Feed-in (kWh)")]
    [InlineData("General usage (kWh)", "Solar feed-in (kWh)")]
    [InlineData("Stand normaal (kWh)", "Teruglevering normaal (kWh)")]
    [InlineData("Generation meter (kWh)", "Export meter (kWh)")]
    [InlineData("Bezug Hochtarif (kWh)", "Rücklieferung Hochtarif (kWh)")]
    public void A_register_of_what_flows_out_is_told_by_its_header_where_the_request_says_registers(string first, string outward)
    {
        _bench.RunText(States(first, outward), new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(["energy_export_register 500", "energy_import_register 1000"], Firsts(_bench));
    }

    [Theory]
    [InlineData("Feed-out (kWh)", "Feed-in (kWh)")]
    [InlineData("General usage (kWh)", "Solar feed-in (kWh)")]
    public void What_the_answer_proposes_for_registers_keeps_the_directions_apart(string first, string outward)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(States(first, outward))).Fault;
        using var told = new ImportBench();
        told.RunText(States(first, outward), new ImportForm { Mapping = fault.Guess });

        Assert.Equal(["energy_export_register 500", "energy_import_register 1000"], Firsts(told));
    }

    [Fact]
    public void A_register_of_a_machine_is_none_of_what_flows_out()
    {
        _bench.RunText(States("Assembly (kWh)", "Injection moulding (kWh)"), new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(["energy_import_register 1000", "energy_import_register 500"], Firsts(_bench));
    }

    [Theory]
    [InlineData("Rooftop PV")]
    [InlineData("Solar array 1")]
    [InlineData("Zonnepanelen")]
    [InlineData("BHKW")]
    [InlineData("Battery discharge")]
    public void A_plant_among_consumers_is_said_to_count_above_zero(string plant)
    {
        _bench.RunText($"Time,HVAC (kWh),{plant} (kWh)\n2024-01-13 00:00,5,1\n2024-01-13 01:00,0,2\n");

        Assert.Equal((3, $"{plant} (kWh)"), (_bench.Sum(plant, "energy"), _bench.Assumed("direction")));
    }

    [Theory]
    [InlineData("Solar (kWh)", "Grid import (kWh)", "Grid export (kWh)")]
    [InlineData("PV (kWh)", "Netzbezug (kWh)", "Netzeinspeisung (kWh)")]
    [InlineData("Solar (kW)", "From Grid (kW)", "To Grid (kW)")]
    public void A_plant_beside_the_grid_counts_above_zero_as_what_it_makes_is_used_but_for_what_flows_out(string plant, string inward, string outward)
    {
        _bench.RunText($"Time,{plant},{inward},{outward}\n2024-01-13 00:00,5,1,2\n2024-01-13 01:00,0,2,0\n");

        Assert.Equal(6, _bench.Readings.SelectMany(reading => reading.Values).Sum(value => value.Value));
        Assert.Contains("what was used in all", Assert.Single(_bench.Facts.Assumptions, one => one.What == "direction" && one.Value == plant).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_roof_makes_flows_out_beside_a_type_that_does()
    {
        _bench.RunText(
            "entity_id,type,unit,2026-01-05T10:00:00.000Z,2026-01-05T11:00:00.000Z,2026-01-05T12:00:00.000Z\nsensor.a,grid_consumption,kWh,1,2,1\nsensor.b,grid_return,kWh,3,4,1\nsensor.c,solar_production,kWh,5,6,1\n"
            + "sensor.d,gas_consumption,m³,5,6,1\nsensor.e,water_consumption,L,7,8,1\nsensor.f,device_consumption,kWh,9,10,1\n");

        Assert.Equal((4, -8, -12), (_bench.Sum("sensor.a", "energy"), _bench.Sum("sensor.b", "energy"), _bench.Sum("sensor.c", "energy")));
    }

    private static string States(string first, string second) =>
        $"Time;{first};{second}\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-01-{13 + (i / 24)} {i % 24:00}:00;{1000 + (i * 5)};{500 + (i * 2) + (i % 3)}\n"))}";

    private static IEnumerable<string> Firsts(ImportBench bench) =>
        bench.Readings.SelectMany(reading => reading.Values, (reading, value) => (reading.Start, Meter: reading.EquipmentId, value.Metric, value.Value)).GroupBy(value => (value.Meter, value.Metric))
            .Select(series => $"{series.Key.Metric} {series.MinBy(value => value.Start).Value:0}").Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("kWh Sold")]
    [InlineData("Dodávka elektřiny (kWh)")]
    [InlineData("Dodavka (kWh)")]
    public void What_a_supplier_sold_or_delivered_to_a_customer_flows_in(string header)
    {
        _bench.RunText($"EAN: 859182400100000001\nDate,{header}\n2024-01-31,310\n2024-02-29,290\n");

        Assert.Equal(["859182400100000001"], _bench.Facts.Meters.Where(meter => !meter.IsExport).Select(meter => meter.EquipmentId));
        Assert.Equal([310.0, 290], _bench.Values("859182400100000001", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Type", "Electricity sold", "", "M1")]
    [InlineData("Type", "Electricity sold", "Electricity purchased", "M1 export")]
    [InlineData("Type", "Strom Lieferung", "Strom Bezug", "M1 export")]
    [InlineData("Direction", "Sold", "", "M1")]
    [InlineData("Direction", "Dodávka", "Odběr", "M1 Dodávka")]
    [InlineData("Direction", "Lieferung", "Bezug", "M1 Lieferung")]
    [InlineData("Direction", "Sold", "Purchased", "M1 Sold")]
    public void Rows_of_what_is_sold_or_delivered_flow_out_beside_those_of_what_is_received(string header, string sold, string received, string meter)
    {
        string Rows(string what, int value) => what.Length == 0 ? "" : $"M1,2024-06-13 00:00,{what},{value}\nM1,2024-06-13 01:00,{what},{value}\n";
        _bench.RunText($"Meter,Time,{header},kWh\n{Rows(sold, 3)}{Rows(received, 5)}");

        Assert.Equal(received.Length == 0 ? 6 : -6, _bench.Sum(meter, "energy"));
    }
}
