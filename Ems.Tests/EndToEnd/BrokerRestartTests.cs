using System.Net;
using System.Net.Http.Json;

namespace Ems.Tests.EndToEnd;

/// <summary>A RabbitMQ that loses its power in the middle of events.</summary>
[Collection("Processes")]
public sealed class BrokerRestartTests
{
    private const int Meters = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_before_during_and_after_a_restart_of_RabbitMQ_have_one_effect_each()
    {
        var requests = (LongRun.IsOn ? 10_000 : 1_000) / Meters;
        TestServers.SkipIfMissing();
        OwnRabbitMq.SkipIfMissing();
        await using var broker = await OwnRabbitMq.StartAsync();
        await using var servers = TestServers.Find(broker.ConnectionString)!;
        await using var system = new SplitSystem([.. servers.Settings]);
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
