using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>A transaction whose caller has gone away stays open for a minute at the server, with its locks, unless its end is sent.</summary>
public sealed class MongoTransactionsTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly CancellationTokenSource _caller = new();

    [Fact]
    public async Task A_write_that_is_cancelled_inside_is_aborted_at_the_server()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WriteAsync(leavesInside: true));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_write_whose_caller_leaves_at_its_end_is_committed()
    {
        await WriteAsync(leavesInside: false);

        Assert.Equal(1, await CountAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        _caller.Dispose();
    }

    private async Task WriteAsync(bool leavesInside) => await _mongo.Open().WriteAsync(
        async (database, session, token) =>
        {
            await database.Of(CoreCollections.JobQueues).InsertOneAsync(session, new BsonDocument("_id", "a"), options: null, token);
            await _caller.CancelAsync();
            if (leavesInside)
            {
                token.ThrowIfCancellationRequested();
            }

            return true;
        },
        _caller.Token);

    private async Task<long> CountAsync()
    {
        var queues = await _mongo.Open().OpenAsync(CoreCollections.JobQueues, CancellationToken.None);
        return await queues.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, options: null, CancellationToken.None);
    }
}
