using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Lets those who change readings of one equipment take turns, so that a large transaction does not fail another one in the end, and
/// that a server without transactions sees one change at a time. A claim is kept while it is needed; one that its process left behind
/// runs out.
/// </summary>
/// <param name="lease">How long a claim lasts that is not kept.</param>
internal sealed class WriteClaims(MongoStore store, TimeSpan? lease = null)
{
    private const string Owner = "owner";
    private const string Until = "until";
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    // Writers of this process queue up here, fairly, before they ask the database.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    private readonly TimeSpan _lease = lease ?? DefaultLease;

    /// <summary>
    /// Where nothing else keeps two writers apart, a claim outlives the longest command of a write that the server may still get when it was
    /// away: nobody could keep the claim meanwhile.
    /// </summary>
    private TimeSpan Lease => store.HasTransactions
        ? _lease
        : _lease + store.Options.SocketTimeout + store.Options.ConnectTimeout + (2 * store.Options.ServerSelectionTimeout);

    /// <summary>Whether readings of the equipment are being written.</summary>
    public static async Task<bool> IsClaimedAsync(MongoStore store, string equipmentId, CancellationToken cancellationToken)
    {
        var claims = await store.OpenAsync(CoreCollections.Claims, cancellationToken);
        var now = Now();
        return await claims.Find(Where.Eq("_id", equipmentId)).FirstOrDefaultAsync(cancellationToken) is { } claim
            && (claim[Until].ToUniversalTime() > now
                || await claims.Find(Where.Eq("_id", KeeperOf(claim[Owner].AsString)) & Where.Gte(Until, now)).AnyAsync(cancellationToken));
    }

    /// <summary>Runs a write that has the equipment to itself.</summary>
    /// <exception cref="TimeoutException">Others have kept the equipment for too long.</exception>
    public async Task<T> WriteAsync<T>(
        IReadOnlyCollection<string> equipmentIds, Func<IMongoDatabase, IClientSessionHandle, CancellationToken, Task<T>> write,
        CancellationToken cancellationToken)
    {
        var turns = equipmentIds.Select(TurnOf).Distinct().Order().Select(turn => _turns[turn]).ToList();
        var taken = 0;
        try
        {
            for (; taken < turns.Count; taken++)
            {
                await turns[taken].WaitAsync(cancellationToken);
            }

            return await ClaimAndWriteAsync(equipmentIds, write, cancellationToken);
        }
        finally
        {
            turns.Take(taken).ToList().ForEach(turn => turn.Release());
        }
    }

