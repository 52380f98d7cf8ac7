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
    private const string Year = "/api/v1/data/series?equipment_id=main-0&metric=energy&bucket=hour&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z";
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
            foreach (var (title, route) in new[] { ("A year of hourly energy of one meter", Year), ("The dashboard", Dashboard) })
            {
                var results = new Results(title);
                // The first answers of a process are slow, for most of its methods are compiled then.
                for (var round = -30; round < rounds * 4; round++)
                {
                    foreach (var (what, program) in new[] { ($"{few:N0} values", one), ($"{many:N0} values", twenty) })
                    {
                        var startedAt = TimeProvider.System.GetTimestamp();
                        using var answer = await program.Http.GetAsync(new Uri(route, UriKind.Relative));
                        answer.EnsureSuccessStatusCode();
                        if (round >= 0)
                        {
                            results.Add(what, TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds);
                        }
                    }
                }

                results.Print("ms");
                results.PrintRatio($"{many:N0} values", $"{few:N0} values", "at most 1.5");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
