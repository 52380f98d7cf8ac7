using Ems.Tests.Contracts;
using MongoDB.Driver;

namespace Ems.Tests.EndToEnd;

/// <summary>
/// The MongoDB and the RabbitMQ that the variables of the environment name, with a database and names of the test's own, each behind a
/// door that can be shut.
/// </summary>
internal sealed class TestServers : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly TestRabbitMq _broker = TestRabbitMq.Create();

    private TestServers(ShuttableDoor mongo, ShuttableDoor broker) => (Mongo, Broker) = (mongo, broker);

    public ShuttableDoor Mongo { get; }

    public ShuttableDoor Broker { get; }

    /// <summary>Without a list of servers, which would lead past the door.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings
    {
        get
        {
            var mongo = new MongoUrl(_mongo.ConnectionString);
            return
            [
                ("ConnectionStrings__ems", $"mongodb://127.0.0.1:{Mongo.Port}/{mongo.DatabaseName}?directConnection=true"),
                ("ConnectionStrings__rabbitmq", new UriBuilder(_broker.ConnectionString) { Host = "127.0.0.1", Port = Broker.Port }.ToString()),
                ("Ems__RabbitMq__Prefix", _broker.Prefix),
                ("Ems__RabbitMq__ReconnectDelay", "00:00:00.500"),
                ("Ems__Mongo__ServerSelectionTimeout", "00:00:02"),
            ];
        }
    }

    public static void SkipIfMissing()
    {
        foreach (var variable in (string[])[TestMongo.Variable, TestRabbitMq.Variable])
        {
            Assert.SkipWhen(!HasVariable(variable), $"{variable} names no server.");
        }
    }

    /// <summary>Null where a variable is missing.</summary>
    public static TestServers? Find()
    {
        if (!HasVariable(TestMongo.Variable) || !HasVariable(TestRabbitMq.Variable))
        {
            return null;
        }

        var mongo = new MongoUrl(Environment.GetEnvironmentVariable(TestMongo.Variable)).Server;
        var broker = new Uri(Environment.GetEnvironmentVariable(TestRabbitMq.Variable)!);
        return new TestServers(new ShuttableDoor(mongo.Host, mongo.Port), new ShuttableDoor(broker.Host, broker.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await Mongo.DisposeAsync();
        await Broker.DisposeAsync();
        await _mongo.DisposeAsync();
        await _broker.DeleteAsync(["analytics.detect", "analytics.detect.parked"], ["events"]);
    }

    private static bool HasVariable(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
