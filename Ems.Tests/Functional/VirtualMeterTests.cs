using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class VirtualMeterTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 5, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_main_meter_less_its_sub_meters_is_asked_like_any_meter()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("main", Start, 10, 20, 30, 40);
        await host.WriteHoursAsync("a", Start, 1, 2, 3, 4);
        await host.WriteHoursAsync("b", Start, 2, 2, 2, 2);
        await SaveAsync(host, "rest", ["main"], ["a", "b"]);

        var series = await SeriesAsync(host, "rest", "bucket=hour");
        var day = await SeriesAsync(host, "rest", "bucket=day");
        var answer = await host.AskAsync("""{"metric":"energy","aggregate":"max","equipment":"rest"}""");

        Assert.Equal([7, 16, 25, 34], Values(series));
        Assert.Equal([82], Values(day));
        Assert.Equal([7, 16, 25, 34], Values(await SeriesAsync(host, "rest", "bucket=raw")));
        Assert.Equal("kWh energy", $"{series.GetProperty("unit")} {series.GetProperty("derived_from")}");
        Assert.Equal(34, answer.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal("2026-05-01T03:00:00Z", answer.GetProperty("rows")[0].GetProperty("at").GetString());
    }

    [Fact]
    public async Task Where_one_part_is_silent_there_is_a_gap_and_not_a_wrong_number()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("main", Start, 10, 20, 30, 40);
        await host.WriteHoursAsync("a", Start, 1, 2);
        await host.WriteHoursAsync("a", Start + (Hour * 3), 4);
        await SaveAsync(host, "rest", ["main"], ["a"]);

        var hours = await SeriesAsync(host, "rest", "bucket=hour");
        var range = await SeriesAsync(host, "rest", "bucket=day&from=2026-05-01T00:00:00Z&to=2026-05-01T04:00:00Z");

        Assert.Equal(["9", "18", "", "36"], hours.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").ToString()));
        Assert.Equal([63], Values(range));
        Assert.Equal(0.75, range.GetProperty("points")[0].GetProperty("coverage").GetDouble());
    }

    [Fact]
    public async Task Parts_may_count_in_different_ways_and_have_multipliers()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteAsync("register", "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero, Every(15, 17, i => 100 + i));
        await host.WriteAsync("power", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(15), Every(15, 16, _ => 8));
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "power", Name = "Power", Multiplier = new Timeline<double>(10) }, Cancel);
        await SaveAsync(host, "both", ["register", "power"], []);
        await SaveAsync(host, "twice", ["both", "power"], []);

        Assert.Equal([84, 84, 84, 84], Values(await SeriesAsync(host, "both", "bucket=hour")));
        Assert.Equal([164, 164, 164, 164], Values(await SeriesAsync(host, "twice", "bucket=hour")));
        Assert.Equal("energy_import_register, active_power", (await SeriesAsync(host, "both", "bucket=hour")).GetProperty("derived_from").GetString());
    }

    [Fact]
    public async Task Powers_add_up_at_the_same_time_and_nothing_else_does()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteAsync("a", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(15), Every(15, 8, i => i));
        await host.WriteAsync("b", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(30), Every(30, 4, i => 10 * i));
        await host.WriteAsync("a", "voltage", QuantityKind.Level, "V", Duration.Zero, Every(15, 8, _ => 230));
        await SaveAsync(host, "sum", ["a", "b"], []);

        var answer = await SeriesAsync(host, "sum", "metric=active_power&bucket=15m");
        var highest = await host.AskAsync("""{"metric":"active_power","aggregate":"max","equipment":"sum"}""");
        var problem = await host.GetAsync("/series?equipment_id=sum&metric=voltage", 400);

        Assert.Equal("30m", answer.GetProperty("bucket").GetString());
        Assert.Equal([0.5, 12.5, 24.5, 36.5], Values(answer));
        Assert.Equal(36.5, highest.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Contains("no readings of 'voltage'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_names_of_one_meter_count_once()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("main", Start, 10, 20, 30);
        await host.WriteHoursAsync("a", Start, 1, 2);
        await host.WriteHoursAsync("copy", Start + Hour + Hour, 3);
        await SaveAsync(host, "sum", ["a", "copy"], []);
        await SaveAsync(host, "rest", ["main"], ["a", "copy"]);

        await host.Services.GetRequiredService<IReadingStore>().MergeAsync("copy", "a", "merge", "ann", Cancel);

        Assert.Equal([1, 2, 3], Values(await SeriesAsync(host, "sum", "bucket=hour")));
        Assert.Equal([9, 18, 27], Values(await SeriesAsync(host, "rest", "bucket=hour")));
        var gone = await host.GetAsync("/series?equipment_id=copy&metric=energy", 400);
        Assert.Contains("given to 'a': ask for those", gone.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_count_what_a_virtual_meter_tells_of_only_once()
    {
        await using var host = await QueryHost.StartAsync(now: new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero));
        foreach (var id in new[] { "a", "b" })
        {
            await host.WriteHoursAsync(id, Start, 1, 2);
            await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = id, Name = id, Parent = "sum" }, Cancel);
        }

        await SaveAsync(host, "sum", ["a", "b"], [], type: "building");

        Assert.Equal(6, Total(await host.AskAsync("""{"metric":"energy","aggregate":"sum"}""")));
        Assert.Equal(6, Total(await host.AskAsync("""{"metric":"energy","aggregate":"sum","type":"building"}""")));
        Assert.Equal(6, Total(await host.AskAsync("""{"metric":"energy","aggregate":"sum","equipment":["sum"]}""")));
        Assert.Equal(6, (await host.GetAsync("/energy-summary")).GetProperty("by_carrier").GetProperty("electricity").GetProperty("month_kwh").GetDouble());

        static double Total(JsonElement answer) => answer.GetProperty("rows")[0].GetProperty("value").GetDouble();
    }

    [Fact]
    public async Task A_month_of_quarter_hours_is_the_difference_of_the_months()
    {
        await using var host = await QueryHost.StartAsync();
        var random = new Random(7);
        double[] main = [.. Enumerable.Range(0, 31 * 96).Select(_ => random.Next(100, 200) / 8.0)];
        double[] sub = [.. main.Select(value => value / 4)];
        await host.WriteAsync("main", "energy", QuantityKind.Interval, "kWh", Duration.FromMinutes(15), Every(15, main.Length, i => main[i]));
        await host.WriteAsync("sub", "energy", QuantityKind.Interval, "kWh", Duration.FromMinutes(15), Every(15, sub.Length, i => sub[i]));
        await SaveAsync(host, "rest", ["main"], ["sub"]);

        Assert.Equal(main.Sum() * 0.75, Values(await SeriesAsync(host, "rest", "bucket=month")).Single(), 6);
        Assert.Equal(main.Take(96).Sum() * 0.75, Values(await SeriesAsync(host, "rest", "bucket=day")).First(), 6);
    }

    private static Task SaveAsync(QueryHost host, string id, string[] plus, string[] minus, string? type = null) => host.Catalogue.SaveEquipmentAsync(
        new Equipment { Id = id, Name = id, Type = type, Virtual = new VirtualMeter(plus, minus) }, Cancel);

    private static IEnumerable<(Instant Start, double Value)> Every(int minutes, int count, Func<int, double> value) =>
        Enumerable.Range(0, count).Select(i => (Start + Duration.FromMinutes(i * minutes), value(i)));

    private static async Task<JsonElement> SeriesAsync(QueryHost host, string id, string query) =>
        (await host.GetAsync($"/series?equipment_id={id}&{query}")).GetProperty("series")[0];

    private static IEnumerable<double> Values(JsonElement series) =>
        series.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").GetDouble());
}
