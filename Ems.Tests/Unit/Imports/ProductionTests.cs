using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What a plant of the site makes never adds to what is used.</summary>
public sealed class ProductionTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("PV production (kWh)", "energy")]
    [InlineData("Solar generation (kWh)", "energy")]
    [InlineData("Generation (kWh)", "energy")]
    [InlineData("PV Erzeugung (kWh)", "energy")]
    [InlineData("Production photovoltaïque (kWh)", "energy")]
    [InlineData("Energy Produced (kWh)", "energy")]
    [InlineData("PV 1 production (kWh)", "energy")]
    [InlineData("PV export (kWh)", "energy")]
    [InlineData("PV production (kW)", "active_power")]
    public void Among_meters_that_have_names_what_is_made_counts_below_zero(string made, string metric)
    {
        _bench.RunText(Table("Main (kWh)", made, "HVAC (kWh)"));

        Assert.Equal([-20.0, -21], _bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Value < 0).Select(value => value.Value));
        Assert.Equal(metric, Assert.Single(_bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Value < 0).Select(value => value.Metric).Distinct()));
        Assert.True(Assert.Single(_bench.Facts.Meters, meter => meter.IsExport).EquipmentId is not ("Main" or "HVAC"));
    }

    [Theory]
    [InlineData("Usage [kW]", "Generation [kW]")]
    [InlineData("Consumption (W)", "Production (W)")]
    [InlineData("Usage (kWh)", "Generation (kW)")]
    public void Powers_are_left_out_beside_what_is_used_as_energies_are(string used, string made)
    {
        _bench.RunText($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(made, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Powers_that_have_each_other_in_them_are_asked_about() =>
        Assert.Equal("AMBIGUOUS_MAPPING", FaultOf(Table("Usage [kW]", "Generation [kW]", "Grid [kW]")).Code);

    [Fact]
    public void Registers_of_what_is_made_are_those_of_what_flows_out()
    {
        _bench.RunText(Table("Main (kWh)", "PV production (kWh)", "HVAC (kWh)"), new ImportForm { Metric = "energy_import_register", Mapping = Says("PV production (kWh)", "energy_import_register", export: true) });

        Assert.Equal([20.0, 21], _bench.Values("PV", "energy_export_register").Select(value => value.Value));
    }

    [Fact]
    public void Registers_among_meters_that_have_names_need_no_mapping()
    {
        _bench.RunText(Table("Main (kWh)", "PV production (kWh)", "HVAC (kWh)"), new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(["HVAC energy_import_register", "Main energy_import_register", "PV production energy_export_register"], _bench.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).Distinct().Order());
    }

    [Fact]
    public void Only_energy_and_power_flow_out()
    {
        var mapping = new ImportMapping { Columns = [new MappedColumn("Voltage") { Metric = "voltage", Export = true }, new MappedColumn("kW") { Metric = "active_power", Export = true }] };

        Assert.Equal("mapping.columns[0].export", Assert.Single(MappingChecks.FaultsOf(mapping)).Field);
    }

    [Theory]
    [InlineData("Production line 2 (kWh)")]
    [InlineData("Produktion Halle 3 (kWh)")]
    [InlineData("Production hall (kWh)")]
    [InlineData("Steam generation (kWh)")]
    [InlineData("Compressed air generation (kWh)")]
    public void Halls_and_machines_are_consumers(string header)
    {
        _bench.RunText(Table("Main (kWh)", header, "HVAC (kWh)"));

        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.IsExport);
        Assert.Empty(_bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("Production (kWh)")]
    [InlineData("Daily Generation (kWh)")]
    [InlineData("Gross generation (kWh)")]
    [InlineData("Generation meter (kWh)")]
    [InlineData("Building A generation (kWh)")]
    [InlineData("Turbine 1 generation (kW)")]
    [InlineData("System Production (W)")]
    [InlineData("Export (kW)")]
    public void What_is_made_alone_is_taken_as_it_is_and_said_so_and_a_mapping_lets_it_flow_out(string header)
    {
        var text = $"Time,{header}\n2024-01-01 00:00,5\n2024-01-01 01:00,4\n";
        _bench.RunText(text);
        using var told = new ImportBench();
        told.RunText(text, new ImportForm { Mapping = Says(header, header.Contains("kWh", StringComparison.Ordinal) ? "energy" : "active_power", export: true) });

        Assert.Equal(header, _bench.Assumed("direction"));
        Assert.All(_bench.Readings, reading => Assert.True(reading.Values[0].Value > 0));
        Assert.All(told.Readings, reading => Assert.True(reading.Values[0].Value < 0));
        Assert.True(Assert.Single(told.Facts.Meters).IsExport);
    }

    [Theory]
    [InlineData("Main (kWh)", "Building A generation (kWh)", "HVAC (kWh)")]
    [InlineData("Grid consumption (kWh)", "Production (kWh)", "HVAC (kWh)")]
    public void What_may_be_made_or_used_is_asked_about_and_either_answer_is_taken(string main, string open, string other)
    {
        var text = Table(main, open, other);
        var fault = FaultOf(text);
        using var consumer = new ImportBench();
        consumer.RunText(text, new ImportForm { Mapping = Says(open, "energy", export: null) });
        _bench.RunText(text, new ImportForm { Mapping = Says(open, "energy", export: true) });

        Assert.Equal(("AMBIGUOUS_MAPPING", open), (fault.Code, fault.Column));
        Assert.Equal([-20.0, -21], _bench.Values("PV", "energy").Select(value => value.Value));
        Assert.Equal([20.0, 21], consumer.Values("PV", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Many_that_may_be_made_are_taken_as_they_are_alone_and_asked_about_at_once_beside_others()
    {
        const string Turbines = "Turbine 1 generation (kWh),Turbine 2 generation (kWh),Turbine 3 generation (kWh)";
        _bench.RunText($"Time,{Turbines}\n2024-01-01 00:00,5,1,3\n2024-01-01 01:00,4,2,3\n");
        using var beside = new ImportBench();
        var text = $"Time,Main (kWh),HVAC (kWh),{Turbines}\n2024-01-01 00:00,50,20,5,1,3\n2024-01-01 01:00,40,10,4,2,3\n";
        var fault = Assert.Throws<ImportFaultException>(() => beside.RunText(text)).Fault;
        beside.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal((9, 3, 6), (_bench.Readings.Where(reading => reading.EquipmentId.Contains('1', StringComparison.Ordinal)).Sum(reading => reading.Values[0].Value), _bench.Facts.Meters.Count, _bench.Readings.Count));
        Assert.Contains("and 2 more", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, beside.Facts.Meters.Count(meter => meter.IsExport));
    }

    [Theory]
    [InlineData("Main (kWh)", "Building A generation (kW)")]
    [InlineData("Daily consumption (kWh)", "Building A generation (kW)")]
    public void What_may_be_made_beside_another_metric_never_flows_out_unasked(string used, string made)
    {
        _bench.RunText($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", new ImportForm { Mapping = Says(made, "active_power", export: null) });

        Assert.Equal("AMBIGUOUS_MAPPING", FaultOf($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n").Code);
        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.IsExport);
    }

    [Fact]
    public void What_is_made_in_a_day_is_left_out_beside_what_is_used_in_it()
    {
        _bench.RunText("Date,Daily consumption (kWh),Daily generation (kWh)\n2024-01-01,5,1\n2024-01-02,4,2\n");

        Assert.Equal(("Daily generation (kWh)", 2), (_bench.Assumed("left_out"), _bench.Readings.Count));
    }

    [Fact]
    public void A_lone_production_among_names_is_a_hall_and_the_job_says_it()
    {
        _bench.RunText("Time,Office (kW),Production (kW)\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([1.0, 2], _bench.Values("Production", "active_power").Select(value => value.Value));
        Assert.Equal("Production (kW)", _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("Total (kWh)", "Production 1 (kWh)", "Production 2 (kWh)")]
    [InlineData("Netz (kW)", "Produktion 1 (kW)", "Produktion 2 (kW)")]
    public void Numbered_halls_are_meters_without_others_that_have_names(string total, string first, string second)
    {
        _bench.RunText(Table(total, first, second));

        Assert.Equal([total.Split(' ')[0], first[..first.LastIndexOf(' ')], second[..second.LastIndexOf(' ')]], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().OrderBy(id => id == total.Split(' ')[0] ? 0 : 1).ThenBy(id => id));
        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.IsExport);
        Assert.Equal($"{first}, {second}", _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("Import (W)", "Export (W)", "Generation (W)")]
    [InlineData("Import (W)", "Export (W)", "")]
    public void An_export_of_power_is_a_meter_be_a_generation_beside_it_or_not(string into, string outOf, string made)
    {
        _bench.RunText(Table(into, outOf, made));

        Assert.Equal(["meter Import", "meter Export"], _bench.Readings.OrderByDescending(reading => reading.Values[0].Value).Select(reading => reading.EquipmentId).Distinct());
        Assert.True(_bench.Values("meter Export", "active_power").All(value => value.Value < 0));
        Assert.Equal(made, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Grid (kWh)", "PV production (kW)")]
    [InlineData("Total (kWh)", "PV production (kW)")]
    [InlineData("Electricity (kWh)", "PV production (kW)")]
    public void What_a_plant_makes_is_never_of_the_meter_of_the_grid(string used, string made)
    {
        _bench.RunText($"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(made, _bench.Assumed("left_out"));
        Assert.Equal(2, _bench.Readings.Count);
    }

    [Theory]
    [InlineData("Grid (kW)", "PV production (kWh)")]
    [InlineData("Grid power (kW)", "Generation (kWh)")]
    [InlineData("Grid active power (kW)", "Yield (kWh)")]
    [InlineData("Usage (kW)", "Export (kWh)")]
    public void The_only_energy_of_a_file_is_kept_beside_the_power_of_the_grid(string used, string made)
    {
        var text = $"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n";
        _bench.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal("", _bench.Assumed("left_out"));
        Assert.Equal([-1.0, -2], _bench.Values(Assert.Single(_bench.Facts.Meters, meter => meter.IsExport).EquipmentId, "energy").Select(value => value.Value));
        Assert.Equal([5.0, 4], _bench.Values("meter", "active_power").Select(value => value.Value));
        Assert.Equal(_bench.Told, again.Told);
    }

    [Theory]
    [InlineData("Usage (kWh)", "meter", "meter Export")]
    [InlineData("Main (kWh),HVAC (kWh)", "Main", "Export")]
    public void A_power_that_flows_out_beside_energies_is_a_meter_of_its_own(string used, string meter, string outward)
    {
        var count = used.Split(',').Length;
        string Row(string time) => $"{time},{string.Join(',', Enumerable.Repeat(5, count))},1\n";
        var text = $"Time,{used},Export (kW)\n{Row("2024-01-01 00:00")}{Row("2024-01-01 01:00")}";
        _bench.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal([5.0, 5], _bench.Values(meter, "energy").Select(value => value.Value));
        Assert.Equal([-1.0, -1], _bench.Values(outward, "active_power").Select(value => value.Value));
        Assert.True(Assert.Single(_bench.Facts.Meters, own => own.EquipmentId == outward).IsExport);
        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void Only_what_is_above_zero_is_said_to_be_so()
    {
        _bench.RunText("Time,Generation (kWh),Export (kWh)\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal([-1.0, -2], _bench.Values("meter Export", "energy").Select(value => value.Value));
        Assert.Equal("Generation (kWh)", _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("Self consumption", "Generation", true)]
    [InlineData("Battery", "Generation", true)]
    [InlineData("Self consumption", "Production", true)]
    [InlineData("HVAC", "Production", false)]
    public void A_generation_of_rows_flows_out_whatever_is_beside_a_consumption(string third, string made, bool flowsOut)
    {
        string Rows(string time) => $"M1,{time},Total consumption,5\nM1,{time},{made},3\nM1,{time},{third},2\n";
        _bench.RunText($"Meter,Time,Direction,kWh\n{Rows("2024-01-01 00:00")}{Rows("2024-01-01 01:00")}");

        Assert.Equal(flowsOut ? -6 : 6, _bench.Sum($"M1 {made}", "energy"));
    }

    [Fact]
    public void A_direction_of_rows_that_is_a_generation_flows_out_beside_a_consumption()
    {
        _bench.RunText("Meter,Time,Direction,kWh\nM1,2024-01-01 00:00,Consumption,5\nM1,2024-01-01 00:00,Generation,3\nM1,2024-01-01 01:00,Consumption,6\nM1,2024-01-01 01:00,Generation,2\n");

        Assert.Equal([-3.0, -2], _bench.Values("M1 Generation", "energy").Select(value => value.Value));
        Assert.Equal([5.0, 6], _bench.Values("M1 Consumption", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Meter reading import (kWh)", "Meter reading export (kWh)")]
    [InlineData("Zählerstand Bezug (kWh)", "Zählerstand Lieferung (kWh)")]
    public void Registers_of_both_directions_are_those_of_one_meter(string imports, string exports)
    {
        _bench.RunText($"Time,{imports},{exports}\n2024-01-01 00:00,1000,500\n2024-01-01 01:00,1002,501\n");

        Assert.Equal(["meter energy_export_register", "meter energy_import_register"], _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}").Distinct().Order());
    }

    [Fact]
    public void Registers_of_tariffs_in_both_directions_are_told_apart()
    {
        _bench.RunText(
            "Datum,Meterstand laag (kWh),Meterstand normaal (kWh),Teruglevering laag (kWh),Teruglevering normaal (kWh)\n2024-01-01 00:00,1000,500,10,15\n2024-01-01 01:00,1002,501,11,16\n",
            new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(
            ["energy_export_register 10", "energy_export_register 15", "energy_import_register 1000", "energy_import_register 500"],
            _bench.Readings.Where(reading => reading.Start == _bench.Readings.Min(other => other.Start)).SelectMany(reading => reading.Values).Select(value => $"{value.Metric} {value.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Productions_of_thousands_of_points_are_compared_with_the_directions_of_the_file_once()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        _bench.RunText($"Zählpunkt,Richtung,Zeit,kWh\n{string.Concat(Enumerable.Range(0, 2500).Select(i => $"P{i},Verbrauch,2024-01-01 00:00,5\nP{i},Produktion,2024-01-01 00:00,3\nP{i},Verbrauch,2024-01-01 01:00,5\nP{i},Produktion,2024-01-01 01:00,3\n"))}");

        Assert.Equal(2500, _bench.Facts.Meters.Count(meter => meter.IsExport));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"it took {clock.Elapsed}");
    }

    [Fact]
    public void A_direction_that_is_a_generation_in_all_rows_flows_out_too()
    {
        _bench.RunText("Time,Direction,kWh\n2024-01-01 00:00,Generation,3\n2024-01-01 01:00,Generation,2\n", fileName: "M1.csv");

        Assert.Equal([-3.0, -2], _bench.Values("M1 Generation", "energy").Select(value => value.Value));
    }

    [Fact]
    public void The_power_beside_a_yield_is_that_of_the_plant()
    {
        _bench.RunText("Time,Energy produced (kWh),Power (W)\n2024-01-01 00:00,5,1000\n2024-01-01 01:00,4,2000\n");

        Assert.Equal(["active_power", "energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
        Assert.Equal("Energy produced (kWh)", _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData("kWh", "PV production (kW)")]
    [InlineData("Energy (kWh)", "Solar generation (kW)")]
    [InlineData("Main kWh", "PV kW")]
    [InlineData("Main kW", "PV kWh")]
    [InlineData("kWh", "PV1 kW")]
    [InlineData("kWh", "PV roof kW")]
    [InlineData("House kWh", "PV East kW")]
    [InlineData("Main kWh", "PV AC power (kW)")]
    [InlineData("Main kWh", "Solar roof kW")]
    public void What_a_plant_makes_beside_another_metric_of_what_may_be_used_is_asked_about_and_the_answer_is_taken(string used, string made)
    {
        var text = $"Time,{used},{made}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n";
        var fault = FaultOf(text);
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });
        using var plant = new ImportBench();
        plant.RunText(text, fileName: "PV.csv");
        using var one = new ImportBench();
        var (ofUsed, ofMade) = made.Contains("kWh", StringComparison.Ordinal) ? ("active_power", "energy") : ("energy", "active_power");
        one.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn(made) { Metric = ofMade }] } });

        Assert.Equal((ImportFault.AmbiguousMapping, made), (fault.Code, fault.Column));
        Assert.Equal([-1.0, -2], _bench.Values(Assert.Single(_bench.Facts.Meters, meter => meter.IsExport).EquipmentId, ofMade).Select(value => value.Value));
        Assert.Equal([5.0, 4], _bench.Values("meter", ofUsed).Select(value => value.Value));
        Assert.Equal(["PV active_power", "PV energy"], plant.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}").Distinct().Order());
        Assert.Equal(["meter"], one.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("solar_house.csv")]
    [InlineData("wind_street_12.csv")]
    [InlineData("Generation and consumption.csv")]
    public void A_file_that_names_more_than_a_plant_is_not_of_the_plant(string fileName)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Time,House kWh,PV kW\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n", fileName: fileName)).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "PV kW"), (fault.Code, fault.Column));
    }

    [Fact]
    public void A_proposal_that_is_sent_back_keeps_the_direction()
    {
        var text = Table("Main (kWh)", "PV production (kWh)", "Grid (kWh)");
        _bench.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal(_bench.Told, again.Told);
    }

    [Theory]
    [InlineData(0, 5 - 4 + 3 - 2)]
    [InlineData(1, -(5 + 4 + 3 + 2))]
    public void Both_answers_to_a_question_about_signs_can_be_sent_back(int answer, double sum)
    {
        const string Text = "Time,Main (kWh),HVAC (kWh),PV production (kWh)\n2024-01-01 00:00,9,4,5\n2024-01-01 01:00,8,5,-4\n2024-01-01 02:00,9,4,3\n2024-01-01 03:00,8,5,-2\n";
        var alternatives = FaultOf(Text).Alternatives!;
        Assert.Equal(2, alternatives.Count);

        _bench.RunText(Text, new ImportForm { Mapping = JsonSerializer.Deserialize<ImportMapping>(alternatives[answer]["mapping=".Length..], EmsJson.Options) });

        Assert.Equal(sum, _bench.Sum("PV production", "energy"));
    }

    private static string Table(string first, string second, string third) => $"Time,{first},{second},{third}\n2024-01-01 00:00,100,20,30\n2024-01-01 01:00,103,21,31\n";

    private static ImportMapping Says(string column, string metric, bool? export) =>
        new() { Columns = [new MappedColumn(column) { Metric = metric, EquipmentId = "PV", Export = export }] };

    private ImportFault FaultOf(string text) => Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
}
