using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What home automation keeps of counters: what they showed, what was counted and what is new of it.</summary>
public sealed class HomeStatisticsTests : IDisposable
{
    private const string Electricity = "sensor.main_meter_energy";
    private const string Gas = "sensor.gas_meter";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("entity_id,state,sum,change,last_changed", "{0},{3},{4},{5},{1:yyyy-MM-ddTHH:mm:ss.000Z}")]
    [InlineData("statistic_id,start,state,sum,change", "{0},{1:yyyy-MM-dd HH:mm:ss},{3},{4},{5}")]
    [InlineData("statistic_id,start_ts,sum,change", "{0},{2},{4},{5}")]
    [InlineData("start\tstatistic_id\tstate\tsum\tdelta", "{1:yyyy-MM-dd HH:mm:ss}\t{0}\t{3}\t{4}\t{5}")]
    [InlineData("Statistic ID,Start,End,Change,Sum", "{0},{1:yyyy-MM-dd HH:mm:ss},{6:yyyy-MM-dd HH:mm:ss},{5},{4}")]
    public void Of_what_was_counted_and_what_is_new_of_it_only_the_latter_is_taken(string headers, string row)
    {
        var text = TextOf(headers, row, [Electricity, "sensor.hall_energy"]);
        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Contains("metric=energy, unit=kWh", asked.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([5.0, 6, 7, 5, 6], _bench.Values(Electricity, "energy").Take(5).Select(value => value.Value));
        Assert.Equal(24, _bench.Values("sensor.hall_energy", "energy").Count());
        Assert.Equal(48, _bench.Told.Count);
        Assert.Contains("sum", _bench.Assumed("left_out"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_was_counted_is_a_register_at_the_end_of_its_hour_where_nothing_says_what_is_new_of_it()
    {
        _bench.RunText(TextOf("statistic_id,start_ts,state,sum", "{0},{2},{3},{4}", [Electricity]), new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.Equal([$"{Electricity} energy_import_register 2026-03-02 01:00 5", $"{Electricity} energy_import_register 2026-03-02 02:00 11"], _bench.Told.Take(2));
        Assert.Equal(24, _bench.Told.Count);
        Assert.Equal("state", _bench.Assumed("left_out"));
    }

    [Fact]
    public void The_units_of_statistics_tell_gas_from_electricity()
    {
        _bench.RunText(TextOf("statistic_id,unit,start,state,sum,change", "{0},{7},{1:yyyy-MM-dd HH:mm:ss},{3},{4},{5}", [Electricity, Gas]));

        Assert.Equal([5.0, 6, 7], _bench.Values(Electricity, "energy").Take(3).Select(value => value.Value));
        Assert.Equal([5.0, 6, 7], _bench.Values(Gas, "gas_volume").Take(3).Select(value => value.Value));
        Assert.Equal(48, _bench.Told.Count);
    }

    [Fact]
    public void A_sum_that_is_not_that_of_the_state_beside_it_stays_a_question()
    {
        var rows = string.Concat(Enumerable.Range(0, 12).Select(hour => $"2026-03-02 {hour:00}:00,{hour % 3},{50 + (hour * 7 % 5)}\n"));

        _bench.RunText($"Time,State,Sum\n{rows}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(12, _bench.Values("Sum", "energy").Count());
        Assert.Equal(12, _bench.Values("State", "energy").Count());
    }

    private static string TextOf(string headers, string row, string[] entities)
    {
        var lines = entities.SelectMany((entity, at) =>
        {
            var sum = 0;
            return Enumerable.Range(0, 24).Select(hour =>
            {
                var change = 5 + (hour % 3);
                sum += change;
                var start = new DateTime(2026, 3, 2, hour, 0, 0, DateTimeKind.Utc);
                return string.Format(CultureInfo.InvariantCulture, row, entity, start, new DateTimeOffset(start).ToUnixTimeSeconds(), (1000 * (at + 1)) + sum, sum, change, start.AddHours(1), entity == Gas ? "m³" : "kWh");
            });
        });
        return $"{headers}\n{string.Join('\n', lines)}\n";
    }
}
