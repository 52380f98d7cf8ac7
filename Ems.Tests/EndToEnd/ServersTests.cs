using System.Net;
using MongoDB.Bson;
using RabbitMQ.Client;

namespace Ems.Tests.EndToEnd;

/// <summary>The split system on MongoDB, RabbitMQ and Redis that come and go: nothing is lost and nothing counted twice.</summary>
[Collection("Processes and servers")]
public sealed partial class ServersTests : IClassFixture<RunningSystemOnServers>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly SplitSystem _system;
    private readonly TestServers _servers;
    private readonly ITestOutputHelper _output;

    public ServersTests(RunningSystemOnServers running, ITestOutputHelper output)
    {
        TestServers.SkipIfMissing();
        (_system, _servers, _output) = (running.OnServers, running.Servers!, output);
    }

    [Fact]
    public async Task While_MongoDB_is_away_every_caller_is_told_when_to_try_again_and_all_goes_on_by_itself_when_it_is_back()
    {
        await using var recorder = await _servers.RecordAsync(_system);
        var traffic = new LiveTraffic(_system.Api, senders: 4, "mongo");
        traffic.RepeatFailures();
        var meters = new GeneratedMeters("mongo", LongRun.IsOn ? 5_000 : 2_000, Meters: 1);
        var import = await SubmitAsync(meters);
        await Eventually.HoldsAsync(() => traffic.Acknowledged > 0, Limit, () => _system.Output);

        await _servers.InterruptAsync(_servers.Mongo.ShutAsync);
        await Eventually.HoldsAsync(() => traffic.Refusals > 0, Limit, () => _system.Output);
        string[] routes = ["data/jobs", "data/equipment", "data/series?equipment_id=mongom0&metric=energy", "analytics/summary"];
        foreach (var route in routes)
        {
            using var refused = await _system.Api.GetAsync(new Uri($"/api/v1/{route}", UriKind.Relative), Cancel);
            Assert.Equal((route, HttpStatusCode.ServiceUnavailable), (route, refused.StatusCode));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        // What was written before the door was shut has been answered by now.
        var acknowledged = traffic.Acknowledged;
        await StayAsync(LongRun.IsOn ? 30 : 3);
        Assert.Equal(acknowledged, traffic.Acknowledged);
        _servers.Mongo.Open();

        await Eventually.HoldsAsync(() => traffic.Acknowledged > acknowledged + 100, Limit, () => _system.Output);
        await traffic.StopAsync();
        await EndAsync(meters, import);
        await _system.RecoverByItselfAsync();
        await CheckAsync(recorder, traffic, meters);
    }

    [Fact]
    public async Task While_RabbitMQ_is_away_readings_are_taken_and_their_events_arrive_once_when_it_is_back()
    {
        await using var recorder = await _servers.RecordAsync(_system);
        var traffic = new LiveTraffic(_system.Api, senders: 4, "rabbit");
        await Eventually.HoldsAsync(() => traffic.Acknowledged > 0, Limit, () => _system.Output);

        await _servers.Broker.ShutAsync();
        var acknowledged = traffic.Acknowledged;
        await StayAsync(LongRun.IsOn ? 60 : 6);
        await Eventually.HoldsAsync(() => traffic.Acknowledged > acknowledged + 100, Limit, () => _system.Output);
        _servers.Broker.Open();

        await traffic.StopAsync();
        await _system.RecoverByItselfAsync();
        await CheckAsync(recorder, traffic);
    }

    [Fact]
    public async Task A_message_that_cannot_be_handled_is_parked_holds_up_no_other_and_is_handled_when_its_cause_is_gone_and_it_is_sent_again()
    {
        const string Unreadable = "analytics.detect:not-json";
        var received = _servers.Database().GetCollection<BsonDocument>("analytics_received");
        await received.InsertOneAsync(BsonDocument.Parse(
            """
            {
              _id: 'poison-0', site: null, events: 0, readings: 0, revision: 'no number', waiting: [],
              first_at: ISODate('2024-01-01T00:00:00Z'), last_at: ISODate('2024-01-01T00:00:00Z')
            }
            """), options: null, Cancel);
        await _servers.PublishAsync(
            "readings.stored.v1",
            new BasicProperties { MessageId = "not-json", Type = "readings.stored.v1" },
            "no JSON"u8.ToArray());
        await _servers.PublishAsync("readings.stored.v1", new BasicProperties(), "who sent this?"u8.ToArray());
        var traffic = new LiveTraffic(_system.Api, senders: 2, "poison");
        await Eventually.HoldsAsync(() => traffic.Acknowledged >= 100, Limit, () => _system.Output);
        await traffic.StopAsync();
        var stored = await traffic.CheckStoredAsync(_system.Api);

        await DetectedAsync("poison-1", stored["poison-1"]);
        var parked = await ParkedAsync(ids => ids.Contains(Unreadable) && ids.Any(IsNoEvent) && ids.Count > 2);

        await received.DeleteOneAsync(new BsonDocument("_id", "poison-0"), Cancel);
        foreach (var id in parked)
        {
            using var sent = await _system.Api.PostAsync(new Uri($"/api/v1/parked/{Uri.EscapeDataString(id)}/retry", UriKind.Relative), null, Cancel);
            Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Cancel));
        }

        await DetectedAsync("poison-0", stored["poison-0"]);
        var left = await ParkedAsync(ids => ids.Contains(Unreadable) && ids.Any(IsNoEvent) && ids.Count == 2);
        Assert.All(left, id => Assert.Contains(id, parked));

        static bool IsNoEvent(string id) => id.StartsWith("analytics.detect:unknown-", StringComparison.Ordinal);
    }
}
