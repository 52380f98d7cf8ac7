using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>A RabbitMQ that loses its power or is away, and what that costs.</summary>
[Collection("Processes and servers")]
public sealed class BrokerTests(ITestOutputHelper output)
{
    private const int Meters = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The long form is on the embedded store: the stand-in of MongoDB would take most of an hour for its readings.</summary>
    [Fact]
    public async Task Events_before_during_and_after_a_restart_of_RabbitMQ_have_one_effect_each()
    {
        var requests = (LongRun.IsOn ? 10_000 : 1_000) / Meters;
        TestServers.SkipIfMissing();
        OwnRabbitMq.SkipIfMissing();
        await using var broker = await OwnRabbitMq.StartAsync();
        await using var servers = TestServers.Find(broker.ConnectionString)!;
        await using var system = new SplitSystem([.. LongRun.IsOn ? servers.BrokerSettings : servers.Settings]);
        await system.StartAsync();
        await using var recorder = await servers.RecordAsync(system);

        await SendAsync(system, 0, requests / 2);
        await Eventually.HoldsAsync(async () => await recorder.CountAsync() > 0, Limit, () => system.Output);
        var rest = SendAsync(system, requests / 2, requests);
        await broker.KillAsync();
        await broker.StartAgainAsync();
        await rest;

        for (var meter = 0; meter < Meters; meter++)
        {
            await recorder.CheckOnceAsync(IdOf(meter), requests);
        }

        Assert.Equal(requests * Meters, await recorder.CountAsync());
        await system.RecoverByItselfAsync();
    }

    /// <summary>What would be kept in memory of 20,000 rows would hardly be seen; of the 200,000 of the long form it would.</summary>
    [Fact]
    public async Task An_import_during_the_whole_of_which_RabbitMQ_is_away_takes_hardly_more_memory_than_one_beside_it()
    {
        TestServers.SkipIfMissing();
        await using var servers = TestServers.Find()!;
        await using var system = new SplitSystem([.. servers.BrokerSettings]);
        await system.StartAsync();
        await using var recorder = await servers.RecordAsync(system);
        List<GeneratedMeters> files = [.. ((string[])["warm", "beside", "without"]).Select(name => new GeneratedMeters(name, LongRun.IsOn ? 200_000 : 20_000, Meters: 2))];

        await PeakAsync(system, files[0]);
        var beside = await PeakAsync(system, files[1]);
        await servers.Broker.ShutAsync();
        var without = await PeakAsync(system, files[2]);
        servers.Broker.Open();

        output.WriteLine($"{files[0].Rows} rows: {beside} kB beside RabbitMQ, {without} kB without it");
        Assert.InRange(without, 1, (long)(1.5 * beside));
        foreach (var file in files)
        {
            await file.CheckStoredAsync(system.Api);
            foreach (var id in file.EquipmentIds)
            {
                await recorder.CheckOnceAsync(id, file.Rows);
            }
        }
    }

    /// <summary>The most memory, in kB, that the process that imports has meanwhile.</summary>
    private static async Task<long> PeakAsync(SplitSystem system, GeneratedMeters file)
    {
        var importer = Assert.Single(system.ProcessesOf("ingestion")).ProcessId;
        await File.WriteAllTextAsync($"/proc/{importer}/clear_refs", "5", TestContext.Current.CancellationToken);
        using var answer = await system.Api.UploadAsync($"{file.Prefix}.csv", file.ToCsv(), wait: false, ("timestamp_label", "start"));
        var job = await system.Api.EndedJobAsync((await answer.JsonAsync(expectedStatus: 202)).Text("id"));
        Assert.Equal(("completed", file.Readings), (job.Text("state"), job.Count("rows_stored")));
        return File.ReadLines($"/proc/{importer}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();
    }

    /// <summary>Each request makes an event for each of the meters.</summary>
    private static async Task SendAsync(SplitSystem system, int from, int to)
    {
        for (var request = from; request < to; request++)
        {
            using var answer = await system.Api.PostAsJsonAsync(
                new Uri("/api/v1/data/ingest/realtime", UriKind.Relative),
                Enumerable.Range(0, Meters).Select(meter => new
                {
                    equipment_id = IdOf(meter),
                    timestamp = Start.AddMinutes(request),
                    values = new { active_power = request },
                }),
                TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static string IdOf(int meter) => $"restart{meter}";
}
