using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;

namespace Ems.Tests.Functional;

/// <summary>Mappings that are remembered and found again.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Mapping = """{"columns":[{"column":"When","role":"time"},{"column":"X","metric":"active_power","unit":"MW"},{"column":"Spare","role":"ignored"}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-profiles-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_accepted_mapping_is_found_again_by_the_headers_and_follows_the_equipment_of_a_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, first) = await host.ImportAsync(
            "Main_2024-01.csv", File(1), wait: true, ("mapping", Mapping), ("equipment_id", "M-1"), ("time_zone", "Europe/Berlin"), ("timestamp_label", "end"));
        var profile = Assert.Single((await host.GetAsync("/profiles")).GetProperty("profiles").EnumerateArray());

        var (status, second) = await host.ImportAsync("Main_2024-02.csv", File(2, "Title of the export\n\nSpare,When,X\n", spareFirst: true), wait: true);
        var (_, third) = await host.ImportAsync("Other_2024-02.csv", File(2), wait: true);

        Assert.True(status == 200, second.ToString());
        var id = Text(profile, "id");
        Assert.Equal([id, id, id], new[] { first, second, third }.Select(job => Text(job, "profile")));
        Assert.Equal("Europe/Berlin", Assumption(second, "time_zone"));
        Assert.Equal(id, Assumption(second, "profile"));
        var series = await host.Store.ListSeriesAsync(null, null, Cancellation);
        Assert.Equal([("M-1", 4L), ("Other", 2L)], series.Select(one => (one.Key.EquipmentId, one.Count)).Order());
        Assert.Equal(("active_power", "kW"), (series[0].Key.Metric, series[0].Unit));
        Assert.Equal(2_000, (await host.Store.ReadAsync(
            series[0].Key, NodaTime.Instant.FromUtc(2024, 1, 31, 22, 0), NodaTime.Instant.FromUtc(2024, 2, 2, 0, 0), 0, Cancellation))[0].Value);
    }

    [Fact]
    public async Task A_profile_that_the_request_names_says_zone_label_site_and_equipment()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/A", """{"name":"A","time_zone":"UTC"}""", 201);
        var put = await PutAsync(host, "/profiles/mine", $$"""
            {"name":"Mine","site":"A","time_zone":"Asia/Kolkata","timestamp_label":"start","equipment_id":"M-9","mapping":{{Mapping}}}
            """, 201);

        var (_, preview) = await host.PreviewAsync("any.csv", File(1), ("profile", "mine"));
        var (_, job) = await host.ImportAsync("any.csv", File(1), wait: true, ("profile", "mine"));
        var (missing, problem) = await host.ImportAsync("any.csv", File(1), wait: true, ("profile", "none"));

        Assert.Equal(("mine", Text(put, "fingerprint")), (Text(preview, "profile"), Text(preview, "fingerprint")));
        Assert.Equal(("completed", "mine"), (Text(job, "state"), Text(job, "profile")));
        Assert.Equal("Asia/Kolkata", Assumption(job, "time_zone"));
        var meter = Assert.Single(await host.Catalogue.ListEquipmentAsync(Cancellation));
        Assert.Equal(("M-9", "A"), (meter.Id, meter.Site));
        var series = Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancellation));
        Assert.Equal((NodaTime.Duration.FromHours(1), NodaTime.Instant.FromUtc(2023, 12, 31, 18, 30)), (series.Key.Length, series.FirstAt));
        Assert.Equal((400, "DATA_VALIDATION_FAILED"), (missing, Text(problem, "code")));
    }

    [Fact]
    public async Task A_profile_never_takes_an_import_to_equipment_of_another_site()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/A", """{"time_zone":"UTC"}""", 201);
        await PutAsync(host, "/sites/B", """{"time_zone":"UTC"}""", 201);
        await PutAsync(host, "/equipment/M-9", """{"site":"A"}""", 201);

        var unknown = await PutAsync(host, "/profiles/c", $$"""{"site":"C","equipment_id":"M-9","mapping":{{Mapping}}}""", 400);
        await PutAsync(host, "/profiles/b", $$"""{"site":"B","equipment_id":"M-9","mapping":{{Mapping}}}""", 201);
        var (_, preview) = await host.PreviewAsync("any.csv", File(1), ("profile", "b"));
        var (status, problem) = await host.ImportAsync("any.csv", File(1), wait: true, ("profile", "b"));

        Assert.Equal("site", Text(Assert.Single(unknown.GetProperty("errors").EnumerateArray()), "field"));
        Assert.Equal((400, "EQUIPMENT_SITE_MISMATCH"), (status, Text(problem, "code")));
        Assert.Equal("B:M-9", Assert.Single(problem.GetProperty("alternatives").EnumerateArray()).GetString());
        Assert.Equal("EQUIPMENT_SITE_MISMATCH", Text(Assert.Single(preview.GetProperty("problems").EnumerateArray()), "code"));
        Assert.Empty(await host.Store.ListSeriesAsync(null, null, Cancellation));
    }

    [Fact]
    public async Task A_mapping_that_comes_with_a_profile_is_kept_in_it_and_one_that_failed_is_not()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, failed) = await host.ImportAsync(
            "bad.csv", Encoding.UTF8.GetBytes("When,X\n2024-01-01 00:00,5000\n2024-01-01 01:00,6000\n"), wait: true,
            ("profile", "bad"), ("mapping", """{"columns":[{"column":"X","metric":"voltage","unit":"V"}]}"""));
        var (_, kept) = await host.ImportAsync("good.csv", File(1), wait: true, ("profile", "good"), ("mapping", Mapping));

        Assert.Equal(("failed", "completed"), (Text(failed, "state"), Text(kept, "state")));
        Assert.Equal("good", Text(Assert.Single((await host.GetAsync("/profiles")).GetProperty("profiles").EnumerateArray()), "id"));
        var columns = (await host.GetAsync("/profiles/good")).GetProperty("mapping").GetProperty("columns").EnumerateArray().ToList();
        Assert.Equal([("When", "time"), ("X", "value"), ("Spare", "ignored")], columns.Select(column => (Text(column, "column"), Text(column, "role"))));
        Assert.Equal(JsonValueKind.Null, columns[1].GetProperty("confidence").ValueKind);
    }

    [Fact]
    public async Task What_the_request_says_itself_comes_before_a_profile()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, kept) = await host.ImportAsync("a.csv", File(1), wait: true, ("mapping", Mapping));

        var (_, job) = await host.ImportAsync("b.csv", File(1), wait: true, ("metric", "energy"), ("unit", "MWh"));

        Assert.NotEqual(Text(kept, "profile"), Text(job, "profile"));
        Assert.DoesNotContain(job.GetProperty("assumptions").EnumerateArray(), one => Text(one, "what") == "profile");
        Assert.Equal("energy", Text(job.GetProperty("mapping")[0], "metric"));
    }

    [Fact]
    public async Task Profiles_are_put_listed_and_deleted_and_bad_ones_refused()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/profiles/b", """{"mapping":{}}""", 201);
        await PutAsync(host, "/profiles/a", """{"time_zone":"Europe/Rome"}""", 201);
        await PutAsync(host, "/profiles/a", """{"time_zone":"Europe/Paris"}""", 200);

        var bad = await PutAsync(host, "/profiles/a", """{"time_zone":"Rome","site":"none","mapping":{"columns":[{"column":"x","metric":"energy","unit":"kW"}]}}""", 400);
        using var deleted = await host.Client.DeleteAsync("/profiles/b", Cancellation);
        using var again = await host.Client.DeleteAsync("/profiles/b", Cancellation);

        Assert.Equal(["mapping.columns[0].unit", "time_zone", "site"], bad.GetProperty("errors").EnumerateArray().Select(error => Text(error, "field")));
        Assert.Equal((204, 404), ((int)deleted.StatusCode, (int)again.StatusCode));
        var left = Assert.Single((await host.GetAsync("/profiles")).GetProperty("profiles").EnumerateArray());
        Assert.Equal(("a", "Europe/Paris"), (Text(left, "id"), Text(left, "time_zone")));
        Assert.Contains("Europe/Paris", await host.Client.GetStringAsync("/profiles?format=csv", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_put_back_as_it_was_got_and_refused_with_what_it_does_not_have()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("a.csv", File(1), wait: true, ("mapping", Mapping), ("profile", "mine"));
        var got = await host.GetAsync("/profiles/mine");

        var put = await PutAsync(host, "/profiles/mine", got.GetRawText(), 200);
        var bad = await PutAsync(host, "/profiles/mine", """{"zone":"UTC","mapping":{"column":[],"columns":[{"column":"x","name":"y"}]}}""", 400);

        Assert.Equal(got.GetProperty("mapping").GetRawText(), put.GetProperty("mapping").GetRawText());
        Assert.Equal(["zone", "mapping.column", "mapping.columns[0].name"], bad.GetProperty("errors").EnumerateArray().Select(error => Text(error, "field")));
    }

    [Fact]
    public async Task What_an_import_remembered_is_undone_with_it_and_what_it_took_the_place_of_comes_back()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, added) = await host.ImportAsync("a.csv", File(1), wait: true, ("mapping", Mapping), ("profile", "new"));
        await PutAsync(host, "/profiles/old", """{"name":"Mine","time_zone":"Europe/Rome","mapping":{"columns":[{"column":"T","role":"time"}]}}""", 201);
        var before = await host.GetAsync("/profiles/old");
        var (_, replaced) = await host.ImportAsync("b.csv", File(2), wait: true, ("mapping", Mapping), ("profile", "old"));
        Assert.NotEqual(before.GetRawText(), (await host.GetAsync("/profiles/old")).GetRawText());

        await UndoAsync(host, added);
        await UndoAsync(host, replaced);

        Assert.Equal(before.GetRawText(), Assert.Single((await host.GetAsync("/profiles")).GetProperty("profiles").EnumerateArray()).GetRawText());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Imports_that_kept_one_profile_are_undone_in_any_order(int first, int second)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, one) = await host.ImportAsync("a.csv", File(1), wait: true, ("mapping", Mapping), ("profile", "mine"), ("time_zone", "Europe/Rome"));
        var (_, two) = await host.ImportAsync("b.csv", File(2), wait: true, ("mapping", Mapping), ("profile", "mine"), ("time_zone", "Europe/Paris"));
        JsonElement[] jobs = [one, two];

        await UndoAsync(host, jobs[first]);
        Assert.Equal(first == 0 ? "Europe/Paris" : "Europe/Rome", Text(await host.GetAsync("/profiles/mine"), "time_zone"));
        await UndoAsync(host, jobs[second]);

        Assert.Empty((await host.GetAsync("/profiles")).GetProperty("profiles").EnumerateArray());
    }

    [Fact]
    public async Task A_profile_that_somebody_changed_after_the_import_stays()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, job) = await host.ImportAsync("a.csv", File(1), wait: true, ("mapping", Mapping), ("profile", "mine"));
        await PutAsync(host, "/profiles/mine", """{"name":"Changed"}""", 200);

        await UndoAsync(host, job);

        Assert.Equal("Changed", Text(await host.GetAsync("/profiles/mine"), "name"));
    }

    [Fact]
    public async Task A_column_of_a_file_of_another_name_is_not_taken_to_the_meter_that_a_profile_has_for_it_unless_the_request_names_the_profile()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        const string mapping = """{"columns":[{"column":"X","metric":"active_power","unit":"kW","equipment_id":"Boiler"},{"column":"Spare","role":"ignored"}]}""";
        var (_, kept) = await host.ImportAsync("north_2024-01.csv", File(1), wait: true, ("mapping", mapping));

        var (_, own) = await host.ImportAsync("north_2024-02.csv", File(2), wait: true);
        var (_, other) = await host.ImportAsync("south_2024-01.csv", File(1), wait: true);
        var (_, named) = await host.ImportAsync("west_2024-03.csv", File(3), wait: true, ("profile", Text(kept, "profile")));

        Assert.All([own, other, named], job => Assert.Equal("completed", Text(job, "state")));
        Assert.Equal([("Boiler", 6L), ("south", 2L)], (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(one => (one.Key.EquipmentId, one.Count)).Order());
        Assert.Equal("X = Boiler", Assumption(own, "equipment_id"));
        Assert.Contains(other.GetProperty("assumptions").EnumerateArray(), one => Text(one, "value") == $"{Text(kept, "profile")} without Boiler for X");
    }

    [Fact]
    public async Task Columns_that_name_their_meters_keep_them_in_files_of_any_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Wide(int month) => Encoding.UTF8.GetBytes($"When,Main kWh,Fan kWh\n2024-0{month}-01 00:00,1,2\n2024-0{month}-01 01:00,3,4\n");
        var (_, preview) = await host.PreviewAsync("one.csv", Wide(1));
        await host.ImportAsync("one.csv", Wide(1), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        var (_, job) = await host.ImportAsync("two.csv", Wide(2), wait: true);

        Assert.NotEqual(JsonValueKind.Null, job.GetProperty("profile").ValueKind);
        Assert.Equal([("Fan", 4L), ("Main", 4L)], (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(one => (one.Key.EquipmentId, one.Count)).Order());
        Assert.DoesNotContain(job.GetProperty("assumptions").EnumerateArray(), one => Text(one, "what") == "equipment_id");
    }

    [Fact]
    public async Task A_name_that_a_profile_has_for_another_site_stays_that_of_the_equipment_which_is_called_so()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/A", """{"time_zone":"Europe/Berlin"}""", 201);
        await PutAsync(host, "/sites/B", """{"time_zone":"America/New_York"}""", 201);
        static byte[] Hall(int month) => Encoding.UTF8.GetBytes($"Meter,Time,kWh\nHall,2024-0{month}-01 00:00,1\nHall,2024-0{month}-01 01:00,2\n");
        await host.ImportAsync("a.csv", Hall(1), wait: true, ("site", "A"));
        await host.ImportAsync("b.csv", Hall(1), wait: true, ("site", "B"), ("mapping", """{"equipment":{"Hall":"B:Hall"}}"""));

        var (_, again) = await host.ImportAsync("a.csv", Hall(1), wait: true);
        var (_, ofB) = await host.ImportAsync("b.csv", Hall(2), wait: true, ("site", "B"));

        Assert.Equal((2, 0, "Europe/Berlin"), (again.GetProperty("rows_duplicate").GetInt32(), again.GetProperty("rows_changed").GetInt32(), Assumption(again, "time_zone")));
        Assert.Contains(again.GetProperty("assumptions").EnumerateArray(), one => Text(one, "value").EndsWith(" without B:Hall for Hall", StringComparison.Ordinal));
        Assert.Equal("Hall = B:Hall", Assumption(ofB, "equipment_id"));
        Assert.Equal([("B:Hall", 4L), ("Hall", 2L)], (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(one => (one.Key.EquipmentId, one.Count)).Order());
    }

    [Theory]
    [InlineData("02/13/2024", "02/14/2024", "2024-02-13", "mdy")]
    [InlineData("02/03/2024", "03/03/2024", "2024-03-02", null)]
    public async Task A_remembered_order_of_dates_only_answers_what_the_column_leaves_open(string first, string second, string date, string? said)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Days(string one, string two) => Encoding.UTF8.GetBytes($"Time,kWh\n{one} 00:00,1\n{one} 01:00,2\n{two} 00:00,3\n{two} 01:00,4\n");
        var (_, asked) = await host.ImportAsync("a.csv", Days("01/02/2024", "02/02/2024"), wait: true);
        var (_, kept) = await host.ImportAsync("a.csv", Days("01/02/2024", "02/02/2024"), wait: true, ("mapping", """{"date_order":"dmy"}"""));

        var (_, preview) = await host.PreviewAsync("b.csv", Days(first, second));
        var (_, job) = await host.ImportAsync("b.csv", Days(first, second), wait: true);

        Assert.Equal(("failed", "completed"), (Text(asked, "state"), Text(kept, "state")));
        Assert.Equal((Text(kept, "profile"), 4, 0), (Text(job, "profile"), job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_rejected").GetInt32()));
        Assert.StartsWith(date, Text(preview.GetProperty("rows")[0], "timestamp"), StringComparison.Ordinal);
        Assert.Empty(preview.GetProperty("problems").EnumerateArray());
        Assert.Equal(said is null ? "dmy" : null, preview.GetProperty("mapping").GetProperty("date_order").GetString());
        var order = job.GetProperty("assumptions").EnumerateArray().Where(one => Text(one, "what") == "date_order").ToList();
        Assert.Equal(said is null ? [] : [said], order.Select(one => Text(one, "value")));
        Assert.All(order, one => Assert.EndsWith("though the profile has dmy", Text(one, "why"), StringComparison.Ordinal));
    }

    private static async Task UndoAsync(ImportHost host, JsonElement job)
    {
        using var response = await host.Client.PostAsync($"/jobs/{Text(job, "id")}/undo", null, Cancellation);
        Assert.Equal("undone", Text(await response.JsonAsync(), "state"));
    }

    private static byte[] File(int month, string? header = null, bool spareFirst = false)
    {
        string Row(int hour, int value) => spareFirst ? $"1,2024-{month:D2}-01 {hour:D2}:00,{value}\n" : $"2024-{month:D2}-01 {hour:D2}:00,{value},1\n";
        return Encoding.UTF8.GetBytes($"{header ?? "When,X,Spare\n"}{Row(0, month)}{Row(1, month + 1)}");
    }

    private static async Task<JsonElement> PutAsync(ImportHost host, string route, string json, int expected)
    {
        using var response = await host.Client.PutAsync(route, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == expected, body.ToString());
        return body;
    }

    private static string Assumption(JsonElement job, string what) =>
        Text(job.GetProperty("assumptions").EnumerateArray().First(one => Text(one, "what") == what), "value");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
