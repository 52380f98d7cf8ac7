using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns beside each other that are parts of what one meter counts: tariffs and phases.</summary>
public sealed class PartLayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("HT (kWh)", "NT (kWh)", "HT", "NT")]
    [InlineData("Verbrauch HT [kWh]", "Verbrauch NT [kWh]", "HT", "NT")]
    [InlineData("Hochtarif (kWh)", "Niedertarif (kWh)", "Hochtarif", "Niedertarif")]
    [InlineData("Peak kWh", "Off-peak kWh", "Peak", "Off-peak")]
    [InlineData("Day (kWh)", "Night (kWh)", "Day", "Night")]
    [InlineData("Strom Tag (kWh)", "Strom Nacht (kWh)", "Tag", "Nacht")]
    [InlineData("Heures pleines (kWh)", "Heures creuses (kWh)", "Heures pleines", "Heures creuses")]
    public void Energies_of_two_tariffs_are_a_meter_for_each_that_carries_the_name_of_the_file_s(string first, string second, string one, string other)
    {
        _bench.RunText($"Datum;{first};{second}\n01.02.2024;10,5;4\n02.02.2024;11;\n13.02.2024;12;6\n");

        Assert.Equal(["2024-02-01 10.5", "2024-02-02 11", "2024-02-13 12"], DaysOf($"meter {one}", "energy"));
        Assert.Equal(["2024-02-01 4", "2024-02-13 6"], DaysOf($"meter {other}", "energy"));
        Assert.Equal(5, _bench.Readings.Count);
        Assert.Contains("a meter per tariff", _bench.Assumed("layout"), StringComparison.Ordinal);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Zählerstand HT (kWh)", "Zählerstand NT (kWh)", "HT", "NT")]
    [InlineData("1.8.1 (kWh)", "1.8.2 (kWh)", "tariff 1", "tariff 2")]
    [InlineData("1-0:1.8.1*255 [kWh]", "1-0:1.8.2*255 [kWh]", "tariff 1", "tariff 2")]
    [InlineData("Zählerstand 1.8.1 kWh", "Zählerstand 1.8.2 kWh", "tariff 1", "tariff 2")]
    public void Registers_of_two_tariffs_are_a_meter_for_each(string first, string second, string one, string other)
    {
        _bench.RunText($"Datum;{first};{second}\n01.02.2024;45100;30200\n02.02.2024;45110;30204\n13.02.2024;45221;30244\n");

        Assert.Equal(
            [
                ($"meter {one}", "2024-02-01", 45100), ($"meter {one}", "2024-02-02", 45110), ($"meter {one}", "2024-02-13", 45221),
                ($"meter {other}", "2024-02-01", 30200), ($"meter {other}", "2024-02-02", 30204), ($"meter {other}", "2024-02-13", 30244),
            ],
            Energies("energy_import_register"));
    }

    [Theory]
    [InlineData("Day (kWh)", "Night (kWh)")]
    [InlineData("1.8.1", "1.8.2")]
    public void Registers_of_tariffs_are_no_times(string first, string second)
    {
        _bench.RunText(
            $"Date,{first},{second}\n2024-02-01,45100,30200\n2024-02-02,45110,30204\n2024-02-03,45221,30244\n", new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.Equal([45100, 45110, 45221, 30200, 30204, 30244], Energies("energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("1.8.0 (kWh)", "1.8.1 (kWh)", "1.8.2 (kWh)")]
    [InlineData("Zählerstand (kWh)", "Zählerstand HT (kWh)", "Zählerstand NT (kWh)")]
    [InlineData("Zählerstand Summe (kWh)", "Zählerstand HT (kWh)", "Zählerstand NT (kWh)")]
    public void The_total_of_the_tariffs_is_taken_alone(string total, string first, string second)
    {
        _bench.RunText($"Datum;{total};{first};{second}\n01.02.2024;75300,4;45100,2;30200,2\n02.02.2024;75314;45110;30204\n13.02.2024;75465;45221;30244\n");

        Assert.Equal([("meter", "2024-02-01", 75300.4), ("meter", "2024-02-02", 75314), ("meter", "2024-02-13", 75465)], Energies("energy_import_register"));
        Assert.Equal($"{first}; {second}", _bench.Assumed("left_out"));
    }

    /// <summary>Nothing flows out of most plants, and their meters count it all the same.</summary>
    [Fact]
    public void The_total_of_tariffs_stays_the_meters_beside_an_export_of_nothing()
    {
        _bench.RunText($"Time;1.8.0 (kWh);1.8.1 (kWh);1.8.2 (kWh);2.8.0 (kWh)\n{string.Concat(Enumerable.Range(0, 8).Select(i => $"2024-01-15 0{i}:00;{300 + (3 * i)};{100 + i};{200 + (2 * i)};0\n"))}");

        Assert.Equal(321, _bench.Values("meter", "energy_import_register").Last().Value);
    }

    [Fact]
    public void A_total_that_is_not_the_sum_of_the_tariffs_is_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Date,HT (kWh),NT (kWh),Total (kWh)\n2024-02-01,10,5,99\n2024-02-02,10,5,98\n")).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
        Assert.Equal(["HT (kWh)", "NT (kWh)", "Total (kWh)"], fault.Alternatives);
    }

    [Fact]
    public void What_flows_in_and_out_by_tariff_meets_in_a_meter_for_each_tariff()
    {
        _bench.RunText("Date,1.8.1 (kWh),1.8.2 (kWh),2.8.1 (kWh),2.8.2 (kWh)\n2024-02-01,100,200,10,20\n2024-02-02,103,204,11,22\n");

        Assert.Equal(
            [
                "meter tariff 1 energy_export_register 2024-02-01 00:00 10", "meter tariff 1 energy_export_register 2024-02-02 00:00 11",
                "meter tariff 1 energy_import_register 2024-02-01 00:00 100", "meter tariff 1 energy_import_register 2024-02-02 00:00 103",
                "meter tariff 2 energy_export_register 2024-02-01 00:00 20", "meter tariff 2 energy_export_register 2024-02-02 00:00 22",
                "meter tariff 2 energy_import_register 2024-02-01 00:00 200", "meter tariff 2 energy_import_register 2024-02-02 00:00 204",
            ],
            _bench.Told);
    }

    [Fact]
    public void Tariffs_of_meters_that_the_rows_name_are_parts_of_those()
    {
        _bench.RunText("Meter,Date,HT (kWh),NT (kWh)\nA,2024-02-01,1,2\nB,2024-02-01,3,4\nA,2024-02-02,5,6\n");

        Assert.Equal(
            [
                ("A HT", "2024-02-01", 1), ("A HT", "2024-02-02", 5), ("A NT", "2024-02-01", 2), ("A NT", "2024-02-02", 6),
                ("B HT", "2024-02-01", 3), ("B NT", "2024-02-01", 4),
            ],
            Energies("energy"));
        Assert.Equal(["A HT", "A NT", "B HT", "B NT"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Fact]
    public void A_carrier_of_several_tariffs_has_a_meter_for_each()
    {
        _bench.RunText("Month,Strom HT (kWh),Strom NT (kWh),Gas (kWh)\n2024-01,1,2,3\n2024-02,4,5,6\n");

        Assert.Equal(
            [
                ("meter electricity HT", "2024-01-01", 1), ("meter electricity HT", "2024-02-01", 4), ("meter electricity NT", "2024-01-01", 2),
                ("meter electricity NT", "2024-02-01", 5), ("meter gas", "2024-01-01", 3), ("meter gas", "2024-02-01", 6),
            ],
            Energies("energy"));
    }

    [Theory]
    [InlineData("Power L1 (kW)", "Power L2 (kW)", "Power L3 (kW)", "active_power")]
    [InlineData("L1 Power (kW)", "L2 Power (kW)", "L3 Power (kW)", "active_power")]
    [InlineData("Phase A kW", "Phase B kW", "Phase C kW", "active_power")]
    [InlineData("Wirkleistung L1 [kW]", "Wirkleistung L2 [kW]", "Wirkleistung L3 [kW]", "active_power")]
    [InlineData("P L1 avg [kW]", "P L2 avg [kW]", "P L3 avg [kW]", "active_power")]
    [InlineData("Energy L1 (kWh)", "Energy L2 (kWh)", "Energy L3 (kWh)", "energy")]
    public void Powers_and_energies_of_three_phases_are_added_where_all_three_are_there(string first, string second, string third, string metric)
    {
        _bench.RunText($"Time,{first},{second},{third}\n2024-01-01 00:00,1,2,3.5\n2024-01-01 01:00,1,,3\n2024-01-01 02:00,2,2,2\n2024-01-01 03:00,,,\n");

        Assert.Equal([6.5, 6], _bench.Values("meter", metric).Select(value => value.Value));
        Assert.Equal(["DATA_VALIDATION_FAILED"], _bench.FaultCodes);
        Assert.Contains(first, _bench.Assumed("sum"), StringComparison.Ordinal);
        Assert.Equal((2, 1), (_bench.Items.Sum(item => item.Rows), _bench.Items.Sum(item => item.Rejected)));
    }

    [Theory]
    [InlineData("Voltage L1 (V)", "Voltage L2 (V)", "Voltage L3 (V)", "voltage_l1", "voltage_l3")]
    [InlineData("Current A (A)", "Current B (A)", "Current C (A)", "current_a", "current_c")]
    [InlineData("Voltage L1-N (V)", "Voltage L2-N (V)", "Voltage L3-N (V)", "voltage_l1_n", "voltage_l3_n")]
    public void Voltages_and_currents_of_phases_are_kept_under_names_of_their_own(string first, string second, string third, string one, string other)
    {
        _bench.RunText($"Time,{first},{second},{third}\n2024-01-01 00:00,230,231,232\n2024-01-01 01:00,229,,233\n");

        Assert.Equal([230.0, 229], _bench.Values("meter", one).Select(value => value.Value));
        Assert.Equal([232.0, 233], _bench.Values("meter", other).Select(value => value.Value));
        Assert.Contains(one, _bench.Assumed("metric"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Power L1 (kW),Power L2 (kW),Power L3 (kW),Power (kW)", "active_power")]
    [InlineData("Power L1 (kW),Power L2 (kW),Power L3 (kW),Power Total (kW)", "active_power")]
    [InlineData("Voltage L1 (V),Voltage L2 (V),Voltage L3 (V),Voltage Avg (V)", "voltage")]
    [InlineData("Wirkleistung L1 [kW],Wirkleistung L2 [kW],Wirkleistung L3 [kW],Wirkleistung Summe [kW]", "active_power")]
    [InlineData("Puissance L1 (kW),Puissance L2 (kW),Puissance L3 (kW),Puissance totale (kW)", "active_power")]
    [InlineData("Potenza L1 (kW),Potenza L2 (kW),Potenza L3 (kW),Potenza totale (kW)", "active_power")]
    [InlineData("P L1 avg [kW],P L2 avg [kW],P L3 avg [kW],P Σ avg [kW]", "active_power")]
    [InlineData("Active Power L1 Avg (kW),Active Power L2 Avg (kW),Active Power L3 Avg (kW),Active Power Total Avg (kW)", "active_power")]
    public void The_total_of_the_phases_is_taken_alone(string headers, string metric)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,1,2,3,6\n2024-01-01 01:00,1,2,4,7\n");

        Assert.Equal([6.0, 7], _bench.Values("meter", metric).Select(value => value.Value));
        Assert.Equal(2, _bench.Readings.SelectMany(reading => reading.Values).Count());
        Assert.Equal(string.Join("; ", headers.Split(',')[..3]), _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Power 1 (kW),Power 2 (kW)")]
    [InlineData("Power A (kW),Power B (kW),Power C (kW)")]
    [InlineData("Power L1 (kW),Power L2 (kW)")]
    [InlineData("Power L1 (kW),Power L2 (kW),Power L3 (W)")]
    public void What_may_be_a_phase_or_a_meter_is_asked_about(string headers)
    {
        var row = string.Join(',', Enumerable.Repeat("1", headers.Split(',').Length));
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{headers}\n2024-01-01 00:00,{row}\n2024-01-01 01:00,{row}\n")).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
    }

    [Fact]
    public void A_word_of_a_tariff_alone_may_be_a_meter()
    {
        _bench.RunText("Time,Grid (kWh),HP (kWh),EV (kWh)\n2024-01-01 00:00,9,3,1\n2024-01-01 01:00,8,2,4\n");

        Assert.Equal(["EV", "Grid", "HP"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal([3.0, 2], _bench.Values("HP", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Peak (kWh),Off-peak (kWh),Total (kWh)", "5,,5", ",3,3", ",4,4")]
    [InlineData("Peak (kWh),Off-peak (kWh),Super off-peak (kWh),Total (kWh)", "1,2,2,5", "1,1,1,3", "2,1,1,4")]
    public void A_total_of_tariffs_of_which_not_all_run_is_taken_alone(string headers, string first, string second, string third)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,{first}\n2024-01-01 01:00,{second}\n2024-01-01 02:00,{third}\n");

        Assert.Equal([5.0, 3, 4], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal(3, _bench.Readings.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void A_total_of_tariffs_and_others_is_left_out_beside_their_meters()
    {
        _bench.RunText("Time,Peak (kWh),Off-peak (kWh),Holiday (kWh),Total (kWh)\n2024-01-01 00:00,1,2,2,5\n2024-01-01 01:00,1,1,1,3\n2024-01-01 02:00,2,1,1,4\n");

        Assert.Equal(["Holiday", "Off-peak", "Peak"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal("Total (kWh)", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Time,Power (kW),1.8.1 (kWh),1.8.2 (kWh)", "meter tariff 1", "meter")]
    [InlineData("Time,Consumption (kWh),1.8.1 (kWh),1.8.2 (kWh)", "meter tariff 2", "meter")]
    [InlineData("Time,Strom (kW),Strom HT (kWh),Strom NT (kWh),Gas (kWh)", "meter electricity HT", "meter electricity")]
    [InlineData("Time,Voltage (V),1.8.1 (kWh),1.8.2 (kWh)", "meter tariff 1", null)]
    [InlineData("Time,2.8.0 (kWh),1.8.1 (kWh),1.8.2 (kWh)", "meter tariff 1", null)]
    [InlineData("Time,HT (kWh),NT (kWh)", "meter HT", null)]
    public void Tariffs_are_sub_meters_where_the_meter_has_what_they_count_of_its_own(string headers, string meter, string? parent)
    {
        var numbers = headers.Split(',').Length - 1;
        _bench.RunText($"{headers}\n2024-01-01 00:00{Row(4)}\n2024-01-01 01:00{Row(5)}\n2024-01-01 02:00{Row(6)}\n", new ImportForm { Metric = "energy" });

        Assert.Equal(parent, _bench.Facts.Meters.Single(one => one.EquipmentId == meter).Parent);
        Assert.Null(_bench.Facts.Meters.SingleOrDefault(one => one.EquipmentId == (parent ?? "meter"))?.Parent);

        string Row(int first) => string.Concat(Enumerable.Range(0, numbers).Select(column => $",{first + column}"));
    }

    [Fact]
    public void Tariffs_of_meters_that_the_rows_name_are_sub_meters_of_those()
    {
        _bench.RunText("Meter,Time,Power (kW),1.8.1 (kWh),1.8.2 (kWh)\nA,2024-02-01 00:00,1,2,3\nB,2024-02-01 00:00,3,4,5\nA,2024-02-01 01:00,5,6,7\n");

        Assert.Equal(
            [("A", null), ("A tariff 1", "A"), ("A tariff 2", "A"), ("B", null), ("B tariff 1", "B"), ("B tariff 2", "B")],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Parent)).Order());
    }

    [Theory]
    [InlineData("Datum;1-0:1.8.0*255 [kWh]", "0,25", "0,5", "0,2", "0,45", "0,3")]
    [InlineData("Datum;1-0:1.8.0*255 [kWh]", "0.25", "0.5", "0.2", "0.45", "0.3")]
    [InlineData("Datum;1.8.0 (kWh);2.8.0 (kWh)", "0.25;3", "0.5;1", "0.2;4", "0.45;2", "0.3;6")]
    public void Amounts_under_the_code_of_a_register_are_energy(string headers, params string[] rows)
    {
        _bench.RunText($"{headers}\n{string.Concat(rows.Select((row, i) => $"13.02.2024 0{i}:00;{row}\n"))}");

        Assert.Equal([0.25, 0.5, 0.2, 0.45, 0.3], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal(5, _bench.Readings.SelectMany(reading => reading.Values).Count());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("HT (kWh),NT (kWh)")]
    [InlineData("1.8.0 (kWh),1.8.1 (kWh),1.8.2 (kWh)")]
    [InlineData("Power L1 (kW),Power L2 (kW),Power L3 (kW)")]
    [InlineData("Power L1 (kW),Power L2 (kW),Power L3 (kW),Power (kW)")]
    [InlineData("Voltage L1 (V),Voltage L2 (V),Voltage L3 (V)")]
    [InlineData("Electricity (kWh),Gas (kWh),Water (m³)")]
    [InlineData("Energy (kWh),Voltage L1 (V),Voltage L2 (V),Voltage L3 (V),Gas (m³)")]
    [InlineData("Energy (kWh),Current A (A),Current B (A),Current C (A),Gas (m³)")]
    [InlineData("Power (kW),1.8.1 (kWh),1.8.2 (kWh)")]
    public void The_mapping_that_was_proposed_means_the_same_when_it_is_sent_back(string headers)
    {
        var file = $"Time,{headers}\n2024-01-01 00:00,3,1,2,5,7\n2024-01-01 01:00,7,3,4,6,8\n";
        _bench.RunText(file);
        using var again = new ImportBench();
        again.RunText(file, new ImportForm { Mapping = new ImportMapping { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.NotEmpty(_bench.Told);
        Assert.Equal(_bench.Told, again.Told);
        Assert.Equal(_bench.Facts.Meters, again.Facts.Meters);
    }

    [Fact]
    public void A_mapping_that_takes_the_phases_and_their_total_is_asked_about()
    {
        const string Headers = "L1 (kW),L2 (kW),L3 (kW),Total (kW)";
        var mapping = new ImportMapping { Columns = [.. Headers.Split(',').Select(header => new MappedColumn(header) { Metric = "active_power", Unit = "kW" })] };
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{Headers}\n2024-01-01 00:00,1,2,3,6\n", new ImportForm { Mapping = mapping })).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
    }

    private IEnumerable<string> DaysOf(string meter, string metric) =>
        Energies(metric).Where(value => value.Meter == meter).Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Day} {value.Value}"));

    private IEnumerable<(string Meter, string Day, double Value)> Energies(string metric) =>
        from reading in _bench.Readings
        from value in reading.Values
        where value.Metric == metric
        orderby reading.EquipmentId, reading.Start
        select (reading.EquipmentId, reading.Start.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture), Math.Round(value.Value, 6));

    [Fact]
    public void Numbers_with_decimals_below_a_flow_of_an_unknown_unit_tell_no_meters_apart()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Well,Date,Flow meter (acre-feet),PG&E meter (kWh)\nNorth,2023-03-01,1196.15,54693\nNorth,2023-04-01,1245.62,67219\nNorth,2023-05-01,1276.02,83096\nSouth,2023-03-01,818.60,21000\nSouth,2023-04-01,855.34,22400\nSouth,2023-05-01,899.16,24100\n")).Fault;

        Assert.Contains("column Well", fault.Message, StringComparison.Ordinal);
    }
}
