using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What a plant, a battery, the grid and a house exchange, in a column each.</summary>
public sealed class PlaceFlowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Date time,Home (kW),Solar (kW),Powerwall (kW),Grid (kW)", "2,3,-1,0", "active_power", "-3 2")]
    [InlineData("Time,Load (kW),PV (kW),Battery (kW),Grid (kW)", "2,3,-1,0", "active_power", "-3 2")]
    [InlineData("Time,Total load power (kW),PV output (kW),Battery charge/discharge power (kW),Grid-connected power (kW)", "2,3,-1,0", "active_power", "-3 2")]
    [InlineData("Date time,Home (kWh),Solar Energy (kWh),From Powerwall (kWh),To Powerwall (kWh),From Grid (kWh),To Grid (kWh)", "2,3,1,2,9,1", "energy", "9")]
    [InlineData("Datum,Gesamtverbrauch (kWh),PV-Erzeugung (kWh),Batterieladung (kWh),Batterieentladung (kWh),Netzbezug (kWh),Netzeinspeisung (kWh)", "2,3,1,2,9,1", "energy", "9")]
    [InlineData("Date,Energy Consumed (kWh),Energy Produced (kWh),Exported to Grid (kWh),Imported from Grid (kWh),Stored in batteries (kWh),Discharged from batteries (kWh)", "2,3,1,9,2,1", "energy", "9")]
    public void Which_of_them_to_take_is_asked_and_the_answer_leads_to_what_comes_from_the_grid_or_is_used_and_made(string headers, string first, string metric, string taken)
    {
        var values = Array.ConvertAll(first.Split(','), int.Parse);
        var text = $"{headers}\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2026-03-02 {hour:00}:00,{string.Join(',', values.Select((value, at) => value + (hour * (at + 2) % 5)))}\n"))}";

        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Equal(ImportFault.AmbiguousMapping, asked.Code);
        Assert.Contains("no consumers beside each other", asked.Message, StringComparison.Ordinal);

        // What the message says first is enough.
        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [.. asked.Guess!.Columns.Where(column => column.Metric is not null)] } });

        var meters = _bench.Readings.GroupBy(reading => reading.EquipmentId).ToDictionary(meter => meter.Key, meter => meter.OrderBy(reading => reading.Start).Select(reading => Assert.Single(reading.Values)).ToList());
        Assert.All(meters.Values, meter => Assert.Equal((24, metric), (meter.Count, meter[0].Metric)));
        Assert.Equal(taken, string.Join(' ', meters.Values.Select(meter => meter[0].Value).Order()));
    }

    [Fact]
    public void Of_flows_from_one_to_another_those_to_the_consumers_are_what_is_used()
    {
        var text = "timestamp,Grid to battery (kWh),Grid to consumers (kWh),PV to battery (kWh),PV to grid (kWh),PV to consumers (kWh),Battery to consumers (kWh),Battery to grid (kWh)\n"
            + string.Concat(Enumerable.Range(1, 20).Select(day => $"2026-03-{day:00},1,{10 + (day % 3)},3,4,{5 + (day % 4)},{2 + (day % 2)},0\n"));

        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = asked.Guess });

        Assert.Equal(["Battery to consumers", "Grid to consumers", "PV to consumers"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(60, _bench.Told.Count);
    }

    [Fact]
    public void A_grid_with_numbers_below_zero_may_count_either_way()
    {
        var text = $"Time,Solar (kW),Battery (kW),Grid (kW)\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2026-03-02 {hour:00}:00,{hour % 5},{(hour % 3) - 1},{(hour % 7) - 3}\n"))}";

        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Contains("\"export\": true if its numbers above zero", asked.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Mapping = asked.Guess });

        Assert.Equal(24, _bench.Values("meter", "active_power").Count());
        Assert.Equal(-3, _bench.Values("meter", "active_power").First().Value);
    }

    [Theory]
    [InlineData("Battery room (kWh),Hall (kWh),Office (kWh)")]
    [InlineData("Battery charger 1 (kWh),Battery charger 2 (kWh),Load 1 (kWh)")]
    [InlineData("Home (kWh),Garage (kWh),Pool (kWh)")]
    [InlineData("Load 1 (kWh),Load 2 (kWh),Load 3 (kWh)")]
    [InlineData("Building A (kWh),Building B (kWh),Battery (kWh)")]
    public void Meters_that_have_a_word_of_these_stay_meters(string headers)
    {
        _bench.RunText($"Time,{headers}\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"2026-03-02 {hour:00}:00,{20 + (hour * 7 % 11)},{10 + (hour * 3 % 7)},{5 + (hour % 4)}\n"))}");

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }
}
