using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

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
}
