using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace Ems.Tests.Contracts;

/// <summary>The RabbitMQ of <c>EMS_TEST_RABBITMQ</c>, under names that no other test has.</summary>
internal sealed class TestRabbitMq : IAsyncDisposable
{
    public const string Variable = "EMS_TEST_RABBITMQ";

    private TestRabbitMq(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public string Prefix { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Skips the test when there is none.</summary>
    /// <param name="address">Of another one than the variable names.</param>
    public static TestRabbitMq Create(string? address = null)
    {
        address ??= Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(address), $"Set {Variable} to a RabbitMQ for tests, such as amqp://guest:guest@127.0.0.1:5672.");
        return new TestRabbitMq(address!);
    }

    /// <summary>To be called before the messages are added, which look for the connection string.</summary>
    public void Configure(IHostApplicationBuilder builder) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["ConnectionStrings:rabbitmq"] = ConnectionString,
        ["Ems:RabbitMq:Prefix"] = Prefix,
        ["Ems:RabbitMq:ReconnectDelay"] = "00:00:00.200",
        ["Ems:Messaging:UnclaimedRetryDelay"] = "00:00:00.100",
        ["Ems:Messaging:KeepUnclaimed"] = "3650.00:00:00",
        ["Ems:Messaging:PollInterval"] = "00:00:00.200",
    });

    public async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(ConnectionString) }.CreateConnectionAsync(CancellationToken.None);

    public async Task DeleteAsync(IEnumerable<string> queues, IEnumerable<string> exchanges)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in queues)
        {
            await channel.QueueDeleteAsync($"{Prefix}.{queue}");
        }

        foreach (var exchange in exchanges)
        {
            await channel.ExchangeDeleteAsync($"{Prefix}.{exchange}");
        }
    }

    public async ValueTask DisposeAsync() => await DeleteAsync(
        ["checks.check", "checks.check.parked", "retry.5", "retry.10"], ["events", "retry.5", "retry.10"]);
}
