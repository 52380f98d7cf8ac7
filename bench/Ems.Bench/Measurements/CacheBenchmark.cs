using System.Globalization;

namespace Ems.Bench.Measurements;

/// <summary>
/// Answers that are kept against answers that are worked out every time, and two processes on one store against one. With
/// EMS_TEST_REDIS the processes share what they keep in that Redis.
/// </summary>
internal static class CacheBenchmark
{
    private const int Values = 500_000;
    private const int Callers = 8;
    private const int Requests = 200;
    private const string Kept = "kept";
    private const string WorkedOut = "worked out every time";
    private const string Two = "two processes";
    private const string One = "one process";
    private static readonly Uri Dashboard = new("/api/v1/dashboard", UriKind.Relative);
    private static readonly Uri Series = new(
        "/api/v1/data/series?equipment_id=main-0&equipment_id=main-1&equipment_id=main-2&metric=energy&bucket=day&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        UriKind.Relative);

    public static async Task RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("ems-bench-").FullName;
        try
        {
            await YearBenchmark.FillAsync(folder, Values);
            (string Name, string Value)[] redis = Environment.GetEnvironmentVariable("EMS_TEST_REDIS") is { Length: > 0 } address
                ? [("ConnectionStrings__redis", address), ("Ems__Redis__Prefix", $"bench-{Guid.NewGuid():N}")]
                : [];
            await using var keeping = (await RunningProgram.StartAsync("Ems.Monolith", folder, environment: redis)).Program;
            await using var second = (await RunningProgram.StartAsync("Ems.Monolith", folder, environment: redis)).Program;
            await using var uncached = (await RunningProgram.StartAsync("Ems.Monolith", folder, environment: ("Ems__Cache__Enabled", "false"))).Program;
            foreach (var (title, route) in new[] { ("data/series: three meters, a year by days", Series), ("dashboard", Dashboard) })
            {
                var suffix = redis.Length > 0 ? ", with Redis" : "";
                Results latency = new($"{title}{suffix}: one caller"), throughput = new($"{title}{suffix}: {Callers} callers");
                for (var round = -1; round < rounds; round++)
                {
                    var kept = await TimeAsync(keeping.Http, route);
                    var workedOut = await TimeAsync(uncached.Http, route);
                    var one = await CountAsync([keeping.Http], route);
                    var two = await CountAsync([keeping.Http, second.Http], route);
                    if (round >= 0)
                    {
                        latency.Add(Kept, kept);
                        latency.Add(WorkedOut, workedOut);
                        throughput.Add(Two, two);
                        throughput.Add(One, one);
                    }
                }

                latency.Print("ms");
                latency.PrintRatio(Kept, WorkedOut, "none");
                throughput.Print("requests/s");
                throughput.PrintRatio(Two, One, "none");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds of the median request.</summary>
    private static async Task<double> TimeAsync(HttpClient http, Uri route)
    {
        List<double> times = [];
        for (var request = 0; request < 20; request++)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            await AskAsync(http, route);
            times.Add(TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds);
        }

        return Results.Median(times);
    }

    /// <summary>Requests a second of all callers, which are spread over the processes.</summary>
    private static async Task<double> CountAsync(IReadOnlyList<HttpClient> processes, Uri route)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (request, _) => await AskAsync(processes[request % processes.Count], route));
        return Requests / TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
    }

    private static async Task AskAsync(HttpClient http, Uri route)
    {
        using var answer = await http.GetAsync(route);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{route}: {(int)answer.StatusCode}"));
        }
    }
}
