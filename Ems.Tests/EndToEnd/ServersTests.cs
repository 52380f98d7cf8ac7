using System.Net;
using System.Net.Http.Json;

namespace Ems.Tests.EndToEnd;

/// <summary>The split system on MongoDB and RabbitMQ that come and go: nothing is lost and nothing counted twice.</summary>
[Collection("Processes")]
public sealed class ServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly Uri Realtime = new("/api/v1/data/ingest/realtime", UriKind.Relative);

    private TestServers _servers = null!;

    public ValueTask InitializeAsync()
    {
        TestServers.SkipIfMissing();
        _servers = TestServers.Find()!;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _servers is null ? ValueTask.CompletedTask : _servers.DisposeAsync();

    [Fact]
    public async Task While_MongoDB_is_away_callers_are_told_when_to_try_again_and_it_goes_on_when_it_is_back()
    {
        await using var system = new SplitSystem([.. _servers.Settings]);
        await system.StartAsync();
        using (var first = await SendAsync(system, 0))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        await _servers.Mongo.ShutAsync();
        using (var refused = await SendAsync(system, 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        _servers.Mongo.Open();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var again = await SendAsync(system, 1);
                return again.IsSuccessStatusCode;
            },
            Limit, () => system.Output);
        var values = await system.Api.ValuesAsync("equipment_id=away&metric=active_power&bucket=raw");
        Assert.Equal([0, 1], values["away"].Values);
    }

    [Fact]
    public async Task While_RabbitMQ_is_away_readings_are_taken_and_their_events_arrive_once_when_it_is_back()
    {
        const int Readings = 300;
        await using var system = new SplitSystem([.. _servers.Settings]);
        await system.StartAsync();
        await using var recorder = await EffectRecorder.StartAsync(system.DataDirectory, _servers.Settings.Where(setting => setting.Name != "ConnectionStrings__ems"));

        for (var reading = 0; reading < Readings; reading++)
        {
            switch (reading)
            {
                case Readings / 3:
                    await _servers.Broker.ShutAsync();
                    break;
                case 2 * Readings / 3:
                    _servers.Broker.Open();
                    break;
            }

            using var answer = await SendAsync(system, reading);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await recorder.CheckOnceAsync("away", Readings);
    }

    private static Task<HttpResponseMessage> SendAsync(SplitSystem system, int reading) => system.Api.PostAsJsonAsync(
        Realtime,
        (object[])[new { equipment_id = "away", timestamp = DateTimeOffset.UnixEpoch.AddDays(18_000).AddMinutes(reading), values = new { active_power = reading } }],
        TestContext.Current.CancellationToken);
}
