using Ems.Tests.Unit.Files;
using NodaTime;

namespace Ems.Tests.Functional;

/// <content>Zones that the file itself says.</content>
public sealed partial class ImportZonesTests
{
    [Theory]
    [InlineData("Time zone: UTC+01:00", "Etc/GMT-1")]
    [InlineData("\"Time zone:\",\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome\"", "Europe/Amsterdam")]
    public async Task An_offset_above_the_table_counts_where_no_site_says_a_zone_with_this_offset_in_winter(string line, string zone)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Vienna"}""");
        var text = Bytes($"{line}\n\n{January.Replace("2024-01", "2024-07", StringComparison.Ordinal)}");

        var (_, atSite) = await host.ImportAsync("Main.csv", text, wait: true, ("site", "B"));
        var (_, again) = await host.ImportAsync("Main.csv", text, wait: true);
        var (_, elsewhere) = await host.ImportAsync("Other.csv", text, wait: true);

        Assert.Equal(("Europe/Vienna", "the zone of the site B, whose offset in winter the lines above the table have"), Zone(atSite));
        Assert.Equal(("Europe/Vienna", 3), (Zone(again).Zone, again.GetProperty("rows_duplicate").GetInt32()));
        Assert.Equal((zone, "the lines above the table say it"), Zone(elsewhere));
    }

    [Fact]
    public async Task Days_of_a_green_button_feed_are_those_of_its_own_zone_where_no_site_says_another()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"America/Chicago"}""");

        var (_, atSite) = await host.ImportAsync("feed.xml", Feed(point: 1001, offset: -18_000), wait: true, ("site", "B"));
        var (_, alone) = await host.ImportAsync("feed.xml", Feed(point: 1002, offset: -18_000), wait: true);
        var (_, again) = await host.ImportAsync("feed.xml", Feed(point: 1001, offset: -28_800), wait: true);
        var (_, told) = await host.ImportAsync("feed.xml", Feed(point: 1004, offset: -18_000), wait: true, ("time_zone", "America/Denver"));
        var (_, open) = await host.ImportAsync("feed.xml", Feed(point: 1005, offset: -14_400), wait: true);

        Assert.Equal(("America/Chicago", "the zone of the site B"), Zone(atSite));
        Assert.Equal(("America/New_York", "the feed says it"), Zone(alone));
        Assert.Equal(("America/Chicago", 5), (Zone(again).Zone, again.GetProperty("rows_duplicate").GetInt32()));
        Assert.DoesNotContain("time_zone", told.GetProperty("assumptions").EnumerateArray().Select(assumption => assumption.GetProperty("what").GetString()));
        Assert.Contains("send time_zone", open.GetProperty("assumptions").GetRawText(), StringComparison.Ordinal);
        Assert.All(await host.Store.ListSeriesAsync(null, null, Cancel), series => Assert.Equal((Instant.FromUtc(2024, 3, 8, 5, 0), Duration.FromDays(1)), (series.FirstAt, series.Key.Length)));
    }

    /// <summary>A feed of the days of New York on which its clocks were put forward.</summary>
    private static byte[] Feed(int point, int offset) => Bytes($"""
        <feed xmlns="http://www.w3.org/2005/Atom">
        <entry><link rel="self" href="/UsagePoint/{point}"/><UsagePoint><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint></entry>
        <entry><link rel="self" href="/UsagePoint/{point}/MeterReading/1"/><link rel="related" href="/ReadingType/1"/><MeterReading/></entry>
        <entry><link rel="self" href="/ReadingType/1"/><ReadingType><uom>72</uom></ReadingType></entry>
        <entry><link rel="self" href="/LocalTimeParameters/1"/><LocalTimeParameters><dstEndRule>B40E2000</dstEndRule><dstOffset>3600</dstOffset><dstStartRule>360E2000</dstStartRule><tzOffset>{offset}</tzOffset></LocalTimeParameters></entry>
        <entry><link rel="self" href="/UsagePoint/{point}/MeterReading/1/IntervalBlock/1"/><IntervalBlock>
        {string.Concat(Enumerable.Range(0, 5).Select(day => $"<IntervalReading><timePeriod><duration>{(day == 2 ? 82_800 : 86_400)}</duration><start>{1_709_874_000 + (86_400 * day) - (day > 2 ? 3_600 : 0)}</start></timePeriod><value>{1_000 + day}</value></IntervalReading>"))}
        </IntervalBlock></entry></feed>
        """);

    [Theory]
    [InlineData("""{"time_zone":"Europe/Vienna"}""", "Time zone: UTC-05:00", "Etc/GMT+5", ", and not Europe/Vienna, the zone of the site B, whose offset in winter is another one")]
    [InlineData("{}", "Time zone: UTC+01:00", "Etc/GMT-1", ", and not UTC, the zone of the site B, whose offset in winter is another one")]
    [InlineData("""{"time_zone":"Europe/Vienna"}""", "Time zone: UTC+01:00 (no daylight saving)", "Etc/GMT-1", "")]
    public async Task An_offset_above_the_table_that_is_not_the_sites_in_winter_counts_and_is_told(string site, string line, string zone, string why)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", site);

        var (_, job) = await host.ImportAsync("Main.csv", Bytes($"{line}\n\n{January}"), wait: true, ("site", "B"));

        Assert.Equal((zone, $"the lines above the table say it{why}"), Zone(job));
    }

    [Theory]
    [InlineData("", "and Main.csv names no zone")]
    [InlineData("Time zone: UTC+02:00\n\n", "several zones: Etc/GMT-1, Etc/GMT-2")]
    public async Task Offsets_of_one_file_of_an_archive_are_not_those_of_the_others(string line, string question)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var archive = FileBench.Zip(("Hall.csv", Bytes($"Time zone: UTC+01:00\n\n{January}")), ("Main.csv", Bytes($"{line}{January}")));

        var (_, job) = await host.ImportAsync("two.zip", archive, wait: true);

        Assert.Contains(question, Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Time Bucket (America/New_York)", "America/New_York", 5)]
    [InlineData("Timestamp_Europe/Berlin", "Europe/Berlin", -1)]
    [InlineData("Time [Europe/Berlin]", "Europe/Berlin", -1)]
    public async Task A_zone_in_the_header_of_the_times_is_theirs(string header, string zone, int hour)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("Main.csv", Bytes(January.Replace("timestamp", header, StringComparison.Ordinal)), wait: true);

        Assert.Equal(("completed", zone, "the header of the times has it"), (job.GetProperty("state").GetString(), Zone(job).Zone, Zone(job).Why));
        Assert.Equal(Instant.FromUtc(2024, 1, 1, 0, 0).Plus(Duration.FromHours(hour)), Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancel)).FirstAt);
    }

    [Theory]
    [InlineData("Timestamp (CET)", "CET")]
    [InlineData("Timestamp (CEST)", "CEST")]
    [InlineData("Zeit (MEZ)", "MEZ")]
    [InlineData("Time EST", "EST")]
    [InlineData("Date/Time [PST]", "PST")]
    [InlineData("Timestamp (Pacific)", "Pacific")]
    [InlineData("Time Eastern", "Eastern")]
    [InlineData("Central Time", "Central Time")]
    [InlineData("Timestamp Mountain Standard Time", "Mountain Standard Time")]
    [InlineData("Central Plant Timestamp", null)]
    [InlineData("Timestamp", null)]
    [InlineData("Time Est", null)]
    [InlineData("Timestamp (UTC)", null)]
    public async Task An_abbreviation_of_a_zone_in_a_header_is_said_to_be_unused_where_nothing_else_names_a_zone(string header, string? abbreviation)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");
        await PutAsync(host, "/equipment/Known", """{"site":"B"}""");
        var file = Bytes($"{header},kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,3\n");

        var (_, open) = await host.ImportAsync("Main.csv", file, wait: true);
        var (_, ofSite) = await host.ImportAsync("Known.csv", file, wait: true);
        var (_, told) = await host.ImportAsync("Main.csv", file, wait: true, ("time_zone", "Europe/Paris"));

        Assert.Equal("UTC", Zone(open).Zone);
        Assert.Equal(abbreviation is not null, Zone(open).Why.Contains($"{abbreviation} in the header {header} is not used", StringComparison.Ordinal));
        Assert.Equal(("Europe/Berlin", "the zone of the site B"), Zone(ofSite));
        Assert.DoesNotContain(told.GetProperty("assumptions").EnumerateArray(), one => one.GetProperty("what").GetString() == "time_zone");
    }

    [Theory]
    [InlineData("All times in Eastern Time", "Eastern Time")]
    [InlineData("Time zone: Pacific", "Pacific")]
    [InlineData("Pacific Gas and Electric", null)]
    [InlineData("Plant: Central", null)]
    public async Task A_zone_that_a_line_names_as_others_are_called_too_is_said_to_be_unused(string line, string? name)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("Main.csv", Bytes($"{line}\n\nTimestamp,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,3\n"), wait: true);

        Assert.Equal("UTC", Zone(job).Zone);
        Assert.Equal(name is not null, Zone(job).Why.Contains($"{name} in the line {line} is not used, as several zones are called so", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("timestamp,kWh,timezone\n2024-01-01 00:00,1,America/Los_Angeles\n2024-01-01 01:00,2,America/Los_Angeles\n", "America/Los_Angeles", "the column timezone says it")]
    [InlineData("timestamp,kWh,where\n2024-01-01 00:00,1,America/Los_Angeles\n2024-01-01 01:00,2,America/Los_Angeles\n", "America/Los_Angeles", "the column where says it")]
    [InlineData("timestamp,kWh,tz\n2024-01-01 00:00,1,PST\n2024-01-01 01:00,2,PST\n", "Etc/GMT+8", "the column tz says it")]
    [InlineData("timestamp,kWh,wwTimeZone\n2024-01-01 00:00,1,Pacific Standard Time\n2024-01-01 01:00,2,Pacific Standard Time\n", "America/Los_Angeles", "the column wwTimeZone says it")]
    [InlineData("Time zone: America/Los_Angeles\n\ntimestamp,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", "America/Los_Angeles", "the lines above the table say it")]
    [InlineData("Timezone,PST\n\ntimestamp,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", "Etc/GMT+8", "the lines above the table say it")]
    public async Task What_the_file_says_comes_after_the_request_and_before_the_site(string text, string zone, string why)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutAsync(host, "/sites/B", """{"time_zone":"Europe/Berlin"}""");

        var (_, said) = await host.ImportAsync("one.csv", Bytes(text), wait: true, ("site", "B"));
        var (_, preview) = await host.PreviewAsync("two.csv", Bytes(text));
        var (_, told) = await host.ImportAsync("three.csv", Bytes(text), wait: true, ("time_zone", "Asia/Kolkata"));

        Assert.Equal((zone, why), Zone(said));
        Assert.Equal((zone, why), Zone(preview));
        Assert.Equal(("completed", 2), (told.GetProperty("state").GetString(), told.GetProperty("rows_stored").GetInt32()));
        Assert.Equal(
            [("one", Instant.FromUtc(2024, 1, 1, 8, 0)), ("three", Instant.FromUtc(2023, 12, 31, 18, 30))],
            (await host.Store.ListSeriesAsync(null, null, Cancel)).Select(series => (series.Key.EquipmentId, series.FirstAt)).Order());
    }
}
