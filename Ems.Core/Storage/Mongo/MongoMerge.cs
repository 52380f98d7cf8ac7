using Ems.Core.Messaging.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>What saves, with a part of an undo, how many values changed by it.</summary>
internal delegate Task CountChanged(IMongoDatabase database, IClientSessionHandle session, long changed, CancellationToken cancellationToken);

/// <summary>
/// Gives the versions of one equipment to another and takes them back, a part in each transaction. From the first on, what is written
/// for the one goes to the other; each version remembers by which merges it came.
/// </summary>
internal sealed class MongoMerge(MongoStore store, WriteClaims claims, WriteStamp stamp)
{
    private const int ReadingsAtOnce = 1_000;
    private const string Changed = "changed";
    private const string Done = "done";

    private static readonly SortDefinition<BsonDocument> InOrder =
        By.Ascending(ReadingFields.Nominal).Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration);

    private string Job => stamp.JobId!;

    /// <summary>Returns the number of values of the target that are new or different.</summary>
    public async Task<long> RunAsync(string fromId, string intoId, CancellationToken cancellationToken)
    {
        string[] both = fromId == intoId ? [fromId] : [fromId, intoId];
        var isLeft = await claims.WriteAsync(both, (database, session, token) => BeginAsync(database, session, fromId, intoId, token), cancellationToken);
        while (isLeft && await claims.WriteAsync(both, (database, session, token) => GiveAsync(database, session, fromId, intoId, token), cancellationToken))
        {
            store.Signals.Raise(MessageDocuments.Outbox);
        }

        var ended = await (await store.OpenAsync(CoreCollections.Merges, cancellationToken)).FindOneAndUpdateAsync(
            Where.Eq("_id", Job), Set.Set(Done, true), options: null, cancellationToken);
        return ended?[Changed].ToInt64() ?? 0;
    }

    /// <summary>Takes back what the job gave, if it is a merge.</summary>
    /// <param name="begin">Writes down that the job is being undone; with it the way is closed to merges that would come in between.</param>
    public async Task UndoAsync(
        Func<IMongoDatabase, IClientSessionHandle, CancellationToken, Task<bool>> begin, CountChanged count, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not var (fromId, intoId))
        {
            await store.WriteAsync(begin, cancellationToken);
            return;
        }

        await claims.WriteAsync(
            [fromId, intoId],
            async (database, session, token) =>
            {
                await MergeChecks.CheckUndoAsync(database, session, intoId, token);
                await begin(database, session, token);
                if (await database.Of(CoreCollections.Merges).Find(session, Where.Eq("_id", Job)).AnyAsync(token))
                {
                    await SetMergedIntoAsync(database, session, fromId, intoId, null, token);
                }

                return true;
            },
            cancellationToken);
        while (await claims.WriteAsync(
            [fromId, intoId], (database, session, token) => TakeBackAsync(database, session, fromId, intoId, count, token), cancellationToken))
        {
            store.Signals.Raise(MessageDocuments.Outbox);
        }

        await (await store.OpenAsync(CoreCollections.Merges, cancellationToken)).DeleteOneAsync(Where.Eq("_id", Job), cancellationToken);
    }

    private async Task<(string From, string Into)?> FindAsync(CancellationToken cancellationToken) =>
        await (await store.OpenAsync(CoreCollections.Merges, cancellationToken)).Find(Where.Eq("_id", Job)).SingleOrDefaultAsync(cancellationToken) is { } merge
            ? (merge["from"].AsString, merge["into"].AsString)
            : null;

    private static async Task<Equipment> FindAsync(
        IMongoDatabase database, IClientSessionHandle session, string id, CancellationToken cancellationToken) =>
        await EquipmentDocuments.FindAsync(database, session, id, cancellationToken) ?? throw new InvalidOperationException($"There is no equipment {id}.");

    /// <summary>False when the job has done it before.</summary>
    private async Task<bool> BeginAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        var merges = database.Of(CoreCollections.Merges);
        var begun = await merges.Find(session, Where.Eq("_id", Job)).SingleOrDefaultAsync(cancellationToken);
        if (begun is null)
        {
            await CheckAsync(database, session, fromId, intoId, cancellationToken);
            await merges.InsertOneAsync(
                session, new BsonDocument { ["_id"] = Job, ["from"] = fromId, ["into"] = intoId, [Changed] = 0L, [Done] = false }, options: null, cancellationToken);
        }
        else if (begun[Done].AsBoolean)
        {
            return false;
        }

        // Also for one that was begun: without transactions it may have ended here.
        await SetMergedIntoAsync(database, session, fromId, intoId, intoId, cancellationToken);
        await store.WriteAllAsync(
            database, session, CoreCollections.JobRanges, await JobRangeDocuments.CopyAsync(database, session, fromId, intoId, cancellationToken), cancellationToken);
        return true;
    }

    /// <summary>Readings that move are unchecked with that; meters that move leave those of the other unchecked, whenever they were.</summary>
    private static async Task SetMergedIntoAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, string? target, CancellationToken cancellationToken)
    {
        await EquipmentDocuments.SetMergedIntoAsync(database, session, fromId, target, cancellationToken);
        if (EquipmentChange.MovesMeters(fromId, await EquipmentDocuments.ListAsync(database, session, cancellationToken)))
        {
            await UncheckedDocuments.AddAllAsync(database, session, [intoId], cancellationToken);
        }
    }

    private static async Task CheckAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        var (source, target) = (await FindAsync(database, session, fromId, cancellationToken), await FindAsync(database, session, intoId, cancellationToken));
        if (fromId == intoId || (source.MergedInto ?? target.MergedInto) is not null)
        {
            throw new InvalidOperationException($"{fromId} and {intoId} are one already, or one of them was merged into a third.");
        }

        EquipmentChange.ThrowIfVirtual(source, target);
        await MergeChecks.CheckOthersAsync(database, session, fromId, intoId, cancellationToken);
        await MergeChecks.CheckNaturesAsync(database, session, fromId, intoId, cancellationToken);
    }

    /// <summary>Gives some readings; false when none is left, or when another process has ended the job.</summary>
    private async Task<bool> GiveAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        if (!await database.Of(CoreCollections.Merges).Find(session, Where.Eq("_id", Job) & Where.Eq(Done, false)).AnyAsync(cancellationToken))
        {
            return false;
        }

        var sources = await ReadAsync(database, session, Where.Eq(ReadingFields.Equipment, fromId) & Where.Eq(ReadingFields.Given, BsonNull.Value), cancellationToken);
        if (sources.Count == 0)
        {
            await RecountAsync(database, session, fromId, intoId, cancellationToken);
            return false;
        }

        var targets = await ReadAsync(database, session, sources, intoId, cancellationToken);
        var changes = new MongoChanges(store, database, session, stamp);
        var changed = sources.Sum(source => Give(changes, source, targets[IdAt(source, intoId)]));
        await SaveAsync(
            database, session, changes, fromId, intoId,
            () => database.Of(CoreCollections.Merges).UpdateOneAsync(session, Where.Eq("_id", Job), Set.Inc(Changed, (long)changed), options: null, cancellationToken),
            cancellationToken);
        return true;
    }

    /// <summary>What one write gave to both stays behind: the other's own value counts.</summary>
    private int Give(MongoChanges changes, StoredReading source, StoredReading target)
    {
        var own = target.Versions.Select(version => version.Write).ToHashSet();
        IReadOnlyList<ReadingVersion> given = [];
        changes.Change(source, one =>
        {
            given = one.RemoveAll(version => !own.Contains(version.Write));
            one.Given = one.Versions.Count > 0 ? Job : null;
        });
        return given.Count == 0
            ? 0
            : changes.Change(target, one => one.AddAll([.. given.Select(version => version with { Merged = [.. version.Merged, Job] })]));
    }

    /// <summary>Takes back some readings; false when none is left.</summary>
    private async Task<bool> TakeBackAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CountChanged count, CancellationToken cancellationToken)
    {
        var targets = await ReadAsync(database, session, Where.Eq(ReadingFields.Equipment, intoId) & Where.Eq(ReadingFields.Merged, Job), cancellationToken);
        var left = await ReadAsync(database, session, Where.Eq(ReadingFields.Equipment, fromId) & Where.Eq(ReadingFields.Given, Job), cancellationToken);
        if (targets.Count == 0 && left.Count == 0)
        {
            await RecountAsync(database, session, fromId, intoId, cancellationToken);
            return false;
        }

        var sources = await ReadAsync(database, session, targets, fromId, cancellationToken);
        var changes = new MongoChanges(store, database, session, stamp);
        var changed = targets.Sum(target => TakeBack(changes, target, sources[IdAt(target, fromId)]));
        foreach (var rest in left.Where(one => !sources.ContainsKey(one.Id)))
        {
            changes.Change(rest, one => one.Given = null);
        }

        await SaveAsync(database, session, changes, fromId, intoId, () => count(database, session, changed, cancellationToken), cancellationToken);
        return true;
    }

    /// <summary>What was undone since is undone there as well.</summary>
    private int TakeBack(MongoChanges changes, StoredReading target, StoredReading source)
    {
        IReadOnlyList<ReadingVersion> taken = [];
        var changed = changes.Change(target, one => taken = one.RemoveAll(version => version.Merged.Count > 0 && version.Merged[^1] == Job));
        var jobs = taken.Select(version => version.Job).ToHashSet();
        var undone = target.Versions.Where(version => version.IsUndo && jobs.Contains(version.Job));
        changes.Change(source, one =>
        {
            one.Given = null;
            one.AddAll([.. taken.Select(version => version with { Merged = [.. version.Merged.SkipLast(1)] }).Concat(undone).Order()]);
        });
        return changed;
    }

    private async Task RecountAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        if (!store.HasTransactions)
        {
            var series = await SeriesDocuments.ListAsync(database, session, [fromId, intoId], null, cancellationToken);
            await SeriesDocuments.RecountAsync(database, session, series.Select(one => one.Key), cancellationToken);
        }
    }

    private static async Task SaveAsync(
        IMongoDatabase database, IClientSessionHandle session, MongoChanges changes, string fromId, string intoId, Func<Task> count,
        CancellationToken cancellationToken)
    {
        var known = (await SeriesDocuments.ListAsync(database, session, [fromId, intoId], null, cancellationToken)).ToDictionary(series => series.Key);
        var natures = known.Values
            .OrderByDescending(series => series.HasValues)
            .SelectMany(series => new[] { fromId, intoId }.Select(id => (Key: series.Key with { EquipmentId = id }, series.Nature)))
            .DistinctBy(one => one.Key).ToDictionary(one => one.Key, one => one.Nature);
        var sites = new Dictionary<string, string?>
        {
            [fromId] = (await FindAsync(database, session, fromId, cancellationToken)).Site,
            [intoId] = (await FindAsync(database, session, intoId, cancellationToken)).Site,
        };
        var events = await changes.SaveAsync(known, natures, id => sites[id], cancellationToken);
        await count();
        await changes.ReleaseAsync(events, cancellationToken);
    }

    private static async Task<List<StoredReading>> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, FilterDefinition<BsonDocument> filter, CancellationToken cancellationToken) =>
        (await database.Of(CoreCollections.Readings).Find(session, filter).Sort(InOrder).Limit(ReadingsAtOnce).ToListAsync(cancellationToken))
        .ConvertAll(StoredReading.Read);

    /// <summary>The readings of the same times of other equipment, those that are not there as well.</summary>
    private static async Task<Dictionary<ReadingId, StoredReading>> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, List<StoredReading> readings, string equipmentId, CancellationToken cancellationToken)
    {
        var ids = readings.ToDictionary(reading => IdAt(reading, equipmentId), reading => reading.NominalMs);
        var found = await database.Of(CoreCollections.Readings).Find(session, Where.In("_id", ids.Keys.Select(id => id.ToBson()))).ToListAsync(cancellationToken);
        var there = found.Select(StoredReading.Read).ToDictionary(reading => reading.Id);
        return ids.ToDictionary(one => one.Key, one => there.TryGetValue(one.Key, out var reading) ? reading : new StoredReading(one.Key, one.Value));
    }

    private static ReadingId IdAt(StoredReading reading, string equipmentId) => reading.Id with { EquipmentId = equipmentId };
}
