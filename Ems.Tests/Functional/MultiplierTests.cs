using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class MultiplierTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 5, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Timeline<double> FromNoon = new(10, [new Change<double>(Start + (Hour * 12), 40)]);

    [Theory]
    [InlineData("hour", 24)]
    [InlineData("day", 1)]
    [InlineData("raw", 24)]
    public async Task Amounts_are_multiplied_by_what_held_at_their_time(string bucket, int points)
    {
        await using var host = await QueryHost.StartAsync();
        await SaveAsync(host, FromNoon);
        await host.WriteHoursAsync("m", Start, [.. Enumerable.Repeat(2.0, 24)]);

        var values = await ReadAsync(host, "energy", bucket);

        Assert.Equal(points, values.Count);
        Assert.Equal((12 * 20) + (12 * 80), values.Sum());
        Assert.True(bucket == "day" || (values[11] == 20 && values[12] == 80));
    }

    [Fact]
    public async Task A_new_ratio_changes_the_numbers_at_once_and_the_stored_values_not_at_all()
    {
        await using var host = await QueryHost.StartAsync();
        await SaveAsync(host, new Timeline<double>(1));
        await host.WriteAsync("m", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(5), Minutes(288, 5, _ => 3));
        Assert.Equal(72, (await ReadAsync(host, "energy", "day")).Single());

        await SaveAsync(host, FromNoon);

        Assert.Equal((36 * 10) + (36 * 40), (await ReadAsync(host, "energy", "day")).Single());
        Assert.Equal([30, 120], (await ReadAsync(host, "active_power", "hour")).Distinct());
        await SaveAsync(host, new Timeline<double>(1));
        Assert.Equal(72, (await ReadAsync(host, "energy", "day")).Single());
    }

    [Fact]
    public async Task What_a_counter_counted_is_multiplied_and_what_it_shows_is_not()
    {
        await using var host = await QueryHost.StartAsync();
        await SaveAsync(host, FromNoon);
        await host.WriteAsync("m", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero, Minutes(25, 60, i => 500 + i));

        Assert.Equal((12 * 10) + (12 * 40), (await ReadAsync(host, "energy", "day")).Single());
        Assert.Equal(
            [510, 511], (await ReadAsync(host, "energy_import_register", "hour", "&aggregate=max")).Skip(10).Take(2));
        Assert.Equal((12 * 10) + (12 * 40), (await ReadAsync(host, "energy_import_register", "day", "&aggregate=sum")).Single());
    }

    [Fact]
    public async Task A_ratio_is_none_of_a_voltages_business()
    {
        await using var host = await QueryHost.StartAsync();
        await SaveAsync(host, new Timeline<double>(40));
        await host.WriteAsync("m", "voltage", QuantityKind.Level, "V", Duration.Zero, Minutes(24, 60, _ => 230));
        await host.WriteAsync("m", "reactive_power", QuantityKind.Level, "kvar", Duration.Zero, Minutes(24, 60, _ => 2));

        Assert.Equal([230], (await ReadAsync(host, "voltage", "hour")).Distinct());
        Assert.Equal([80], (await ReadAsync(host, "reactive_power", "hour")).Distinct());
    }

    [Fact]
    public async Task Aggregates_use_it_too()
    {
        await using var host = await QueryHost.StartAsync();
        await SaveAsync(host, FromNoon);
        await host.WriteHoursAsync("m", Start, [.. Enumerable.Repeat(2.0, 24)]);

        var sum = await host.AskAsync("""{"metric":"energy","aggregate":"sum"}""");
        var highest = await host.AskAsync("""{"metric":"energy","aggregate":"max","equipment":"m"}""");

        Assert.Equal(1200, sum.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal(80, highest.GetProperty("rows")[0].GetProperty("value").GetDouble());
    }

    private static Task SaveAsync(QueryHost host, Timeline<double> multiplier) => host.Catalogue.SaveEquipmentAsync(
        new Equipment { Id = "m", Name = "Main", Multiplier = multiplier }, TestContext.Current.CancellationToken);

    private static IEnumerable<(Instant Start, double Value)> Minutes(int count, int step, Func<int, double> value) =>
        Enumerable.Range(0, count).Select(i => (Start + Duration.FromMinutes(i * step), value(i)));

    private static async Task<List<double>> ReadAsync(QueryHost host, string metric, string bucket, string more = "")
    {
        var answer = await host.GetAsync(
            $"/series?equipment_id=m&metric={metric}&bucket={bucket}&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z{more}");
        return [.. answer.GetProperty("series")[0].GetProperty("points").EnumerateArray()
            .Select(point => point.GetProperty("value")).Where(value => value.ValueKind == JsonValueKind.Number).Select(value => value.GetDouble())];
    }
}
