using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Meters that rows call after what a plant makes, or what flows out.</summary>
public sealed class NamedProductionTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("PV production", true)]
    [InlineData("Solar generation", true)]
    [InlineData("Export", true)]
    [InlineData("Production line 2", false)]
    [InlineData("Steam generation", false)]
    public void A_meter_that_rows_call_after_what_is_made_flows_out_as_a_column_does(string name, bool flowsOut)
    {
        const string Header = "Meter,Time,kWh\n";
        var rows = $"{name},2024-01-01 00:00,3\n{name},2024-01-01 01:00,2\n";
        _bench.RunText($"{Header}{rows}Main,2024-01-01 00:00,5\nMain,2024-01-01 01:00,4\n");
        using var alone = new ImportBench();
        alone.RunText($"{Header}{rows}");

        Assert.Equal((flowsOut ? name : "", flowsOut ? name : ""), (_bench.Assumed("direction"), alone.Assumed("direction")));
        Assert.Equal(flowsOut ? [-3.0, -2] : [3.0, 2], _bench.Values(name, "energy").Select(value => value.Value));
        Assert.Equal(flowsOut ? [-3.0, -2] : [3.0, 2], alone.Values(name, "energy").Select(value => value.Value));
        Assert.Equal(flowsOut, Assert.Single(alone.Facts.Meters).IsExport);
    }

    [Theory]
    [InlineData("PV production")]
    [InlineData("Roof")]
    public void A_mapping_lets_all_of_its_rows_flow_out(string name)
    {
        _bench.RunText($"Meter,Time,kWh\n{name},2024-01-01 00:00,3\n{name},2024-01-01 01:00,2\n", new ImportForm { Mapping = new() { Columns = [new MappedColumn("kWh") { Metric = "energy", Export = true }] } });

        Assert.Equal([-3.0, -2], _bench.Values(name, "energy").Select(value => value.Value));
        Assert.True(Assert.Single(_bench.Facts.Meters).IsExport);
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, -3)]
    public void A_production_that_is_there_goes_on_as_it_is_declared(bool flowsOut, double value)
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["PV production"] = new(null, flowsOut) });
        _bench.RunText("Meter,Time,kWh\nPV production,2024-01-01 00:00,3\nMain,2024-01-01 00:00,5\n");

        Assert.Equal(value, Assert.Single(_bench.Values("PV production", "energy")).Value);
        Assert.Equal("PV production", _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(true, -3)]
    public void A_production_in_a_column_of_what_is_made_is_taken_as_it_is_unless_it_is_declared_before(bool? flowsOut, double value)
    {
        _bench.Known = flowsOut is { } known ? new KnownMeters(new Dictionary<string, KnownMeter> { ["PV generation"] = new(null, known) }) : KnownMeters.None;
        _bench.RunText("Plant,Time,Generation (kWh)\nPV generation,2024-01-01 00:00,3\nPV generation,2024-01-01 01:00,2\n", new ImportForm { Mapping = new() { Columns = [new MappedColumn("Plant") { Role = ColumnRole.Equipment }] } });

        Assert.Equal(value, _bench.Values("PV generation", "energy").First().Value);
    }

    [Theory]
    [InlineData("Meter", "Injection", "Extrusion")]
    [InlineData("Meter", "Injection", "Total consumption")]
    [InlineData("Meter", "Strom Produktion", "Strom Verwaltung")]
    [InlineData("Meter", "Electricity Production", "Electricity Office")]
    [InlineData("Meter", "Outflow", "Inflow")]
    [InlineData("Meter", "Surplus", "Main")]
    [InlineData("Meter", "Inverter production", "Main")]
    [InlineData("Meter", "Wind tunnel production", "Main")]
    [InlineData("Meter", "Power production 2", "Main")]
    [InlineData("Building", "Injection", "Offices")]
    [InlineData("Site", "Generation", "Offices")]
    [InlineData("Meter ID,Meter Name", "700,Injection", "701,Extrusion")]
    public void What_halls_machines_and_places_are_called_too_is_taken_as_it_is_and_said(string header, string name, string other)
    {
        _bench.RunText($"{header},Time,kWh\n{name},2024-01-01 00:00,3\n{name},2024-01-01 01:00,2\n{other},2024-01-01 00:00,5\n{other},2024-01-01 01:00,4\n");

        Assert.Equal([3.0, 2], _bench.Values(name.Split(',')[0], "energy").Select(value => value.Value));
        Assert.Equal(name.Split(',')[0], _bench.Assumed("direction"));
        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.IsExport);
    }

    [Theory]
    [InlineData("From grid", "To grid")]
    [InlineData("Bezug", "Lieferung")]
    [InlineData("Main import", "Main export")]
    [InlineData("Hall 2 consumption", "Hall 2 export")]
    [InlineData("Hall 2 import", "Hall 2 injection")]
    [InlineData("Halle 2 Bezug", "Halle 2 Lieferung")]
    [InlineData("Main", "PV injection")]
    [InlineData("Main", "Grid export")]
    [InlineData("Main", "Feed-in")]
    [InlineData("Main", "Einspeisung")]
    public void What_flows_out_by_its_name_alone_or_beside_the_same_name_of_what_flows_in_counts_below_zero(string flowsIn, string flowsOut)
    {
        _bench.RunText($"Meter,Time,kWh\n{flowsOut},2024-01-01 00:00,3\n{flowsIn},2024-01-01 00:00,5\nHouse 1,2024-01-01 00:00,4\n");

        Assert.Equal([(flowsIn, 5.0), (flowsOut, -3), ("House 1", 4)], new[] { flowsIn, flowsOut, "House 1" }.Select(meter => (meter, _bench.Sum(meter, "energy"))));
        Assert.Equal(flowsOut, _bench.Assumed("direction"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_mapping_says_does_not_flow_out_is_taken_as_it_is_whatever_it_is_called(bool isKnown)
    {
        _bench.Known = isKnown ? new KnownMeters(new Dictionary<string, KnownMeter> { ["PV production"] = new(null, true) }) : KnownMeters.None;
        _bench.RunText("Meter,Time,kWh\nPV production,2024-01-01 00:00,3\nMain,2024-01-01 00:00,5\n", new ImportForm { Mapping = new() { Columns = [new MappedColumn("kWh") { Metric = "energy", Export = false }] } });
        using var again = new ImportBench();
        again.RunText("Meter,Time,kWh\nPV production,2024-01-01 00:00,3\nMain,2024-01-01 00:00,5\n", new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal((3, ""), (_bench.Sum("PV production", "energy"), _bench.Assumed("direction")));
        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.IsExport);
        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void A_production_that_the_mapping_gives_an_id_is_told_to_flow_out_as_well()
    {
        _bench.RunText("Meter,Time,kWh\nPV production,2024-01-01 00:00,3\nMain,2024-01-01 00:00,5\n", new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { ["PV production"] = "M-7" } } });

        Assert.Equal((-3, "M-7"), (_bench.Sum("M-7", "energy"), _bench.Assumed("direction")));
    }

    [Theory]
    [InlineData("Meter,Time,kWh", "PV production,2024-01-01 00:00,3\nHall,2024-01-01 00:00,5\nPV production,2024-01-01 01:00,-2\nHall,2024-01-01 01:00,4\n", "kWh")]
    [InlineData("Time,Hall (kWh),PV production (kWh),Office (kWh)", "2024-01-01 00:00,5,3,1\n2024-01-01 01:00,4,-2,1\n", "PV production (kWh)")]
    public void What_is_called_after_what_is_made_and_has_values_of_both_signs_is_asked_about_and_keeps_them(string header, string rows, string column)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{header}\n{rows}")).Fault;
        _bench.RunText($"{header}\n{rows}", new ImportForm { Mapping = fault.Guess });

        Assert.Equal(("AMBIGUOUS_MAPPING", column), (fault.Code, fault.Column));
        Assert.Equal([3.0, -2], _bench.Values("PV production", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_net_export_keeps_its_signs()
    {
        _bench.RunText("Meter,Time,kWh\nNet export,2024-01-01 00:00,3\nHall,2024-01-01 00:00,5\nNet export,2024-01-01 01:00,-2\nHall,2024-01-01 01:00,4\n");

        Assert.Equal([3.0, -2], _bench.Values("Net export", "energy").Select(value => value.Value));
        Assert.Equal("Net export", _bench.Assumed("direction"));
    }
}
