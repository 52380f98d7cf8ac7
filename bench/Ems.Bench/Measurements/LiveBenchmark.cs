using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Ems.Bench.Measurements;

/// <summary>Live readings in batches of 100 over 8 connections, each reading with four values.</summary>
internal static class LiveBenchmark
{
    private const int Connections = 8;
    private const int BatchSize = 100;
    private const string Bare = "bare Kestrel and SQLite";
    private const string Monolith = "monolith, through its gateway";
    private const string Split = "split system, through the gateway";
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(6);
    private static readonly DateTimeOffset Origin = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    public static async Task RunAsync(int rounds)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("ems-bench-").FullName, "bare.db");
        await using var bare = (await RunningProgram.StartAsync("Ems.BareIntake", Path.GetDirectoryName(file), ["--file", file])).Program;
        await using var monolith = (await RunningProgram.StartAsync("Ems.Monolith")).Program;
        await using var split = (await RunningProgram.StartSplitAsync()).Program;
        foreach (var meters in new[] { 1, 20, 100 })
        {
            var results = new Results($"Live readings, each batch of {BatchSize} from {meters} meter(s)");
            var sender = new Sender(meters);
            for (var round = -1; round < rounds; round++)
            {
                foreach (var (what, program, route) in new[]
                {
                    (Bare, bare, "/readings"), (Monolith, monolith, "/api/v1/data/ingest/realtime"), (Split, split, "/api/v1/data/ingest/realtime"),
                })
                {
                    var perSecond = await sender.SendAsync(program.Http, route, RoundLength);
                    if (round >= 0)
                    {
                        results.Add(what, perSecond);
                    }
                }
            }

            results.Print("readings/s");
            results.PrintRatio(Monolith, Bare, "at least 0.5");
            results.PrintRatio(Split, Bare, "at least 0.5");
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>Every batch has times of its own, so that each reading is a new one.</summary>
    private sealed class Sender(int meters)
    {
        private int _batch;

        /// <returns>Accepted readings per second.</returns>
        public async Task<double> SendAsync(HttpClient http, string route, TimeSpan length)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            var batches = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
            {
                var sent = 0;
                while (TimeProvider.System.GetElapsedTime(startedAt) < length)
                {
                    using var body = new ByteArrayContent(Batch(connection, Interlocked.Increment(ref _batch)));
                    body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    using var answer = await http.PostAsync(new Uri(route, UriKind.Relative), body);
                    var receipt = await answer.Content.ReadAsStringAsync();
                    if (!receipt.Contains($"\"accepted\":{BatchSize}", StringComparison.Ordinal))
                    {
                        throw new InvalidOperationException($"{route} answered {(int)answer.StatusCode}: {receipt}");
                    }

                    sent++;
                }

                return sent;
            })));
            return batches.Sum() * BatchSize / TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
        }

        private byte[] Batch(int connection, int batch)
        {
            var text = new StringBuilder("[");
            for (var i = 0; i < BatchSize; i++)
            {
                var at = Origin.AddSeconds((batch * (long)(BatchSize / meters)) + (i / meters));
                text.Append(i == 0 ? "" : ",").Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"equipment_id\":\"m{meters}-{connection}-{i % meters}\",\"timestamp\":\"{at:yyyy-MM-ddTHH:mm:ssZ}\",\"values\":{{\"active_power\":{10 + (i % 7) + (batch % 100 * 0.01)},\"voltage\":{230 + (i % 5)},\"current\":{12.5 + (batch % 9)},\"power_factor\":0.9}}}}");
            }

            return Encoding.UTF8.GetBytes(text.Append(']').ToString());
        }
    }
}
