using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using Ems.Core.Caching;
using Ems.Core.Live;
using Ems.Tests.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Ems.Tests.Functional;

public sealed class LiveEventsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_listens_hears_of_readings_and_jobs_as_they_happen()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        await using var stream = await client.GetStreamAsync(new Uri("/api/v1/events", UriKind.Relative), Cancel);
        await using var events = SseParser.Create(stream).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
        await NextAsync(events, "alive");

        await (await client.PostAsync(
            "/api/v1/data/ingest/realtime",
            new { equipment_id = "m", timestamp = "2024-05-01T00:00:00Z", values = new { active_power = 1 } })).JsonAsync();
        var readings = await NextAsync(events, "readings");
        Assert.Equal(("m", 1), (readings.Text("equipment_id"), readings.GetProperty("readings").GetInt32()));

        using var form = new MultipartFormDataContent
        {
            { new StringContent("f"), "equipment_id" },
            { new ByteArrayContent("Timestamp,Energy (kWh)\n2024-05-01 00:00,1\n"u8.ToArray()), "file", "f.csv" },
        };
        using var import = await client.PostAsync(new Uri("/api/v1/data/ingest/excel", UriKind.Relative), form, Cancel);
        var id = (await import.JsonAsync(202)).Text("id");
        JsonElement job;
        do
        {
            job = await NextAsync(events, "job");
            Assert.Equal(id, job.Text("id"));
        }
        while (job.Text("state") is "queued" or "running");

        Assert.Equal("completed", job.Text("state"));
    }

    [Fact]
    public async Task Through_Redis_every_process_hears_of_everything_once()
    {
        var prefix = TestRedis.NewPrefix();
        using IHost one = Open(prefix), other = Open(prefix);
        await one.StartAsync(Cancel);
        await other.StartAsync(Cancel);
        var (events, others) = (one.Services.GetRequiredService<LiveEvents>(), other.Services.GetRequiredService<LiveEvents>());
        using LiveListener heard = others.Listen(), own = events.Listen();

        // Until the subscription stands, the other one hears nothing.
        var number = 0;
        var next = heard.Events.ReadAsync(Cancel).AsTask();
        while (!next.IsCompleted)
        {
            events.Publish("count", ++number);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel));
        }

        events.Publish("count", ++number);
        var first = int.Parse((await next).Body, System.Globalization.CultureInfo.InvariantCulture);
        await HearsAsync(heard, first + 1, number);
        await HearsAsync(own, 1, number);
    }

    [Fact]
    public async Task What_a_Redis_that_does_not_answer_cannot_be_told_is_dropped_from_the_oldest_on()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var redis = new Redis(
            ConfigurationOptions.Parse($"{silent.LocalEndpoint}"), new RedisOptions(), new FakeTimeProvider(), NullLogger<Redis>.Instance);
        var events = new LiveEvents(redis);
        using var own = events.Listen();

        for (var number = 1; number <= 5_000; number++)
        {
            events.Publish("count", number);
        }

        Assert.InRange(events.Unsent, 1, 1_000);
        await HearsAsync(own, 4_001, 5_000);
    }

    private static async Task HearsAsync(LiveListener listener, int from, int to)
    {
        for (var expected = from; expected <= to; expected++)
        {
            Assert.Equal($"{expected}", (await listener.Events.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel)).Body);
        }
    }

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<SseItem<string>> events, string kind)
    {
        do
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Limit, Cancel));
        }
        while (events.Current.EventType != kind);

        return JsonDocument.Parse(events.Current.Data).RootElement;
    }

    private static IHost Open(string prefix)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = TestRedis.Address,
            ["Ems:Redis:Prefix"] = prefix,
            ["Ems:Redis:Timeout"] = "00:00:05",
        });
        builder.AddLiveEvents();
        return builder.Build();
    }
}