    private async Task<T> ClaimAndWriteAsync<T>(
        IReadOnlyCollection<string> equipmentIds, Func<IMongoDatabase, IClientSessionHandle, CancellationToken, Task<T>> write,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            // Named before it asks: also of a claim whose answer never came it is known whose it is.
            var owner = Guid.NewGuid().ToString("N");
            var mine = Where.In("_id", equipmentIds) & Where.Eq(Owner, owner);
            using var ending = new CancellationTokenSource();
            var keeping = Task.CompletedTask;
            try
            {
                keeping = KeepAsync(owner, ending.Token);
                await ClaimAsync(equipmentIds, owner, cancellationToken);
                return await store.WriteAsync(
                    async (database, session, token) =>
                    {
                        var result = await write(database, session, token);
                        var ended = await database.Of(CoreCollections.Claims).DeleteManyAsync(session, mine, options: null, token);
                        return ended.DeletedCount == equipmentIds.Count || !store.HasTransactions ? result : throw new ClaimLostException();
                    },
                    cancellationToken);
            }
            catch (ClaimLostException)
            {
                // It ran out before the end, and another writer may have come between: nothing was written.
            }
            catch
            {
                await TryAsync(claims => claims.DeleteManyAsync(mine, CancellationToken.None));
                throw;
            }
            finally
            {
                await ending.CancelAsync();
                await keeping;
            }
        }
    }

    /// <summary>
    /// Keeps a claim by a document of its own: the claim itself is deleted by the transaction of the write, which fails when anybody changes
    /// it meanwhile.
    /// </summary>
    private async Task KeepAsync(string owner, CancellationToken ended)
    {
        var keeper = Where.Eq("_id", KeeperOf(owner));
        var isKept = false;
        using var timer = new PeriodicTimer(_lease / 4, TimeProvider.System);
        while (await NextAsync(timer, ended))
        {
            if (!isKept)
            {
                // Those whose process was killed.
                await TryAsync(claims => claims.DeleteManyAsync(Where.Exists($"_id.{Owner}") & Where.Lt(Until, Now()), ended));
            }

            isKept = true;
            await TryAsync(claims => claims.UpdateOneAsync(keeper, Set.Set(Until, Now() + Lease), new UpdateOptions { IsUpsert = true }, ended));
        }

        if (isKept)
        {
            using var limit = new CancellationTokenSource(LongestEnd, TimeProvider.System);
            await TryAsync(claims => claims.DeleteOneAsync(keeper, limit.Token));
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// One after another in the order of their names, and those that it has are kept: a writer of many is not passed by for ever by writers of
    /// few, and no two wait for each other. Where one is kept for long, the others are given back meanwhile.
    /// </summary>
    private async Task ClaimAsync(IReadOnlyCollection<string> equipmentIds, string owner, CancellationToken cancellationToken)
    {
        var claims = await store.OpenAsync(CoreCollections.Claims, cancellationToken);
        var all = equipmentIds.Order(StringComparer.Ordinal).ToArray();
        var wanted = all;
        var (most, grewAt, wentOn) = (0, Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        var pause = FirstPause;
        while (await InsertAsync(claims, wanted, owner, Now() + Lease, cancellationToken) is var claimed && claimed < wanted.Length)
        {
            wanted = wanted[claimed..];
            await EndLapsedAsync(claims, wanted, cancellationToken);
            if (all.Length - wanted.Length > most)
            {
                (most, grewAt) = (all.Length - wanted.Length, Stopwatch.GetTimestamp());
            }

            if (Stopwatch.GetElapsedTime(grewAt) > LongestWait)
            {
                throw new TimeoutException($"Readings of {wanted[0]} were being written by others for more than {LongestWait.TotalSeconds} s.");
            }

            if (claimed > 0)
            {
                (wentOn, pause) = (Stopwatch.GetTimestamp(), FirstPause);
            }
            else if (Stopwatch.GetElapsedTime(wentOn) > LongestHold)
            {
                await claims.DeleteManyAsync(Where.In("_id", all) & Where.Eq(Owner, owner), CancellationToken.None);
                (wanted, wentOn) = (all, Stopwatch.GetTimestamp());
            }

            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Claims one after another, up to one that others have; tells how many.</summary>
    private static async Task<int> InsertAsync(
        IMongoCollection<BsonDocument> claims, string[] equipmentIds, string owner, DateTime until, CancellationToken cancellationToken)
    {
        var documents = equipmentIds.Select(id => new BsonDocument { ["_id"] = id, [Owner] = owner, [Until] = until });
        try
        {
            await claims.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = true }, cancellationToken);
            return equipmentIds.Length;
        }
        catch (MongoBulkWriteException<BsonDocument> exception) when (exception.WriteErrors is [{ Category: ServerErrorCategory.DuplicateKey }])
        {
            return exception.WriteErrors[0].Index;
        }
    }

    /// <summary>Ends claims that have run out and that nobody keeps.</summary>
    private static async Task EndLapsedAsync(
        IMongoCollection<BsonDocument> claims, IReadOnlyCollection<string> equipmentIds, CancellationToken cancellationToken)
    {
        var now = Now();
        var lapsed = Where.In("_id", equipmentIds) & Where.Lt(Until, now);
        var found = await claims.Find(lapsed).ToListAsync(cancellationToken);
        if (found.Count == 0)
        {
            return;
        }

        var keepers = Where.In("_id", found.Select(claim => KeeperOf(claim[Owner].AsString)));
        var kept = await claims.Find(keepers & Where.Gte(Until, now)).ToListAsync(cancellationToken);
        await claims.DeleteManyAsync(lapsed & Where.Nin(Owner, kept.Select(keeper => keeper["_id"][Owner])), CancellationToken.None);
        await claims.DeleteManyAsync(keepers & Where.Lt(Until, now), CancellationToken.None);
    }

    private async Task TryAsync(Func<IMongoCollection<BsonDocument>, Task> change)
    {
        try
        {
            await change(await store.OpenAsync(CoreCollections.Claims, CancellationToken.None));
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is away or the process ends: a claim is kept at the next attempt, or runs out by itself.
        }
    }

    private static BsonDocument KeeperOf(string owner) => new(Owner, owner);

    private static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;

    private int TurnOf(string equipmentId) => (int)((uint)equipmentId.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length);

    private sealed class ClaimLostException : Exception;
}
