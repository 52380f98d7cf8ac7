using System.Text.Json;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Intervals of many lengths that fill little of the time, as sessions of a charge point do.</summary>
public sealed class QuerySessionTests
{
    private static readonly int[] Minutes = [30, 45, 61, 30, 45, 127, 30];
    private static readonly int[] Quarters = [0, 1, 2, 3, 96, 97];

    [Fact]
    public async Task Sessions_of_a_charge_point_count_whatever_others_were_as_long()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 2, 8, 0);
        var amounts = new List<double>();
        foreach (var (minutes, i) in Minutes.Select((minutes, i) => (minutes, i)))
        {
            amounts.Add(10 + i);
            await host.WriteAsync("CP", "energy", QuantityKind.Interval, "kWh", Duration.FromMinutes(minutes), [(start + Duration.FromHours(i * 7), amounts[i])]);
        }

        var raw = await PointsAsync(host, "/series?equipment_id=CP&metric=energy&bucket=raw");
        var days = await PointsAsync(host, "/series?equipment_id=CP&metric=energy&from=2025-06-02&to=2025-06-04&bucket=day");
        var total = await host.AskAsync("""{"metric":"energy","equipment":"CP"}""");

        Assert.Equal(amounts, raw.Select(session => session.GetProperty("value").GetDouble()));
        Assert.Equal([10.0 + 11 + 12, 13 + 14 + 15], days.Select(day => day.GetProperty("value").GetDouble()));
        Assert.Equal(amounts.Sum(), total.GetProperty("rows")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Quarter_hours_rule_from_the_first_to_the_last_where_hours_are_there_too()
    {
        await using var host = await QueryHost.StartAsync();
        var start = Instant.FromUtc(2025, 6, 2, 0, 0);
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromHours(1), Enumerable.Range(0, 48).Select(hour => (start + Duration.FromHours(hour), 4.0)));
        await host.WriteAsync("M", "energy", QuantityKind.Interval, "kWh", Duration.FromMinutes(15), Quarters.Select(quarter => (start + Duration.FromMinutes(15 * quarter), 1.0)));

        var days = await PointsAsync(host, "/series?equipment_id=M&metric=energy&from=2025-06-02&to=2025-06-03&bucket=day");

        Assert.Equal(4, days[0].GetProperty("value").GetDouble());
    }

    private static async Task<List<JsonElement>> PointsAsync(QueryHost host, string route) =>
        [.. (await host.GetAsync(route)).GetProperty("series")[0].GetProperty("points").EnumerateArray()];
}
