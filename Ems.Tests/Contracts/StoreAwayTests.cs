using System.Net;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;

namespace Ems.Tests.Contracts;

/// <summary>What a MongoDB, or a router before its shards, answers that passes by itself, and what does not.</summary>
public sealed class StoreAwayTests : IAsyncDisposable
{
    private readonly TestMongo _mongo = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{ ok: 0, code: 133, codeName: 'FailedToSatisfyReadPreference', errmsg: 'no primary of shard a' }", true)]
    [InlineData("{ ok: 0, code: 6, codeName: 'HostUnreachable', errmsg: 'shard a' }", true)]
    [InlineData("{ ok: 0, code: 112, codeName: 'WriteConflict', errmsg: 'again', errorLabels: ['TransientTransactionError'] }", true)]
    [InlineData("{ ok: 0, code: 1, errmsg: 'again', errorLabels: ['RetryableWriteError'] }", true)]
    [InlineData("{ ok: 1, n: 0, writeErrors: [{ index: 0, code: 133, errmsg: 'no primary of shard a' }] }", true)]
    [InlineData("{ ok: 1, n: 0, writeErrors: [{ index: 0, code: 10107, errmsg: 'not primary' }] }", true)]
    [InlineData("{ ok: 1, n: 1, writeConcernError: { code: 64, errmsg: 'not in time' } }", true)]
    [InlineData("{ ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized' }", false)]
    [InlineData("{ ok: 1, n: 0, writeErrors: [{ index: 0, code: 11000, errmsg: 'duplicate' }] }", false)]
    public async Task A_store_is_away_that_does_not_reach_its_shards(string answer, bool isAway)
    {
        await using var door = new AnsweringDoor(
            _mongo.ConnectionString, message => message.Is("insert", CoreCollections.JobQueues) ? BsonDocument.Parse(answer) : null);
        var queues = await _mongo.OpenThrough(door.Port).OpenAsync(CoreCollections.JobQueues, Cancel);

        var one = await Assert.ThrowsAnyAsync<MongoException>(() => queues.InsertOneAsync(new BsonDocument("_id", "a"), options: null, Cancel));
        var many = await Assert.ThrowsAnyAsync<MongoException>(() => queues.InsertManyAsync([new BsonDocument("_id", "a")], options: null, Cancel));

        Assert.Equal((isAway, isAway), (StoreAway.Is(one), StoreAway.Is(many)));
    }

    /// <summary>One that the driver could not ask about is not wrong.</summary>
    [Fact]
    public void A_wrong_password_does_not_pass_by_itself()
    {
        var connection = new ConnectionId(new ServerId(new ClusterId(), new DnsEndPoint("host", 27017)));
        var refused = new MongoCommandException(connection, "Authentication failed.", [], new BsonDocument("code", 18));
        var unreachable = new MongoConnectionException(connection, "shard a");

        Assert.False(StoreAway.Is(new MongoAuthenticationException(connection, "Unable to authenticate.", refused)));
        Assert.True(StoreAway.Is(new MongoAuthenticationException(connection, "Unable to authenticate.", unreachable)));
    }

    [Fact]
    public void A_change_that_others_always_come_before_may_be_tried_again_later() => Assert.True(StoreAway.Is(MongoStore.Conflict()));

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
