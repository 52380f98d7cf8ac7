using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using Ems.Tests.Unit.Files;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Where the local times of a file are, when its request does not say it.</summary>
public sealed partial class ImportZonesTests : IDisposable
{
    private const string January = "timestamp,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,3\n";
    private const string February = "timestamp,kWh\n2024-02-01 00:00,1\n2024-02-01 01:00,2\n2024-02-01 02:00,3\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-zones-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_meter_that_the_name_of_the_file_names_is_read_in_the_zone_of_its_site()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await host.ImportAsync("Main_2024-01.csv", Bytes(January), wait: true, ("site", "B"));

        var (_, again) = await host.ImportAsync("Main_2024-01.csv", Bytes(January), wait: true);
        var (_, next) = await host.ImportAsync("Main_2024-02.csv", Bytes(February), wait: true);
        var (_, preview) = await host.PreviewAsync("Main_2024-02.csv", Bytes(February));

        Assert.Equal((3, 0), (again.GetProperty("rows_duplicate").GetInt32(), again.GetProperty("rows_changed").GetInt32()));
        Assert.Equal(("Europe/Berlin", "the zone of the site B"), Zone(next));
        Assert.Equal(("Europe/Berlin", "the zone of the site B"), Zone(preview));
        Assert.Equal(DateTimeOffset.Parse("2024-02-01T00:00+01:00", null), preview.GetProperty("rows")[0].GetProperty("timestamp").GetDateTimeOffset());
        var series = Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancel));
        Assert.Equal((6, Instant.FromUtc(2023, 12, 31, 23, 0)), (series.Count, series.FirstAt));
        Assert.Equal(Instant.FromUtc(2024, 1, 31, 23, 0), await FirstAfterAsync(host, series.Key, Instant.FromUtc(2024, 1, 15, 0, 0)));
    }

    [Theory]
    [InlineData("export.csv", "timestamp,meter,kWh\n2024-01-01 00:00,Main,1\n2024-01-01 01:00,Main,2\n", null)]
    [InlineData("export.csv", "timestamp,Main kWh,Other kWh\n2024-01-01 00:00,1,5\n2024-01-01 01:00,2,6\n", null)]
    [InlineData("export.csv", "timestamp,meter,kWh\n2024-01-01 00:00,4711,1\n2024-01-01 01:00,4711,2\n", """{"equipment":{"4711":"Main"}}""")]
    [InlineData("export.csv", "timestamp,meter,building,kWh\n2024-01-01 00:00,new,B,1\n2024-01-01 01:00,new,B,2\n", null)]
    [InlineData("copy.csv", "timestamp,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", null)]
    public async Task A_meter_is_known_by_its_row_its_column_the_mapping_its_site_or_what_it_was_merged_into(string fileName, string text, string? mapping)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/equipment/Main", """{"site":"B"}""");
        await host.ImportAsync("copy.csv", Bytes("timestamp,kWh\n2023-01-01 00:00,1\n2023-01-01 01:00,2\n"), wait: true, ("time_zone", "Europe/Berlin"));
        await host.Store.MergeAsync("copy", "Main", "merge", "tester", Cancel);

        var (_, job) = await host.ImportAsync(fileName, Bytes(text), wait: true, mapping is null ? [] : [("mapping", mapping)]);

        Assert.Equal(("completed", "Europe/Berlin", "the zone of the site B"), (job.GetProperty("state").GetString(), Zone(job).Zone, Zone(job).Why));
        var series = (await host.Store.ListSeriesAsync(null, null, Cancel)).Where(one => one.Key.EquipmentId is "Main" or "new").OrderByDescending(one => one.Key.EquipmentId).First();
        Assert.Equal(Instant.FromUtc(2023, 12, 31, 23, 0), await FirstAfterAsync(host, series.Key, Instant.FromUtc(2023, 12, 1, 0, 0)));
    }

    [Fact]
    public async Task A_zone_that_one_file_of_an_archive_names_is_not_that_of_the_others()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        var ofHall = Bytes("Zeitzone;Europe/Berlin\n\nZeit;kWh\n2024-01-01 00:00;1\n2024-01-01 01:00;2\n2024-01-01 02:00;3\n");
        var archive = FileBench.Zip(("Hall.csv", ofHall), ("Main.csv", Bytes(January)));

        var (_, refused) = await host.ImportAsync("all.zip", archive, wait: true);
        var (_, preview) = await host.PreviewAsync("all.zip", archive);
        var (_, alike) = await host.ImportAsync("both.zip", FileBench.Zip(("Hall.csv", ofHall), ("Hall_2.csv", ofHall)), wait: true);
        var (_, ofSite) = await host.ImportAsync("all.zip", archive, wait: true, ("site", "B"));

        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (refused.GetProperty("state").GetString(), error.GetProperty("code").GetString()));
        Assert.StartsWith("The archive has a file that names Europe/Berlin for its local times, and Main.csv names no zone.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["Europe/Berlin", "UTC"], error.GetProperty("alternatives").EnumerateArray().Select(zone => zone.GetString()));
        Assert.Contains(preview.GetProperty("problems").EnumerateArray(), problem => problem.GetProperty("message").GetString() == error.GetProperty("message").GetString());
        Assert.Equal(("completed", "Europe/Berlin"), (alike.GetProperty("state").GetString(), Zone(alike).Zone));
        Assert.Equal(("completed", "Europe/Berlin"), (ofSite.GetProperty("state").GetString(), Zone(ofSite).Zone));
    }

    [Fact]
    public async Task Local_times_of_meters_in_several_zones_are_asked_about()
    {
        await using var host = await StartWithTwoZonesAsync();
        var file = Bytes("timestamp,meter,kWh\n2024-01-01 00:00,north,1\n2024-01-01 01:00,north,2\n2024-01-01 00:00,south,3\n2024-01-01 01:00,south,4\n");

        var (_, preview) = await host.PreviewAsync("export.csv", file);
        var (_, refused) = await host.ImportAsync("export.csv", file, wait: true);
        var (_, told) = await host.ImportAsync("export.csv", file, wait: true, ("time_zone", "America/Chicago"));

        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (refused.GetProperty("state").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(["America/Chicago", "Europe/Berlin"], error.GetProperty("alternatives").EnumerateArray().Select(zone => zone.GetString()).Order());
        Assert.Contains(preview.GetProperty("problems").EnumerateArray(), problem => problem.GetProperty("message").GetString() == error.GetProperty("message").GetString());
        Assert.Equal(("completed", 4), (told.GetProperty("state").GetString(), told.GetProperty("rows_stored").GetInt32()));
        Assert.All(await host.Store.ListSeriesAsync(null, null, Cancel), series => Assert.Equal(Instant.FromUtc(2024, 1, 1, 6, 0), series.FirstAt));
    }

    [Fact]
    public async Task Times_with_offsets_ask_nothing_wherever_the_meters_are()
    {
        await using var host = await StartWithTwoZonesAsync();
        var file = Bytes("timestamp,meter,kWh\n2024-01-01T00:00Z,north,1\n2024-01-01T01:00Z,north,2\n2024-01-01T00:00Z,south,3\n2024-01-01T01:00Z,south,4\n");

        var (_, job) = await host.ImportAsync("export.csv", file, wait: true);

        Assert.Equal(("completed", 4), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32()));
        Assert.All(await host.Store.ListSeriesAsync(null, null, Cancel), series => Assert.Equal(Instant.FromUtc(2024, 1, 1, 0, 0), series.FirstAt));
    }

    [Fact]
    public async Task Zones_of_one_clock_are_one_zone()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/sites/P", """{"time_zone":"Europe/Paris"}""");
        await PutAsync(host, "/equipment/main", """{"site":"B"}""");
        await PutAsync(host, "/equipment/branch", """{"site":"P"}""");

        var (_, job) = await host.ImportAsync("export.csv", Bytes("timestamp,main kWh,branch kWh\n2024-07-01 00:00,1,2\n2024-07-01 01:00,3,4\n"), wait: true);

        Assert.Equal(("completed", "the zone of the sites B, P"), (job.GetProperty("state").GetString(), Zone(job).Why));
        Assert.All(await host.Store.ListSeriesAsync(null, null, Cancel), series => Assert.Equal(Instant.FromUtc(2024, 6, 30, 22, 0), series.FirstAt));
    }

    [Fact]
    public async Task What_the_request_says_comes_before_the_sites_and_what_nothing_says_is_the_default()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:TimeZone=Asia/Kolkata");
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/equipment/Main", """{"site":"B"}""");

        var (_, told) = await host.ImportAsync("Main_2024-01.csv", Bytes(January), wait: true, ("time_zone", "America/Chicago"));
        var (_, unknown) = await host.ImportAsync("Nobody_2024-01.csv", Bytes(January), wait: true);

        Assert.DoesNotContain(told.GetProperty("assumptions").EnumerateArray(), one => one.GetProperty("what").GetString() == "time_zone");
        Assert.Equal(("Asia/Kolkata", "neither the request nor a site names a zone"), Zone(unknown));
        Assert.Equal(
            [("Main", Instant.FromUtc(2024, 1, 1, 6, 0)), ("Nobody", Instant.FromUtc(2023, 12, 31, 18, 30))],
            (await host.Store.ListSeriesAsync(null, null, Cancel)).Select(series => (series.Key.EquipmentId, series.FirstAt)).Order());
    }

    [Fact]
    public async Task A_profile_that_only_the_headers_have_found_moves_no_other_meter_to_its_site_or_zone()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/NYC", """{"time_zone":"America/New_York"}""");
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/equipment/Berlin", """{"site":"B"}""");
        await host.ImportAsync("Alpha_2024-01.csv", Hours("2024-01-31", 21), wait: true);
        var (_, beta) = await host.ImportAsync(
            "Beta.csv", Hours("2024-01-31", 21), wait: true, ("site", "NYC"), ("mapping", """{"equipment":{"Beta":"NYC:Beta"}}"""));

        var (_, alpha) = await host.ImportAsync("Alpha_2024-02.csv", Hours("2024-02-01", 0), wait: true);
        var (_, berlin) = await host.ImportAsync("Berlin_2024-02.csv", Hours("2024-02-01", 0), wait: true);
        var (_, preview) = await host.PreviewAsync("Gamma.csv", Hours("2024-02-01", 0));
        var (_, gamma) = await host.ImportAsync("Gamma.csv", Hours("2024-02-01", 0), wait: true);
        var (_, next) = await host.ImportAsync("Beta_2024-02.csv", Hours("2024-02-01", 0), wait: true);

        var profile = beta.GetProperty("profile").GetString();
        Assert.All([alpha, berlin, gamma, next], job => Assert.Equal(("completed", profile), (job.GetProperty("state").GetString(), job.GetProperty("profile").GetString())));
        Assert.Equal(("UTC", "neither the request nor a site names a zone"), Zone(alpha));
        Assert.Equal(("Europe/Berlin", "the zone of the site B"), Zone(berlin));
        Assert.All([alpha, berlin, next], job => Assert.Empty(Sites(job)));
        foreach (var told in new[] { preview, gamma })
        {
            Assert.Equal(("America/New_York", "the zone of the site NYC"), Zone(told));
            var (site, why) = Assert.Single(Sites(told));
            Assert.Equal("NYC", site);
            Assert.Contains(profile!, why, StringComparison.Ordinal);
        }

        Assert.Equal(
            [("Alpha", null), ("Berlin", "B"), ("Gamma", "NYC"), ("NYC:Beta", "NYC")],
            (await host.Catalogue.ListEquipmentAsync(Cancel)).Select(equipment => (equipment.Id, equipment.Site)).OrderBy(equipment => equipment.Id, StringComparer.Ordinal));
        Assert.Equal(
            [("Alpha", "2024-01-31T21Z 2024-02-01T00Z"), ("Berlin", "2024-01-31T23Z"), ("Gamma", "2024-02-01T05Z"), ("NYC:Beta", "2024-02-01T02Z 2024-02-01T05Z")],
            await RunsAsync(host));
    }

    [Fact]
    public async Task Meters_that_came_by_a_profile_keep_its_zone_in_their_next_files()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Alpha_2024-01.csv", Hours("2024-01-31", 21), wait: true);
        await host.ImportAsync(
            "Main_2024-01.csv", Hours("2024-01-31", 21), wait: true,
            ("time_zone", "Asia/Kolkata"), ("mapping", """{"columns":[{"column":"Consumption (kWh)","metric":"energy","unit":"kWh"}]}"""));

        foreach (var file in new[] { "Main_2024-02.csv", "New_2024-01.csv", "New_2024-02.csv" })
        {
            var (_, job) = await host.ImportAsync(file, Hours(file.Contains("01", StringComparison.Ordinal) ? "2024-01-31" : "2024-02-01", 0), wait: true);
            Assert.Equal("Asia/Kolkata", Zone(job).Zone);
        }

        var (_, alpha) = await host.ImportAsync("Alpha_2024-02.csv", Hours("2024-02-01", 0), wait: true);
        Assert.Equal("UTC", Zone(alpha).Zone);
    }

    [Fact]
    public async Task A_file_of_meters_that_a_profile_brings_and_others_is_asked_about_unless_the_request_names_the_profile()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Of(params string[] meters) => Bytes($"Date Time,Meter,kWh\n{string.Concat(meters.Select(meter => $"2024-01-01 00:00,{meter},1\n2024-01-01 01:00,{meter},2\n"))}");
        await host.ImportAsync("export.csv", Of("stranger"), wait: true);
        var (_, kept) = await host.ImportAsync("export.csv", Of("own"), wait: true, ("time_zone", "Asia/Kolkata"), ("mapping", """{"equipment":{"1":"one"}}"""));

        var (_, own) = await host.ImportAsync("export.csv", Of("own", "new"), wait: true);
        var (_, refused) = await host.ImportAsync("export.csv", Of("own", "stranger"), wait: true);
        var (_, named) = await host.ImportAsync("export.csv", Of("own", "stranger"), wait: true, ("profile", kept.GetProperty("profile").GetString()!));

        Assert.Equal(("completed", "Asia/Kolkata"), (own.GetProperty("state").GetString(), Zone(own).Zone));
        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal("AMBIGUOUS_MAPPING", error.GetProperty("code").GetString());
        Assert.Equal(["Asia/Kolkata", "UTC"], error.GetProperty("alternatives").EnumerateArray().Select(zone => zone.GetString()).Order());
        Assert.Equal(("completed", "Asia/Kolkata"), (named.GetProperty("state").GetString(), Zone(named).Zone));
    }

    /// <summary>They are offsets of one place, of which the column does not say the name.</summary>
    [Fact]
    public async Task Summer_and_winter_time_by_turns_are_those_of_the_site()
    {
        await using var host = await StartWithTwoZonesAsync();
        var file = Bytes("timestamp,kWh,tz\n2024-03-09 12:00,1,CST\n2024-03-10 12:00,2,CDT\n2024-03-11 12:00,3,CDT\n");

        var (_, ofSite) = await host.ImportAsync("x.csv", file, wait: true, ("site", "C"));
        var (_, refused) = await host.ImportAsync("y.csv", file, wait: true);
        var (_, other) = await host.ImportAsync("z.csv", file, wait: true, ("site", "B"));
        var (_, far) = await host.ImportAsync("w.csv", Bytes("timestamp,kWh,tz\n2024-01-09 12:00,1,CST\n2024-01-10 12:00,2,PST\n"), wait: true, ("site", "C"));

        Assert.All([refused, other, far], job => Assert.Equal("AMBIGUOUS_MAPPING", Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString()));
        Assert.Equal("completed", ofSite.GetProperty("state").GetString());
        Assert.Contains(ofSite.GetProperty("assumptions").EnumerateArray(), one => one.GetProperty("value").GetString() == "America/Chicago");
    }

    [Fact]
    public async Task Rows_of_several_zones_are_asked_about()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        const string Text = "timestamp,kWh,tz\n2024-01-01 00:00,1,America/Los_Angeles\n2024-01-01 01:00,2,America/New_York\n";

        var (_, refused) = await host.ImportAsync("x.csv", Bytes(Text), wait: true);
        var (_, told) = await host.ImportAsync("x.csv", Bytes(Text), wait: true, ("time_zone", "America/Chicago"));

        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal("AMBIGUOUS_MAPPING", error.GetProperty("code").GetString());
        Assert.Equal(["America/Los_Angeles", "America/New_York"], error.GetProperty("alternatives").EnumerateArray().Select(zone => zone.GetString()).Order());
        Assert.Equal("completed", told.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_column_of_parts_of_a_building_is_no_zone_of_time()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("x.csv", Bytes("timestamp,kWh,Zone\n2024-01-01 00:00,1,WEST\n2024-01-01 01:00,2,WEST\n"), wait: true);

        Assert.Equal(("UTC", "neither the request nor a site names a zone"), Zone(job));
        Assert.Equal("WEST", Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancel)).Key.EquipmentId);
    }

    private static byte[] Hours(string day, int first) =>
        Bytes($"Date Time,Consumption (kWh)\n{string.Concat(Enumerable.Range(first, 3).Select(hour => $"{day} {hour:00}:00,{hour + 1}\n"))}");

    private static IEnumerable<(string Site, string Why)> Sites(JsonElement said) =>
        from one in said.GetProperty("assumptions").EnumerateArray()
        where one.GetProperty("what").GetString() == "site"
        select (one.GetProperty("value").GetString()!, one.GetProperty("why").GetString()!);

    /// <summary>For each meter, the first of every three values.</summary>
    private static async Task<List<(string EquipmentId, string Starts)>> RunsAsync(ImportHost host)
    {
        var runs = new List<(string, string)>();
        foreach (var series in await host.Store.ListSeriesAsync(null, null, Cancel))
        {
            var values = await host.Store.ReadAsync(series.Key, Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0), 0, Cancel);
            runs.Add((series.Key.EquipmentId, string.Join(' ', values.Where((_, i) => i % 3 == 0).Select(value => $"{value.Start.ToDateTimeUtc():yyyy-MM-ddTHH}Z"))));
        }

        return [.. runs.OrderBy(run => run.Item1, StringComparer.Ordinal)];
    }

    private async Task<ImportHost> StartWithTwoZonesAsync()
    {
        var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/sites/C", """{"time_zone":"America/Chicago"}""");
        await PutAsync(host, "/equipment/north", """{"site":"B"}""");
        await PutAsync(host, "/equipment/south", """{"site":"C"}""");
        return host;
    }

    private static (string Zone, string Why) Zone(JsonElement said)
    {
        var found = Assert.Single(said.GetProperty("assumptions").EnumerateArray(), one => one.GetProperty("what").GetString() == "time_zone");
        return (found.GetProperty("value").GetString()!, found.GetProperty("why").GetString()!);
    }

    private static async Task<Instant> FirstAfterAsync(ImportHost host, SeriesKey series, Instant from) =>
        (await host.Store.ReadAsync(series, from, Instant.FromUtc(2025, 1, 1, 0, 0), 0, Cancel))[0].Start;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task PutAsync(ImportHost host, string route, string json)
    {
        using var response = await host.Client.PutAsync(route, new StringContent(json, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(201, (int)response.StatusCode);
    }
}
