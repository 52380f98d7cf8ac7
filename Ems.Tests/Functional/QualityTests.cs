using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;

namespace Ems.Tests.Functional;

public sealed class QualityTests : IDisposable
{
    private static readonly DateTime Start = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_import_counts_what_is_odd_and_the_report_shows_where()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var load = Load(20 * 96);
        var held = load[1000].Kw;
        for (var i = 1000; i < 1030; i++)
        {
            load[i] = load[i] with { Kw = held };
        }

        load[1500] = load[1500] with { Kw = 900 };
        load[1700] = load[1700] with { Kw = -3 };
        var missing = load.GetRange(400, 3);
        load.RemoveRange(400, 3);

        var job = await ImportAsync(host, "main", load);

        Assert.Equal(
            new Dictionary<string, int> { ["gap"] = 1, ["negative_consumption"] = 1, ["spike"] = 1, ["stuck"] = 30 }, Counts(job.GetProperty("flags")));
        Assert.Equal(Counts(job.GetProperty("flags")), Counts((await host.GetAsync("/stats")).GetProperty("quality").GetProperty("flags")));
        var findings = await FindingsAsync(host, "/quality?equipment_id=main");
        Assert.Equal(["gap", "negative_consumption", "spike", "stuck"], findings.Select(one => one.Text("kind")));
        Assert.All(findings, one => Assert.Equal(("main", "active_power", "kW", "2024-03-01"), (one.Text("equipment_id"), one.Text("metric"), one.Text("unit"), one.Text("period"))));
        var gap = findings[0].GetProperty("examples")[0];
        Assert.Equal((At(400), At(403)), (gap.Text("start"), gap.Text("end")));
        Assert.Equal((1, 30), (findings[3].GetProperty("episodes").GetInt32(), findings[3].GetProperty("values").GetInt32()));
        Assert.Equal((At(1000), At(1030)), (findings[3].GetProperty("examples")[0].Text("start"), findings[3].GetProperty("examples")[0].Text("end")));
        Assert.Equal(900, findings[2].GetProperty("examples")[0].GetProperty("value").GetDouble());

        var late = await ImportAsync(host, "main", missing);

