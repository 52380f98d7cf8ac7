using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Local times of meters at no site, whose zone a request has said once or never.</summary>
public sealed class RememberedZonesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-zones-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_next_files_of_a_meter_are_read_in_the_zone_of_the_import_that_created_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, first) = await host.ImportAsync("Main_2024-01.csv", Hours("2024-01-31"), wait: true, ("time_zone", "Europe/Berlin"));
        using var described = await host.Client.PutAsync("/equipment/Main", new StringContent("""{"multiplier":2}""", Encoding.UTF8, "application/json"), Cancel);

        var (_, next) = await host.ImportAsync("Main_2024-02.csv", Hours("2024-02-01"), wait: true);
        var (_, other) = await host.ImportAsync("Other_2024-02.csv", Hours("2024-02-01"), wait: true);

        Assert.Equal(200, (int)described.StatusCode);
        Assert.Equal([("Europe/Berlin", "Main came in it before")], Assumed(next, "time_zone"));
        Assert.Equal([("UTC", "neither the request nor a site names a zone")], Assumed(other, "time_zone"));
        Assert.Contains("its days and months are shown in UTC", Assert.Single(Assumed(first, "site")).Why, StringComparison.Ordinal);
        Assert.Empty(Assumed(next, "site").Concat(Assumed(other, "site")));
        var series = await host.Store.ListSeriesAsync(null, ["energy"], Cancel);
        Assert.Equal(
            [("Main", Instant.FromUtc(2024, 1, 30, 23, 0), Instant.FromUtc(2024, 2, 1, 1, 0)), ("Other", Instant.FromUtc(2024, 2, 1, 0, 0), Instant.FromUtc(2024, 2, 1, 2, 0))],
            series.Select(one => (one.Key.EquipmentId, one.FirstAt, one.LastAt)));
    }

    [Fact]
    public async Task What_was_at_no_site_is_put_to_one_by_the_same_file()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Main_2024-01.csv", Hours("2024-01-31"), wait: true, ("time_zone", "Europe/Berlin"));
        using var site = await host.Client.PutAsync("/sites/Werk", new StringContent("""{"time_zone":"Europe/Berlin"}""", Encoding.UTF8, "application/json"), Cancel);

        var (_, again) = await host.ImportAsync("Main_2024-01.csv", Hours("2024-01-31"), wait: true, ("site", "Werk"));

        Assert.Equal((3, 0), (again.GetProperty("rows_duplicate").GetInt32(), again.GetProperty("rows_stored").GetInt32()));
        Assert.Equal("Werk", (await host.Catalogue.FindEquipmentAsync("Main", Cancel))?.Site);
    }

    [Fact]
    public async Task Both_hours_of_an_autumn_night_are_refused_with_what_to_send_where_no_zone_tells_them_apart()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var night = Encoding.UTF8.GetBytes("Date Time,Consumption (kWh)\n2025-10-26 01:00,1\n2025-10-26 02:00,2\n2025-10-26 02:00,3\n2025-10-26 03:00,4\n");

        var (_, unknown) = await host.ImportAsync("Main.csv", night, wait: true);
        var (_, told) = await host.ImportAsync("Told.csv", night, wait: true, ("time_zone", "Europe/Berlin"));

        Assert.EndsWith(
            "neither was taken. If the clocks were set back then, undo this import, as its other times are those of another zone too, and send the file again with time_zone, as Europe/Berlin.",
            Assert.Single(unknown.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((4, 0), (told.GetProperty("rows_stored").GetInt32(), told.GetProperty("rows_rejected").GetInt32()));
    }

    [Fact]
    public async Task A_longer_row_of_a_night_in_spring_is_none_of_a_clock_change_where_other_nights_have_one_too()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var nights = Encoding.UTF8.GetBytes(
            $"Date,From,To,Consumption (kWh)\n{string.Concat("2026-03-22 2026-03-29".Split(' ').Select(date => $"{date},00:00,01:00,1\n{date},01:00,03:00,2\n{date},03:00,04:00,1\n{date},04:00,05:00,1\n"))}");

        var (_, job) = await host.ImportAsync("Main.csv", nights, wait: true);

        Assert.Equal((8, 0), (job.GetProperty("rows_stored").GetInt32(), job.GetProperty("errors").GetArrayLength()));
    }

    [Theory]
    [InlineData("2026-03-29", "01:00", "03:00", "forward")]
    [InlineData("2025-10-26", "02:00", "02:00", "back")]
    public async Task A_row_that_shows_that_clocks_changed_is_asked_about_where_the_zone_has_none_that_do(string date, string from, string to, string how)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var day = Encoding.UTF8.GetBytes(
            $"Date,From,To,Consumption (kWh)\n{string.Concat(Enumerable.Range(0, 24).Where(hour => how == "back" || hour != 2).Select(hour => $"{date},{hour:00}:00,{(hour == int.Parse(from[..2], CultureInfo.InvariantCulture) ? to : $"{(hour + 1) % 24:00}:00")},1\n{(how == "back" && hour == 2 ? $"{date},02:00,03:00,1\n" : "")}"))}");
        await host.ImportAsync("Main_2024-02.csv", Hours("2024-02-01"), wait: true);

        var (_, unknown) = await host.ImportAsync("New.csv", day, wait: true);
        var (_, known) = await host.ImportAsync("Main_2026-03.csv", day, wait: true);
        var (_, told) = await host.ImportAsync("Told.csv", day, wait: true, ("time_zone", "Europe/Oslo"));
        var (_, utc) = await host.ImportAsync("Utc.csv", day, wait: true, ("time_zone", "UTC"));

        foreach (var error in new[] { unknown, known }.Select(job => Assert.Single(job.GetProperty("errors").EnumerateArray())))
        {
            Assert.Equal(("AMBIGUOUS_MAPPING", how == "back" ? 4 : 3), (error.GetProperty("code").GetString(), error.GetProperty("row").GetInt32()));
            Assert.StartsWith(
                $"This row goes from {date} {from} to {to}, and most are of 60 minutes: clocks were set {how} then, but those of UTC were not", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.EndsWith("as Europe/Berlin.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal((how == "back" ? 25 : 23, 0), (told.GetProperty("rows_stored").GetInt32(), told.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal("completed", utc.GetProperty("state").GetString()![..9]);
    }

    private static byte[] Hours(string day) =>
        Encoding.UTF8.GetBytes($"Date Time,Consumption (kWh)\n{day} 00:00,1\n{day} 01:00,2\n{day} 02:00,3\n");

    private static List<(string Value, string Why)> Assumed(JsonElement job, string what) =>
    [
        .. job.GetProperty("assumptions").EnumerateArray().Where(one => one.GetProperty("what").GetString() == what)
            .Select(one => (one.GetProperty("value").GetString()!, one.GetProperty("why").GetString()!)),
    ];
}
