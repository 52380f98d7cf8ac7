using Ems.Tests.Contracts;
using MongoDB.Driver;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// The MongoDB, the RabbitMQ and the Redis that the variables of the environment name, with a database and names of the test's own, the first two
/// behind a door that can be shut.
/// </summary>
internal sealed class TestServers : IAsyncDisposable
{
    private const string RedisVariable = "EMS_TEST_REDIS";

    private static readonly string[] Variables = [TestMongo.Variable, TestRabbitMq.Variable, RedisVariable];

    /// <summary>Of three attempts, the first pause of which is 100 ms.</summary>
    private static readonly string[] Retries = ["retry.100", "retry.200"];
    private static readonly string[] Subscriptions = ["analytics.detect", EffectRecorder.Subscription];

    private readonly MongoBehindDoor _mongo = new();
    private readonly TestRabbitMq _broker;

    private TestServers(TestRabbitMq broker)
    {
        var address = new Uri(broker.ConnectionString);
        _broker = broker;
        Broker = new ShuttableDoor(address.Host, address.Port);
    }

    public ShuttableDoor Mongo => _mongo.Door;

    public ShuttableDoor Broker { get; }

    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("ConnectionStrings__ems", _mongo.ConnectionString),
        ("ConnectionStrings__rabbitmq", new UriBuilder(_broker.ConnectionString) { Host = "127.0.0.1", Port = Broker.Port }.ToString()),
        ("ConnectionStrings__redis", Environment.GetEnvironmentVariable(RedisVariable)!),
        ("Ems__RabbitMq__Prefix", _broker.Prefix),
        ("Ems__RabbitMq__ReconnectDelay", "00:00:00.500"),
        ("Ems__Mongo__ServerSelectionTimeout", "00:00:05"),
        ("Ems__Mongo__SocketTimeout", "00:05:00"),
        ("Ems__Mongo__ConnectTimeout", "00:01:00"),
        ("Ems__Messaging__MaxAttempts", "3"),
        ("Ems__Messaging__FirstRetryDelay", "00:00:00.100"),
    ];

    /// <summary>Without MongoDB.</summary>
    public IEnumerable<(string Name, string Value)> BrokerSettings => Settings.Where(setting => setting.Name != "ConnectionStrings__ems");

    public static void SkipIfMissing()
    {
        foreach (var variable in Variables)
        {
            Assert.SkipWhen(!HasVariable(variable), $"{variable} names no server.");
        }
    }

    /// <summary>Null where a variable is missing.</summary>
    /// <param name="broker">Another RabbitMQ than the one that the variable names.</param>
    public static TestServers? Find(string? broker = null) =>
        Array.TrueForAll(Variables, HasVariable) ? new TestServers(TestRabbitMq.Create(broker)) : null;

    /// <inheritdoc cref="MongoBehindDoor.Database" />
    public IMongoDatabase Database() => _mongo.Database();

    /// <inheritdoc cref="MongoBehindDoor.InterruptAsync" />
    public Task InterruptAsync(Func<Task> action) => _mongo.InterruptAsync(action);

    /// <summary>Sends something to all who want events of this name, past the door.</summary>
    public async Task PublishAsync(string eventName, BasicProperties properties, byte[] body)
    {
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync($"{_broker.Prefix}.events", eventName, mandatory: true, properties, body);
    }

    /// <summary>A consumer beside those of the system, which hears of everything from now on.</summary>
    public async Task<EffectRecorder> RecordAsync(EmsSystem system)
    {
        var recorder = await EffectRecorder.StartAsync(system.DataDirectory, BrokerSettings);
        await using var connection = await _broker.ConnectAsync();
        await Eventually.HoldsAsync(() => IsConsumedAsync(connection), TimeSpan.FromMinutes(3), () => "The recorder does not listen.");
        return recorder;
    }

    /// <summary>Whether someone listens to the recorder's queue, which is bound by then.</summary>
    private async Task<bool> IsConsumedAsync(IConnection connection)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync($"{_broker.Prefix}.{EffectRecorder.Subscription}")).ConsumerCount > 0;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await _mongo.DisposeAsync();
        await _broker.DeleteAsync([.. Retries, .. Subscriptions, .. Subscriptions.Select(name => $"{name}.parked")], ["events", .. Retries]);
    }

    private static bool HasVariable(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
