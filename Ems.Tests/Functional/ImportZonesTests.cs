using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Where the local times of a file are, when its request does not say it.</summary>
public sealed class ImportZonesTests : IDisposable
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
