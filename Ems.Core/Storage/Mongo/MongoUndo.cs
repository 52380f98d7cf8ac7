using Ems.Core.Messaging.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Undoes what a job did, a part in each transaction: every value becomes that of the newest version whose job was not undone, or goes.
/// What is left to be done is what the job's ranges still name, so that a kill loses nothing.
/// </summary>
internal sealed class MongoUndo(MongoStore store, WriteClaims claims, WriteStamp stamp)
{
    private const int ReadingsAtOnce = 1_000;
    private const string Changed = "changed";
    private const string Done = "done";

    private readonly ObjectId _write = ObjectId.GenerateNewId();

    private string Job => stamp.JobId!;

    public static async Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedAsync(MongoStore store, CancellationToken cancellationToken)
    {
        var undos = await (await store.OpenAsync(CoreCollections.Undos, cancellationToken)).Find(Where.Eq(Done, false)).ToListAsync(cancellationToken);
        return undos.ConvertAll(undo => new UnfinishedUndo(undo["_id"].AsString, undo["actor"].AsString));
    }

    /// <summary>Returns the number of values that changed.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await new MongoMerge(store, claims, stamp).UndoAsync(BeginAsync, CountAsync, cancellationToken);
        while (await FindNextAsync(cancellationToken) is { } group)
        {
            await claims.WriteAsync([group.EquipmentId], (database, session, token) => StepAsync(database, session, group, token), cancellationToken);
            store.Signals.Raise(MessageDocuments.Outbox);
        }

