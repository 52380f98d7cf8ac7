using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>Who writes readings of one meter takes turns with others, for however long it takes and whatever becomes of them.</summary>
public sealed class WriteClaimsTests : IAsyncDisposable
{
    // A server that does not answer for so long is away.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly List<TestMongo> _databases = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestMongo.Variable)]
    [InlineData(TestMongo.StandaloneVariable)]
    public async Task A_write_that_takes_longer_than_its_claim_lasts_keeps_it_and_is_run_once(string server)
    {
        var mongo = Database(server);
        var (first, second) = (Claims(mongo.Open()), Claims(mongo.Open()));
        var (writing, ended, runs) = (new TaskCompletionSource(), false, 0);
        var slow = first.WriteAsync(
            ["a", "b"],
            async (_, _, token) =>
            {
                runs++;
                writing.TrySetResult();
                await Task.Delay(Lease * 1.2, TimeProvider.System, token);
                ended = true;
                return true;
            },
            Cancel);
        await writing.Task.WaitAsync(Cancel);

        var cameAfter = await second.WriteAsync(["b"], (_, _, _) => Task.FromResult(ended), Cancel);
        await slow;

        Assert.Equal((true, 1), (cameAfter, runs));
        // What kept it may be left by a slow server, and runs out.
        Assert.Equal(0, await CountAsync(mongo, Where.Exists("owner")));
    }

    [Fact]
    public async Task Claims_of_a_process_that_ended_run_out()
    {
        var mongo = Database(TestMongo.Variable);
        var claims = await mongo.Open().OpenAsync(CoreCollections.Claims, Cancel);
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1);
        await claims.InsertManyAsync(
            [
                new BsonDocument { ["_id"] = "a", ["owner"] = "gone", ["until"] = before },
                new BsonDocument { ["_id"] = new BsonDocument("owner", "gone"), ["until"] = before },
            ],
            options: null, Cancel);

        Assert.True(await Claims(mongo.Open()).WriteAsync(["a"], (_, _, _) => Task.FromResult(true), Cancel));

        Assert.Equal(0, await CountAsync(mongo, Where.Empty));
    }

    [Fact]
    public async Task Without_transactions_a_claim_outlives_the_longest_command_that_its_writer_waits_for()
    {
        var mongo = Database(TestMongo.StandaloneVariable);
        var store = mongo.Open();
        var claimedAt = TimeProvider.System.GetUtcNow().UtcDateTime;

        var until = await Claims(store).WriteAsync(
            ["a"],
            async (database, session, token) =>
                (await database.Of(CoreCollections.Claims).Find(session, Where.Eq("_id", "a")).SingleAsync(token))["until"].ToUniversalTime(),
            Cancel);

        Assert.True(until - claimedAt > store.Options.SocketTimeout, $"{until - claimedAt}");
    }

    [Fact]
    public async Task A_write_of_many_meters_is_not_kept_waiting_by_others_that_take_one_after_another()
    {
        var mongo = Database(TestMongo.Variable);
        string[] meters = [.. Enumerable.Range(0, 20).Select(number => $"m{number:00}")];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var importers = Enumerable.Range(0, 8)
            .Select(number => ImportAsync(Claims(mongo.Open()), [.. meters.Skip(number * 2), .. meters.Take(number * 2)])).ToList();

        await Claims(mongo.Open()).WriteAsync([.. meters.Reverse()], (_, _, _) => Task.FromResult(true), Cancel);

        await ended.CancelAsync();
        await Task.WhenAll(importers);
        Assert.Equal(0, await CountAsync(mongo, Where.Empty));

        async Task ImportAsync(WriteClaims claims, string[] inTurn)
        {
            for (var next = 0; !ended.IsCancellationRequested; next = (next + 1) % inTurn.Length)
            {
                await claims.WriteAsync(
                    [inTurn[next]],
                    async (_, _, token) =>
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, token);
                        return true;
                    },
                    Cancel);
            }
        }
    }

    [Fact]
    public async Task Writes_of_many_meters_at_once_all_come_to_their_turn()
    {
        var mongo = Database(TestMongo.Variable);
        string[] meters = [.. Enumerable.Range(0, 20).Select(number => $"m{number:00}")];
        var writing = new int[meters.Length];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            var claims = Claims(mongo.Open());
            for (var round = 0; round < 5; round++)
            {
                var mine = Random.Shared.GetItems(meters, 12).Distinct().ToList();
                await claims.WriteAsync(
                    mine,
                    async (_, _, token) =>
                    {
                        var alone = mine.TrueForAll(meter => Interlocked.Increment(ref writing[Array.IndexOf(meters, meter)]) == 1);
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
                        mine.ForEach(meter => Interlocked.Decrement(ref writing[Array.IndexOf(meters, meter)]));
                        Assert.True(alone);
                        return true;
                    },
                    Cancel);
            }
        })).WaitAsync(TimeSpan.FromMinutes(2), Cancel);

        Assert.Equal(0, await CountAsync(mongo, Where.Empty));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }
    }

    private static WriteClaims Claims(MongoStore store) => new(store, Lease);

    private static async Task<long> CountAsync(TestMongo mongo, FilterDefinition<BsonDocument> wanted) =>
        await (await mongo.Open().OpenAsync(CoreCollections.Claims, Cancel)).CountDocumentsAsync(wanted, options: null, Cancel);

    private TestMongo Database(string server)
    {
        var database = new TestMongo(server);
        _databases.Add(database);
        return database;
    }
}
