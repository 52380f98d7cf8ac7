using System.Globalization;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MongoDB.Driver;

namespace Ems.Tests.Contracts;

/// <summary>What the health of a process says of the servers that it uses.</summary>
public sealed class ServerChecksTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MongoDB_is_unhealthy_until_it_has_been_opened_and_whenever_it_is_away()
    {
        await using var mongo = new TestMongo();
        var url = new MongoUrl(mongo.ConnectionString);
        await using var door = new ShuttableDoor(url.Server.Host, url.Server.Port);
        await door.ShutAsync();
        using var host = await StartAsync(
            new("ConnectionStrings:ems", TestMongo.Through(door.Port, mongo.ConnectionString)),
            new("Ems:Mongo:ServerSelectionTimeout", "00:00:01"));

        await BecomesAsync(host, "MongoDB.Driver", HealthStatus.Unhealthy);
        door.Open();
        await BecomesAsync(host, "MongoDB.Driver", HealthStatus.Healthy);
        await door.ShutAsync();
        await BecomesAsync(host, "MongoDB.Driver", HealthStatus.Unhealthy);
        door.Open();
        await BecomesAsync(host, "MongoDB.Driver", HealthStatus.Healthy);
    }

    [Fact]
    public async Task Without_its_Redis_a_process_is_degraded_and_no_more()
    {
        var server = TestRedis.Address.Split(',')[0].Split(':');
        await using var door = new ShuttableDoor(server[0], int.Parse(server[1], CultureInfo.InvariantCulture));
        using var host = await StartAsync(
            new("ConnectionStrings:redis", $"127.0.0.1:{door.Port}"),
            new("Ems:Redis:Prefix", TestRedis.NewPrefix()),
            new("Ems:Redis:Pause", "00:00:00.200"));

        await BecomesAsync(host, "StackExchange.Redis", HealthStatus.Healthy);
        await door.ShutAsync();
        await BecomesAsync(host, "StackExchange.Redis", HealthStatus.Degraded);
        door.Open();
        await BecomesAsync(host, "StackExchange.Redis", HealthStatus.Healthy);
    }

    [Fact]
    public async Task Without_its_RabbitMQ_a_process_is_degraded_and_no_more_though_it_sends_and_receives_nothing()
    {
        await using var broker = TestRabbitMq.Create();
        var server = new Uri(broker.ConnectionString);
        await using var door = new ShuttableDoor(server.Host, server.Port);
        using var host = await StartAsync([.. Through(broker, door)]);

        await BecomesAsync(host, "RabbitMQ.Client", HealthStatus.Healthy);
        await door.ShutAsync();
        await BecomesAsync(host, "RabbitMQ.Client", HealthStatus.Degraded);
        door.Open();
        await BecomesAsync(host, "RabbitMQ.Client", HealthStatus.Healthy);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_RabbitMQ_that_says_nothing_holds_up_no_question_for_the_health()
    {
        await using var broker = TestRabbitMq.Create();
        var server = new Uri(broker.ConnectionString);
        await using var door = new ShuttableDoor(server.Host, server.Port, static (_, _, shut) => new TaskCompletionSource().Task.WaitAsync(shut));
        using var host = await StartAsync([.. Through(broker, door), new("Ems:RabbitMq:Timeout", "00:01:00")]);

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal(HealthStatus.Degraded, health.Entries["RabbitMQ.Client"].Status);
        await host.StopAsync(Cancel);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<KeyValuePair<string, string?>> Through(TestRabbitMq broker, ShuttableDoor door) =>
    [
        new("ConnectionStrings:rabbitmq", new UriBuilder(broker.ConnectionString) { Host = "127.0.0.1", Port = door.Port }.ToString()),
        new("Ems:RabbitMq:Prefix", broker.Prefix),
        new("Ems:RabbitMq:ReconnectDelay", "00:00:00.200"),
    ];

    private async Task<IHost> StartAsync(params KeyValuePair<string, string?>[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([.. settings, new("Ems:DataDirectory", _folder.Path)]);
        builder.AddEmsStorage();
        builder.AddEmsStorage();
        builder.AddEmsMessaging("checks", [SqliteInbox.Schema]);
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    private static async Task BecomesAsync(IHost host, string check, HealthStatus status)
    {
        var checks = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport? report = null;
        await Eventually.HoldsAsync(
            async () => (report = await checks.CheckHealthAsync(Cancel)).Entries[check].Status == status && report.Status == status,
            Limit,
            () => $"{check}: {report!.Entries[check].Status}, {report.Entries[check].Exception}");
    }
}
