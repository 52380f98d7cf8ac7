using System.Text.Json;
using Ems.Core.Metering;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class QueryAggregateTests
{
    private static readonly Instant Start = Instant.FromUtc(2025, 6, 11, 0, 0);

    [Fact]
    public async Task A_site_is_the_sum_of_its_main_meters()
    {
        await using var host = await SiteAsync();

        var total = await host.AskAsync("""{"metric":"energy","site":"s","carrier":"electricity"}""");
        var each = await host.AskAsync("""{"metric":"energy","site":"s","group_by":"equipment"}""");

        Assert.Equal(21 + 13, Value(total));
        Assert.Equal(["A", "B", "G", "Sub"], each.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("equipment").GetString()).Order());
    }

    [Fact]
    public async Task Carriers_are_not_added_unasked()
    {
        await using var host = await SiteAsync();

        var problem = await host.AskAsync("""{"metric":"energy","site":"s"}""", 400);
        var grouped = await host.AskAsync("""{"metric":"energy","site":"s","group_by":"carrier"}""");

        Assert.Contains("electricity, gas", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal([34.0, 300.0], grouped.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task The_maximum_of_a_site_is_that_of_the_summed_meters()
    {
        await using var host = await SiteAsync();

        var highest = await host.AskAsync("""{"metric":"energy","site":"s","carrier":"electricity","aggregate":"max"}""");
        var lowest = await host.AskAsync("""{"metric":"energy","site":"s","carrier":"electricity","aggregate":"min"}""");

        Assert.Equal(11 + 2, Value(highest));
        Assert.Equal("2025-06-11T02:00:00Z", highest.GetProperty("rows")[0].GetProperty("at").GetString());
        Assert.Equal(9, Value(lowest));
    }

    [Fact]
    public async Task What_several_counters_counted_adds_up_in_groups_too()
    {
        await using var host = await QueryHost.StartAsync();
        foreach (var (id, daily) in new[] { ("A", 10.0), ("B", 20.0) })
        {
            await host.WriteAsync(
                id, "energy_import_register", QuantityKind.Register, "kWh", Duration.Zero, Enumerable.Range(0, 4).Select(day => (Start + Duration.FromDays(day), 100 + (daily * day))));
        }

        var grouped = await host.AskAsync(
            """{"metric":"energy_import_register","aggregate":"sum","group_by":"month","bucket":"day","from":"2025-06-11","to":"2025-06-14"}""");

        Assert.Equal(90, Value(grouped));
    }

    [Fact]
    public async Task Values_of_buckets_are_grouped()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Instant.FromUtc(2025, 6, 2, 0, 0), [.. Enumerable.Range(0, 24 * 14).Select(h => h / 24 + 1.0)]);

        var answer = await host.AskAsync(
            """{"metric":"energy","equipment":"M","bucket":"day","group_by":"weekday","aggregate":"max"}""");
        var rows = answer.GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(7, rows.Count);
        Assert.Equal("monday", rows[0].GetProperty("weekday").GetString());
        Assert.Equal(8 * 24, rows[0].GetProperty("value").GetDouble());
        Assert.Equal("2025-06-09T00:00:00Z", rows[0].GetProperty("at").GetString());
    }

    [Theory]
    [InlineData("/aggregate?format=csv", """{"metric":"energy","equipment":"M"}""")]
    [InlineData("/aggregate", """{"metric":"energy","equipment":"M","format":"csv"}""")]
    public async Task An_answer_comes_as_a_file_whether_the_query_or_the_body_says_it(string route, string body)
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Start, 1, 2, 3);

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await host.Client.PostAsync(route, content, TestContext.Current.CancellationToken);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(",energy,sum,6,kWh,", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mean", 3)]
    [InlineData("median", 2)]
    [InlineData("last", 8)]
    [InlineData("count", 5)]
    [InlineData("stddev", 2.9154759474226504)]
    public async Task Statistics_are_those_of_the_readings(string aggregate, double expected)
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Start, 1, 1, 2, 3, 8);

        var answer = await host.AskAsync($$"""{"metric":"energy","equipment":["M"],"aggregate":"{{aggregate}}"}""");

        Assert.Equal(expected, Value(answer), 1e-9);
    }

    [Fact]
    public async Task Percentiles_and_filters_work_together()
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Start, 1, 2, 3, 4, 100);

        var percentile = await host.AskAsync(
            """{"metric":"energy","equipment":"M","aggregate":"percentile","percentile":50,"filters":{"max_value":50}}""");
        var hours = await host.AskAsync("""{"metric":"energy","equipment":"M","filters":{"hours":[1,2]}}""");

        Assert.Equal(2.5, Value(percentile));
        Assert.Equal(5, Value(hours));
        Assert.Equal(1, hours.GetProperty("coverage").GetDouble());
    }

    [Fact]
    public async Task Energy_of_power_is_kilowatt_hours()
    {
        await using var host = await QueryHost.StartAsync();
        var values = Enumerable.Range(0, 8).Select(i => (Start + Duration.FromMinutes(15 * i), 4.0));
        await host.WriteAsync("M", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(15), values);

        var energy = await host.AskAsync("""{"metric":"energy","equipment":"M"}""");
        var power = await host.AskAsync("""{"metric":"active_power","equipment":"M"}""");
        var mean = await host.AskAsync("""{"metric":"active_power","equipment":"M","aggregate":"mean"}""");

        Assert.Equal((8.0, "kWh"), (Value(energy), energy.GetProperty("unit").GetString()));
        Assert.Equal((8.0, "kWh"), (Value(power), power.GetProperty("unit").GetString()));
        Assert.Equal((4.0, "kW"), (Value(mean), mean.GetProperty("unit").GetString()));
    }

    [Theory]
    [InlineData("""{"aggregate":"total"}""")]
    [InlineData("""{"aggregate":"percentile"}""")]
    [InlineData("""{"group_by":"planet"}""")]
    [InlineData("""{"group_by":"hour_of_day","bucket":"day"}""")]
    [InlineData("""{"filters":{"hours":[24]}}""")]
    [InlineData("""{"filters":{"weekdays":["someday"]}}""")]
    [InlineData("""{"filters":{"weekdays":["\ud800day"]}}""")]
    [InlineData("""{"metric":"energy","equipment":["\ud800"]}""")]
    [InlineData("""{"metric":"energy","group_by":"\ud800"}""")]
    [InlineData("""{"limit":0}""")]
    [InlineData("""{"site":"nowhere"}""")]
    [InlineData("""{"metric":"voltage"}""")]
    public async Task A_wrong_question_is_told_what_is_wrong(string question)
    {
        await using var host = await QueryHost.StartAsync();
        await host.WriteHoursAsync("M", Start, 1, 2);

        var problem = await host.AskAsync(question, 400);

        Assert.Equal("DATA_VALIDATION_FAILED", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("min", 20)]
    [InlineData("mean", 20)]
    [InlineData("median", 20)]
    [InlineData("max", 20)]
    [InlineData("stddev", 0)]
    public async Task An_hour_that_a_meter_says_only_a_part_of_is_no_hour_to_compare(string aggregate, double expected)
    {
        await using var host = await QueryHost.StartAsync();
        var minutes = Enumerable.Range(0, 72).Select(i => Duration.FromMinutes(5 * i)).ToList();
        var gap = (From: Duration.FromMinutes(130), To: Duration.FromMinutes(175));
        await host.WriteAsync("A", "active_power", QuantityKind.Level, "kW", Duration.FromMinutes(5), minutes.Select(m => (Start + m, 10.0)));
        await host.WriteAsync("B", "active_power", QuantityKind.Level, "kW", Duration.Zero,
            minutes.Append(Duration.FromHours(6)).Where(m => m < gap.From || m > gap.To).Select(m => (Start + m, 10.0)));

        var answer = await host.AskAsync($$"""{"metric":"energy","equipment":["A","B"],"aggregate":"{{aggregate}}"}""");

        Assert.Equal(expected, Value(answer), 1e-9);
    }

    [Theory]
    [InlineData("Asia/Kolkata", "Asia/Kathmandu")]
    [InlineData("Asia/Kathmandu", "America/Chicago")]
    public async Task Meters_in_zones_between_which_lies_a_part_of_an_hour_are_put_together_on_one_grid(string first, string second)
    {
        await using var host = await QueryHost.StartAsync();
        foreach (var (meter, zone) in new[] { ("A", first), ("B", second) })
        {
            await host.AddSiteAsync(zone[(zone.IndexOf('/', StringComparison.Ordinal) + 1)..], zone);
            await host.AddEquipmentAsync(meter, zone[(zone.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            await host.WriteAsync(meter, "active_power", QuantityKind.Level, "kW", Duration.Zero,
                Enumerable.Range(0, 97).Select(i => (Start + Duration.FromMinutes(15 * i), 10.0)));
        }

        const string Range = "\"from\":\"2025-06-11T00:00:00Z\",\"to\":\"2025-06-12T00:00:00Z\"";
        foreach (var aggregate in new[] { "max", "mean", "min" })
        {
            var energy = await host.AskAsync($$"""{"metric":"energy","aggregate":"{{aggregate}}","equipment":["A","B"],{{Range}}}""");
            var power = await host.AskAsync($$"""{"metric":"active_power","aggregate":"{{aggregate}}","equipment":["A","B"],{{Range}}}""");
            Assert.Equal((20, 20), (Value(energy), Value(power)));
        }

        var hours = await host.AskAsync($$"""{"metric":"energy","bucket":"hour","equipment":["A","B"],{{Range}}}""");
        var values = hours.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("value").GetDouble()).ToList();
        Assert.Equal(480, values.Sum(), 1e-9);
        Assert.All(values.Skip(1).SkipLast(1), value => Assert.Equal(20, value, 1e-9));

        var sites = await host.AskAsync($$"""{"metric":"energy","aggregate":"max","group_by":"site",{{Range}}}""");
        Assert.Equal([10.0, 10], sites.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("value").GetDouble()));
    }

    private static double Value(JsonElement answer) => answer.GetProperty("rows")[0].GetProperty("value").GetDouble();

    /// <summary>Two main meters, one below the first, and a gas meter.</summary>
    private static async Task<QueryHost> SiteAsync()
    {
        var host = await QueryHost.StartAsync();
        await host.AddSiteAsync("s", "UTC");
        await host.AddEquipmentAsync("A", "s");
        await host.AddEquipmentAsync("B", "s");
        await host.AddEquipmentAsync("Sub", "s", parent: "A");
        await host.AddEquipmentAsync("G", "s", "gas");
        await host.WriteHoursAsync("A", Start, 5, 5, 11);
        await host.WriteHoursAsync("B", Start, 7, 4, 2);
        await host.WriteHoursAsync("Sub", Start, 1, 1, 1);
        await host.WriteHoursAsync("G", Start, 100, 100, 100);
        return host;
    }
}
