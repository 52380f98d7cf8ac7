using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// Two processes of each service share the embedded store through hours of traffic, compressed: a hundred meters that report
/// every 15 seconds (each tenth report comes twice), a file every ten minutes, three people who look every ten seconds.
/// </summary>
[Collection("Processes")]
public sealed class SharedStoreTests(ITestOutputHelper output)
{
    private const int Meters = 100;
    private const int ReportsPerHour = 240;
    private const int FilesPerHour = 6;
    private const int QuestionsPerHour = 1080;
    private const int FileRows = 2000;
    private static readonly double Hours = LongRun.IsOn ? 4 : 0.25;
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static int Reports => (int)(Hours * ReportsPerHour);

    [Fact]
    public async Task Hours_of_readings_files_and_questions_at_once_meet_no_error_and_add_up_exactly()
    {
        await using var system = new SplitSystem(("Ems__Replicas", "2"));
        await system.StartAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        List<GeneratedMeters> files = [.. Enumerable.Range(0, (int)Math.Ceiling(Hours * FilesPerHour)).Select(file => new GeneratedMeters($"file{file}", FileRows))];

        await Task.WhenAll(
            ReportAsync(system.Api, part: 0), ReportAsync(system.Api, part: 1),
            ImportAsync(system.Api, files.Where((_, index) => index % 2 == 0)), ImportAsync(system.Api, files.Where((_, index) => index % 2 == 1)),
            AskAsync(system.Api), AskAsync(system.Api), AskAsync(system.Api));

        output.WriteLine($"{Hours} h took {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s");
        await CheckReportsAsync(system.Api);
        foreach (var file in files)
        {
            await file.CheckStoredAsync(system.Api);
        }

        await CheckArrivedAsync(system, (Reports * Meters) + files.Sum(file => file.Readings));
        Assert.DoesNotContain("database is locked", system.Output, StringComparison.Ordinal);
    }

    /// <summary>Every second report; the meters' clocks agree, so that one request carries the readings of all.</summary>
    private static async Task ReportAsync(HttpClient api, int part)
    {
        for (var report = part; report < Reports; report += 2)
        {
            var batch = Enumerable.Range(0, Meters).Select(meter => new
            {
                equipment_id = IdOf(meter),
                timestamp = Start.AddSeconds(15 * report),
                values = new { active_power = PowerAt(report, meter) },
            }).ToList();
            await SendAsync(api, batch, "accepted");
            if (report % 10 == 0)
            {
                await SendAsync(api, batch, "duplicate");
            }
        }
    }

    private static async Task SendAsync(HttpClient api, object batch, string outcome)
    {
        using var answer = await api.PostAsJsonAsync(
            new Uri("/api/v1/data/ingest/realtime", UriKind.Relative), batch, TestContext.Current.CancellationToken);
        Assert.Equal(Meters, (await answer.JsonAsync()).Count(outcome));
    }

    private static async Task ImportAsync(HttpClient api, IEnumerable<GeneratedMeters> files)
    {
        foreach (var file in files)
        {
            using var answer = await api.UploadAsync($"{file.Prefix}.csv", file.ToCsv(), wait: true, ("timestamp_label", "start"));
            var job = await answer.JsonAsync();
            Assert.Equal(("completed", file.Readings), (job.Text("state"), job.Count("rows_stored")));
        }
    }

    private static async Task AskAsync(HttpClient api)
    {
        for (var question = 0; question < Hours * QuestionsPerHour / 3; question++)
        {
            switch (question % 6)
            {
                case 0: await api.JsonAsync("/api/v1/dashboard"); break;
                case 1: await api.JsonAsync("/api/v1/data/jobs"); break;
                case 2: await api.JsonAsync("/api/v1/data/stats"); break;
                case 3: await api.JsonAsync("/api/v1/data/equipment?limit=1000"); break;
                case 4: await api.JsonAsync("/api/v1/data/sites"); break;
                default: await api.JsonAsync("/api/v1/analytics/summary"); break;
            }
        }
    }

    private static async Task CheckReportsAsync(HttpClient api)
    {
        var equipment = JsonSerializer.Serialize(Enumerable.Range(0, Meters).Select(IdOf));
        var counts = await api.AskAsync($$"""{"metric":"active_power","aggregate":"count","equipment":{{equipment}},"group_by":"equipment"}""");
        Assert.Equal(Meters, counts.GetProperty("rows").GetArrayLength());
        Assert.All(counts.GetProperty("rows").EnumerateArray(), row => Assert.Equal(Reports, row.Count("value")));
        var energies = (await api.AskAsync($$"""{"metric":"energy","aggregate":"sum","equipment":{{equipment}},"group_by":"equipment"}"""))
            .GetProperty("rows").EnumerateArray().ToDictionary(row => row.Text("equipment"), row => row.GetProperty("value").GetDouble());
        for (var meter = 0; meter < Meters; meter++)
        {
            var expected = Enumerable.Range(0, Reports - 1).Sum(report => (PowerAt(report, meter) + PowerAt(report + 1, meter)) / 2 * 15 / 3600);
            Assert.Equal(expected, energies[IdOf(meter)], 1e-6);
        }
    }

    private static async Task CheckArrivedAsync(SplitSystem system, int readings)
    {
        long arrived = 0;
        await Eventually.HoldsAsync(
            async () => (arrived = (await system.Api.JsonAsync("/api/v1/analytics/summary")).GetProperty("received").GetProperty("readings").GetInt64()) >= readings,
            ArrivalLimit,
            () => $"{arrived} of {readings} readings arrived.\n{system.Output}");
        Assert.Equal(readings, arrived);
    }

    private static string IdOf(int meter) => string.Create(CultureInfo.InvariantCulture, $"meter{meter:000}");

    private static double PowerAt(int report, int meter) => ((report * 3) + meter) % 50;
}
