using System.Net;
using System.Net.Sockets;
using Ems.Analytics;
using Ems.ServiceDefaults;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Functional;

/// <summary>The parked messages of one service behind a RabbitMQ that comes and goes.</summary>
public sealed class ParkedRoutesTests : IAsyncDisposable
{
    private const string Key = "the-key-of-services";

    private readonly TestRabbitMq _broker = TestRabbitMq.Create();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_RabbitMQ_is_away_callers_are_told_when_to_try_again()
    {
        var address = new Uri(_broker.ConnectionString);
        await using var door = new ShuttableDoor(address.Host, address.Port);
        await using var app = await StartAsync(new UriBuilder(address) { Host = "127.0.0.1", Port = door.Port }.ToString());
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("X-Ems-Internal-Key", Key);
        Assert.Equal(0, (await client.JsonAsync("/parked")).GetProperty("parked").GetArrayLength());

        await door.ShutAsync();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var list = await client.GetAsync(new Uri("/parked", UriKind.Relative), Cancel);
            await CheckAwayAsync(list);
            using var retry = await client.PostAsync(new Uri("/parked/analytics.detect:a/retry", UriKind.Relative), null, Cancel);
            await CheckAwayAsync(retry);
        }

        door.Open();
        Assert.Equal(0, (await client.JsonAsync("/parked")).GetProperty("parked").GetArrayLength());
    }

    [Fact]
    public async Task A_broker_that_never_answers_is_away_too()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var app = await StartAsync($"amqp://guest:guest@{silent.LocalEndpoint}", "--Ems:RabbitMq:Timeout=00:00:01");
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("X-Ems-Internal-Key", Key);

        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.GetAsync(new Uri("/parked", UriKind.Relative), Cancel))))
        {
            await CheckAwayAsync(answer);
            answer.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DeleteAsync(
            ["analytics.detect", "analytics.detect.parked", "retry.100", "retry.200"], ["events", "retry.100", "retry.200"]);
        _folder.Dispose();
    }

    private async Task<WebApplication> StartAsync(string rabbitMq, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(
        [
            $"--Ems:DataDirectory={_folder.Path}", $"--Ems:InternalKey={Key}", $"--ConnectionStrings:rabbitmq={rabbitMq}",
            $"--Ems:RabbitMq:Prefix={_broker.Prefix}", "--Ems:Messaging:MaxAttempts=3", "--Ems:Messaging:FirstRetryDelay=00:00:00.100", .. settings,
        ]);
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults("analytics");
        builder.Logging.ClearProviders();
        builder.AddAnalytics();
        var app = builder.Build();
        app.UseServiceDefaults();
        await app.StartAsync(Cancel);
        return app;
    }

    private static async Task CheckAwayAsync(HttpResponseMessage answer)
    {
        Assert.True((int)answer.StatusCode == 503, await answer.Content.ReadAsStringAsync(Cancel));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("RabbitMQ", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }
}
