using System.Net.Http.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Ems.Bench.Measurements;

/// <summary>
/// A year of hourly energy of one meter, and the dashboard, with one million and with twenty million values in the store. Both
/// stores have the same three main meters; the others are sub-meters with a year of quarter-hourly values each.
/// </summary>
internal static class YearBenchmark
{
    private const int MainMeters = 3;
    private const int ValuesPerMeter = 365 * 96;
    private const int WarmUps = 100;
    private const string Dashboard = "/api/v1/dashboard";
    private static readonly Instant Start = Instant.FromUtc(2025, 1, 1, 0, 0);
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    public static async Task RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("ems-bench-").FullName;
        try
        {
            var (small, large) = (Path.Combine(folder, "small"), Path.Combine(folder, "large"));
            var (few, many) = (await FillAsync(small, 1_000_000), await FillAsync(large, 20_000_000));
            await using var one = (await RunningProgram.StartAsync("Ems.Monolith", small)).Program;
            await using var twenty = (await RunningProgram.StartAsync("Ems.Monolith", large)).Program;
            (string, RunningProgram)[] programs = [($"{few:N0} values", one), ($"{many:N0} values", twenty)];

            // None is answered from what is kept: each time the year begins an hour later.
            await CompareAsync("A year of hourly energy of one meter", programs, rounds, YearFrom, (_, _) => Task.CompletedTask);
            await CompareAsync("The dashboard, after a new reading of a main meter", programs, rounds, _ => Dashboard, SendReadingAsync);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(
        string title, (string What, RunningProgram Program)[] programs, int rounds, Func<int, string> route, Func<RunningProgram, int, Task> prepare)
    {
        var results = new Results(title);

        // The first answers of a process are slow, for most of its methods are compiled then.
        for (var round = 0; round < WarmUps + (rounds * 4); round++)
        {
            foreach (var (what, program) in programs)
            {
                await prepare(program, round);
                var startedAt = TimeProvider.System.GetTimestamp();
                using var answer = await program.Http.GetAsync(new Uri(route(round), UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                if (round >= WarmUps)
                {
                    results.Add(what, TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds);
                }
            }
        }

        results.Print("ms");
        results.PrintRatio(programs[1].What, programs[0].What, "at most 1.5");
    }

    private static string YearFrom(int round)
    {
        var from = Start + Duration.FromHours(round);
        return $"/api/v1/data/series?equipment_id=main-0&metric=energy&bucket=hour&from={from}&to={from + Duration.FromDays(365)}";
    }

    private static async Task SendReadingAsync(RunningProgram program, int round)
    {
        var start = Start + (Quarter * (ValuesPerMeter + round));
        using var answer = await program.Http.PostAsJsonAsync(
            new Uri("/api/v1/data/ingest/realtime", UriKind.Relative),
            new { readings = new[] { new { equipment_id = "main-0", timestamp = start.ToString(), duration_seconds = 900, energy = 3.5 } } });
        answer.EnsureSuccessStatusCode();
    }

    /// <returns>How many values there are.</returns>
    internal static async Task<long> FillAsync(string folder, long atLeast)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Ems:DataDirectory", folder)]);
        builder.Services.AddLogging();
        builder.AddEmsStorage();
        using var host = builder.Build();
        var catalogue = host.Services.GetRequiredService<ICatalogue>();
        var store = host.Services.GetRequiredService<IReadingStore>();
        var meters = (int)((atLeast + ValuesPerMeter - 1) / ValuesPerMeter);
        for (var meter = 0; meter < meters; meter++)
        {
            var id = meter < MainMeters ? $"main-{meter}" : $"sub-{meter}";
            var parent = meter < MainMeters ? null : $"main-{meter % MainMeters}";
            await catalogue.SaveEquipmentAsync(new Equipment { Id = id, Name = id, Parent = parent }, CancellationToken.None);
            var readings = Enumerable.Range(0, ValuesPerMeter).Select(i => new Reading(
                id, Start + (Quarter * i), Quarter, [new MetricValue("energy", QuantityKind.Interval, "kWh", i % 96 / 8.0, i % 96 / 8.0, "kWh")]));
            foreach (var batch in readings.Chunk(20_000))
            {
                await store.WriteAsync(new ReadingBatch(batch, "bench"), CancellationToken.None);
            }
        }

        while (await store.RollUpAsync(2_000, CancellationToken.None) > 0)
        {
            // Until every day that is over is rolled up.
        }

        return (long)meters * ValuesPerMeter;
    }
}