        await DeleteCreatedAsync(cancellationToken);
        return await store.WriteAsync(EndAsync, cancellationToken);
    }

    /// <summary>From here on others end what is left. An undo that was begun and not ended goes on; one that was ended begins anew.</summary>
    private async Task<bool> BeginAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var undos = database.Of(CoreCollections.Undos);
        await undos.UpdateOneAsync(
            session, Where.Eq("_id", Job) & Where.Eq(Done, true), Set.Set(Done, false).Set(Changed, 0L), options: null, cancellationToken);
        await undos.UpdateOneAsync(
            session,
            Where.Eq("_id", Job),
            Set.SetOnInsert("actor", stamp.Actor).SetOnInsert("at", stamp.At.ToBson()).SetOnInsert(Changed, 0L).SetOnInsert(Done, false),
            new UpdateOptions { IsUpsert = true },
            cancellationToken);
        return true;
    }

    /// <summary>The job says that it is undone when nothing is left; without transactions, what a kill leaves between the two is ended once more.</summary>
    private async Task<long> EndAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        await database.Of(CoreCollections.Jobs).UpdateOneAsync(
            session,
            Where.Eq("_id", Job) & Where.In("state", new[] { JobState.Completed, JobState.Failed, JobState.Cancelled }.Select(MongoJobStore.NameOf)),
            Set.Set("state", MongoJobStore.NameOf(JobState.Undone)),
            options: null,
            cancellationToken);
        var ended = await database.Of(CoreCollections.Undos).FindOneAndUpdateAsync(
            session, Where.Eq("_id", Job), Set.Set(Done, true),
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After }, cancellationToken);
        return ended[Changed].ToInt64();
    }

    /// <summary>What looks unused is looked at again when nobody else writes to it.</summary>
    private async Task DeleteCreatedAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await store.ReadAsync(EquipmentDocuments.ListCreatedByUndoneAsync, cancellationToken))
        {
            if (await store.ReadAsync((database, session, token) => EquipmentDocuments.IsUnusedAsync(database, session, id, token), cancellationToken))
            {
                await claims.WriteAsync([id], (database, session, token) => EquipmentDocuments.DeleteUnusedAsync(database, session, id, token), cancellationToken);
            }
        }

        if (await store.ReadAsync(SiteDocuments.AnyUnusedAsync, cancellationToken))
        {
            await store.WriteAsync(SiteDocuments.DeleteUnusedAsync, cancellationToken);
        }
    }

    private Task CountAsync(IMongoDatabase database, IClientSessionHandle session, long changed, CancellationToken cancellationToken) =>
        database.Of(CoreCollections.Undos).UpdateOneAsync(session, Where.Eq("_id", Job), Set.Inc(Changed, changed), options: null, cancellationToken);

    private async Task<SeriesKey?> FindNextAsync(CancellationToken cancellationToken) =>
        await (await store.OpenAsync(CoreCollections.JobRanges, cancellationToken))
            .Find(Where.Eq(JobRangeDocuments.Job, Job)).Sort(By.Ascending("_id")).FirstOrDefaultAsync(cancellationToken) is { } range
            ? SeriesDocuments.KeyOf(range["_id"])
            : null;

    /// <summary>Puts back some readings of one equipment and length.</summary>
    private async Task<bool> StepAsync(IMongoDatabase database, IClientSessionHandle session, SeriesKey group, CancellationToken cancellationToken)
    {
        var ranges = (await JobRangeDocuments.ListAsync(database, session, Job, cancellationToken))
            .Where(range => range.Key.EquipmentId == group.EquipmentId && range.Key.Length == group.Length).ToList();
        if (ranges.Count == 0)
        {
            return false;
        }

        var (readings, last) = await ReadAsync(database, session, group, ranges, cancellationToken);
        var changes = new MongoChanges(store, database, session, stamp);
        var changed = readings.Sum(reading => changes.Change(
            reading, one => one.Add(new ReadingVersion(_write, stamp.Actor, stamp.At.ToUnixTimeMilliseconds(), Job, IsUndo: true))));
        var known = (await SeriesDocuments.ListAsync(database, session, [group.EquipmentId], null, cancellationToken)).ToDictionary(series => series.Key);
        var site = (await EquipmentDocuments.FindAsync(database, session, group.EquipmentId, cancellationToken))?.Site;
        var events = await changes.SaveAsync(
            known, known.ToDictionary(one => one.Key, one => one.Value.Nature), _ => site, cancellationToken);
        if (!store.HasTransactions)
        {
            await SeriesDocuments.RecountAsync(
                database, session, ranges.Where(range => range.Last <= last).Select(range => range.Key), cancellationToken);
        }

        await changes.WriteAsync(CoreCollections.JobRanges, [.. JobRangeDocuments.TakeOff(Job, ranges, last)], cancellationToken);
        await CountAsync(database, session, changed, cancellationToken);
        await changes.ReleaseAsync(events, cancellationToken);
        return true;
    }

    /// <summary>Not too many at once; with the time up to which they are all there.</summary>
    private async Task<(List<StoredReading> Readings, long Last)> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey group, List<(SeriesKey Key, long First, long Last)> ranges,
        CancellationToken cancellationToken)
    {
        var last = ranges.Max(range => range.Last);
        var written = Where.Gte(ReadingFields.Start, new BsonDateTime(ranges.Min(range => range.First)))
            & SampleDocuments.OfGroup(group)
            & (Where.Eq(ReadingFields.Job, Job) | Where.Eq($"{ReadingFields.Versions}.{ReadingFields.Job}", Job));
        var readings = database.Of(CoreCollections.Readings);
        var next = await readings.Find(session, written & Where.Lte(ReadingFields.Start, new BsonDateTime(last)))
            .Sort(By.Ascending(ReadingFields.Start)).Skip(ReadingsAtOnce - 1).Limit(1).FirstOrDefaultAsync(cancellationToken);
        if (next is not null)
        {
            last = next["_id"]["start"].AsBsonDateTime.MillisecondsSinceEpoch;
        }

        var found = await readings.Find(session, written & Where.Lte(ReadingFields.Start, new BsonDateTime(last)))
            .Sort(By.Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration)).ToListAsync(cancellationToken);
        return (found.ConvertAll(StoredReading.Read), last);
    }
}
