using Ems.Tests.Contracts;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Tests.EndToEnd;

/// <summary>A database of the test's own, reached through a door that can be shut and that sees transactions.</summary>
internal sealed class MongoBehindDoor : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly TransactionGate _transactions = new();

    public MongoBehindDoor()
    {
        var server = new MongoUrl(_mongo.ConnectionString).Server;
        Door = new ShuttableDoor(server.Host, server.Port, _transactions.CarryAsync);
    }

    public ShuttableDoor Door { get; }

    /// <summary>Without a list of servers, which would lead past the door.</summary>
    public string ConnectionString => TestMongo.Through(Door.Port, _mongo.ConnectionString);

    /// <summary>The database, past the door.</summary>
    public IMongoDatabase Database()
    {
        var address = new MongoUrl(_mongo.ConnectionString);
        return new MongoClient(address).GetDatabase(address.DatabaseName);
    }

    /// <summary>
    /// Does something that ends processes or their connections. A MongoDB forgets what they had not committed; the stand-in keeps it, so
    /// that there it is done while no transaction is open.
    /// </summary>
    public async Task InterruptAsync(Func<Task> action)
    {
        var build = await Database().RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1));
        if (build["gitVersion"] == "test-server")
        {
            await _transactions.BetweenTransactionsAsync(action);
        }
        else
        {
            await action();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        await _mongo.DisposeAsync();
    }
}