        Assert.Equal(new Dictionary<string, int> { ["late"] = 3 }, Counts(late.GetProperty("flags")));
        Assert.Equal(["late"], (await FindingsAsync(host, "/quality?kind=gap&kind=late")).Select(one => one.Text("kind")));
    }

    [Fact]
    public async Task Findings_are_told_by_day_and_page_and_range()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var load = Load(10 * 96);
        foreach (var i in new[] { 800, 500, 470, 200 })
        {
            load.RemoveRange(i, 2);
        }

        await ImportAsync(host, "main", load);

        var days = await FindingsAsync(host, "/quality?period=day");
        Assert.Equal(["2024-03-03", "2024-03-05", "2024-03-06", "2024-03-09"], days.Select(one => one.Text("period")));
        var first = await host.GetAsync("/quality?period=day&limit=3");
        var second = await host.GetAsync($"/quality?period=day&limit=3&cursor={first.Text("next_cursor")}");
        Assert.Equal(3, first.GetProperty("findings").GetArrayLength());
        Assert.Equal("2024-03-09", Assert.Single(second.GetProperty("findings").EnumerateArray()).Text("period"));
        Assert.Equal(2, (await FindingsAsync(host, "/quality?period=day&from=2024-03-05&to=2024-03-07")).Count);
        Assert.Equal(4, Assert.Single(await FindingsAsync(host, "/quality")).GetProperty("episodes").GetInt32());
        var file = await host.Client.GetStringAsync(new Uri("/quality?format=csv&period=day", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(5, file.TrimEnd().Split('\n').Length);
        Assert.Contains(",2024-03-05,", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_is_asked_for_is_that_of_the_site()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        using var site = await host.Client.PutAsync(
            "/sites/chicago", new StringContent("""{"name":"Chicago","time_zone":"America/Chicago"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(site.IsSuccessStatusCode);
        var load = Load(4 * 96);
        load.RemoveRange(96 + 8, 2);
        await ImportAsync(host, "main", load);
        using var place = await host.Client.PutAsync(
            "/equipment/main", new StringContent("""{"site":"chicago"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(place.IsSuccessStatusCode);

        // The gap is at 02:00 of March 2 UTC, which is 20:00 of March 1 in Chicago.
        Assert.Equal("2024-03-01", Assert.Single(await FindingsAsync(host, "/quality?period=day&kind=gap&from=2024-03-01T14:00&to=2024-03-02")).Text("period"));
        Assert.Empty(await FindingsAsync(host, "/quality?period=day&kind=gap&from=2024-03-02&to=2024-03-03"));
    }

    [Theory]
    [InlineData("kind=oddness", "kind", "DATA_VALIDATION_FAILED")]
    [InlineData("period=hour", "period", "DATA_VALIDATION_FAILED")]
    [InlineData("kind=oddness&from=yesterday", "kind", "DATA_VALIDATION_FAILED")]
    [InlineData("from=yesterday", "from", "INVALID_TIME_RANGE")]
    [InlineData("from=2024-03-02&to=2024-03-01", "to", "INVALID_TIME_RANGE")]
    [InlineData("equipment_id=ghost", "equipment_id", "EQUIPMENT_NOT_FOUND")]
    [InlineData("equipment_id=ghost&format=csv", "equipment_id", "EQUIPMENT_NOT_FOUND")]
    public async Task A_wrong_question_is_told_what_is_wrong(string query, string field, string code)
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);

        var problem = await host.GetAsync($"/quality?{query}");

        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(field, problem.GetProperty("errors")[0].Text("field"));
    }

    [Fact]
    public async Task A_meter_that_counts_less_than_those_below_it_is_out_of_balance_on_that_day()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var load = Load(5 * 96);
        await ImportAsync(host, "main", load);
        await ImportAsync(host, "sub-1", load.ConvertAll(one => one with { Kw = one.Kw * 0.5 }));
        await ImportAsync(host, "sub-2", load.ConvertAll(one => one with { Kw = one.Kw * (one.At.Day == 3 ? 0.8 : 0.3) }));
        await ImportAsync(host, "elsewhere", load.ConvertAll(one => one with { Kw = one.Kw * 5 }));
        Assert.Empty(await FindingsAsync(host, "/quality?kind=imbalance"));

        foreach (var id in new[] { "sub-1", "sub-2" })
        {
            var sub = await host.Catalogue.FindEquipmentAsync(id, TestContext.Current.CancellationToken);
            await host.Catalogue.SaveEquipmentAsync(sub! with { Parent = "main" }, TestContext.Current.CancellationToken);
        }

        var job = await ImportAsync(host, "sub-2", [load[0] with { Kw = 1 }, load[1] with { Kw = 1 }]);

        Assert.False(job.GetProperty("flags").TryGetProperty("imbalance", out _));
        var finding = Assert.Single(await FindingsAsync(host, "/quality?kind=imbalance&period=day"));
        Assert.Equal(("main", "2024-03-03", 96), (finding.Text("equipment_id"), finding.Text("period"), finding.GetProperty("values").GetInt32()));

        await ImportAsync(host, "main", load.Where(one => one.At.Day == 3).Select(one => one with { Kw = one.Kw * 2 }).ToList());
        Assert.Empty(await FindingsAsync(host, "/quality?kind=imbalance"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_import_of_the_last_values_of_a_day_counts_the_imbalance_of_the_meter_above_and_no_other_one(bool isOnMongo)
    {
        await using var mongo = isOnMongo ? new TestMongo() : null;
        await using var host = await ImportHost.StartAsync(_folder.Path, mongo is null ? [] : [$"--ConnectionStrings:ems={mongo.ConnectionString}"]);
        var load = Load(5 * 96);
        foreach (var id in new[] { "main", "sub-1", "sub-2" })
        {
            await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = id, Name = id, Parent = id == "main" ? null : "main" }, TestContext.Current.CancellationToken);
        }

        var sub = load.ConvertAll(one => one with { Kw = one.Kw * (one.At.Day is 3 or 4 ? 0.8 : 0.3) });
        int[] counted =
        [
            Imbalance(await ImportAsync(host, "main", load)),
            Imbalance(await ImportAsync(host, "sub-1", load.ConvertAll(one => one with { Kw = one.Kw * 0.5 }))),
            Imbalance(await ImportAsync(host, "sub-2", sub.FindAll(one => one.At.Day <= 3))),
            Imbalance(await ImportAsync(host, "sub-2", sub.FindAll(one => one.At.Day <= 3))),
            Imbalance(await ImportAsync(host, "sub-2", sub)),
            Imbalance(await ImportAsync(host, "sub-2", sub)),
        ];

        Assert.Equal([0, 0, 96, 0, 96, 0], counted);
        Assert.Equal(2 * 96, (await FindingsAsync(host, "/quality?kind=imbalance&period=day")).Sum(finding => finding.GetProperty("values").GetInt32()));

        static int Imbalance(JsonElement job) => job.GetProperty("flags").TryGetProperty("imbalance", out var values) ? values.GetInt32() : 0;
    }

    [Fact]
    public async Task Live_readings_are_checked_soon_after_they_came()
    {
        await using var host = await IntakeHost.StartAsync();
        var load = Load(3 * 96);
        load[200] = load[200] with { Kw = 5000 };
        load.RemoveRange(100, 10);
        var readings = load.Select(one => new { equipment_id = "live", timestamp = one.At, values = new { active_power = one.Kw } });
        foreach (var batch in readings.Chunk(100))
        {
            await host.PostAsync("/ingest/realtime", JsonSerializer.Serialize(batch));
        }

        var kinds = new List<string>();
        await Eventually.HoldsAsync(
            () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(30));
                kinds = [.. FindingsOf(host.GetAsync("/quality").GetAwaiter().GetResult()).Select(one => one.Text("kind"))];
                return kinds.Count == 2;
            },
            TimeSpan.FromMinutes(1), () => string.Join(", ", kinds));

        Assert.Equal(["gap", "spike"], kinds);
    }

    /// <summary>They are read together, and what is odd about one needs more of its surroundings than about another.</summary>
    [Fact]
    public async Task Metrics_of_one_meter_are_found_odd_as_if_each_were_a_meter_of_its_own()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var load = Load(60 * 96);
        load[700] = load[700] with { Kw = 900 };
        string[] units = ["active_power kW", "voltage V", "current A"];
        string?[] RowOf(int i) =>
        [
            Text(load[i].Kw), i is > 900 and < 4_000 ? "231" : Text(load[i].Kw + 180 + (i % 3)), i % 4 == 0 && i is < 2_000 or > 2_300 ? Text(load[i].Kw * 2) : null,
        ];
        var late = Enumerable.Range(3_000, 40).ToList();
        foreach (var rows in new[] { [.. Enumerable.Range(0, load.Count).Except(late)], late })
        {
            await ImportAsync(host, "all.csv", units, rows.Select(i => (load[i].At, RowOf(i))), ("equipment_id", "all"));
            for (var i = 0; i < units.Length; i++)
            {
                await ImportAsync(host, "one.csv", [units[i]], rows.Select(row => (load[row].At, new[] { RowOf(row)[i] })), ("equipment_id", $"one-{i}"));
            }
        }

        var together = await FindingsAsync(host, "/quality?equipment_id=all");
        var alone = await FindingsAsync(host, "/quality?equipment_id=one-0&equipment_id=one-1&equipment_id=one-2");

        Assert.Superset(
            new HashSet<string> { "current gap", "voltage stuck", "active_power spike", "active_power late" }, together.Select(NameOf).ToHashSet());
        Assert.Equal(alone.Select(WithoutMeter).Order(StringComparer.Ordinal), together.Select(WithoutMeter).Order(StringComparer.Ordinal));

        static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
        static string NameOf(JsonElement finding) => $"{finding.Text("metric")} {finding.Text("kind")}";
        static string WithoutMeter(JsonElement finding) =>
            $"{NameOf(finding)} {finding.GetProperty("values")} {finding.GetProperty("episodes")} {finding.GetProperty("examples")}";
    }

    private static async Task ImportAsync(
        ImportHost host, string file, string[] columns, IEnumerable<(DateTime At, string?[] Cells)> rows, (string, string) equipment)
    {
        var lines = rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.At:yyyy-MM-ddTHH:mm:ssZ},{string.Join(',', row.Cells)}"));
        var (_, job) = await host.ImportAsync(
            file, Encoding.UTF8.GetBytes($"timestamp,{string.Join(',', columns)}\n{string.Join('\n', lines)}\n"), wait: true, equipment,
            ("timestamp_label", "start"), ("time_zone", "UTC"));
        Assert.True(job.Text("state") == "completed", job.GetRawText());
    }

    private static async Task<JsonElement> ImportAsync(ImportHost host, string equipment, List<(DateTime At, double Kw)> load)
    {
        var lines = load.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.At:yyyy-MM-ddTHH:mm:ssZ},{one.Kw}"));
        var (status, job) = await host.ImportAsync(
            "load.csv", Encoding.UTF8.GetBytes($"timestamp,active_power kW\n{string.Join('\n', lines)}\n"), wait: true,
            ("equipment_id", equipment), ("timestamp_label", "start"), ("time_zone", "UTC"));
        Assert.True(status == 200 && job.Text("state") == "completed", job.GetRawText());
        return job;
    }

    private static async Task<List<JsonElement>> FindingsAsync(ImportHost host, string route) => FindingsOf(await host.GetAsync(route));

    private static List<JsonElement> FindingsOf(JsonElement answer) => [.. answer.GetProperty("findings").EnumerateArray()];

    private static Dictionary<string, int> Counts(JsonElement flags) =>
        flags.EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal).ToDictionary(one => one.Name, one => one.Value.GetInt32());

    private static string At(int quarter) => Start.AddMinutes(15 * quarter).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static List<(DateTime At, double Kw)> Load(int count)
    {
        var random = new Random(7);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => (Start.AddMinutes(15 * i), Math.Round(50 - (20 * Math.Cos(2 * Math.PI * i / 96)) + (random.NextDouble() * 6), 3))),
        ];
    }
}
