using Ems.Core.Messaging.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Undoes what a job did, a part in each transaction: every value becomes that of the newest version whose job was not undone, or goes.
/// What is left to be done is what the job's ranges still name, so that a kill loses nothing.
/// </summary>
/// <param name="lookedThroughAtOnce">Readings among which those of the job are looked for with one command.</param>
internal sealed class MongoUndo(MongoStore store, WriteClaims claims, WriteStamp stamp, int lookedThroughAtOnce = 20_000)
{
    private const int ReadingsAtOnce = 1_000;
    private const string Changed = "changed";
    private const string Done = "done";
    private const string TouchedAt = "touched_at";

    private readonly ObjectId _write = ObjectId.GenerateNewId();

    private string Job => stamp.JobId!;

    /// <summary>See <see cref="IReadingStore.ListUnfinishedUndosAsync"/>.</summary>
    public static async Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedAsync(MongoStore store, Duration idle, CancellationToken cancellationToken)
    {
        var isIdle = Where.Exists(TouchedAt, false) | Where.Lte(TouchedAt, (Now() - idle).ToBson());
        var undos = await (await store.OpenAsync(CoreCollections.Undos, cancellationToken)).Find(Where.Eq(Done, false) & isIdle).ToListAsync(cancellationToken);
        return undos.ConvertAll(undo => new UnfinishedUndo(undo["_id"].AsString, undo["actor"].AsString));
    }

    /// <summary>Returns the number of values that changed.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await new MongoMerge(store, claims, stamp).UndoAsync(BeginAsync, CountAsync, cancellationToken);
        while (await FindNextAsync(cancellationToken) is { } group)
        {
            var (ids, last) = await FindAsync(group, cancellationToken);
            await claims.WriteAsync(
                [group.EquipmentId], (database, session, token) => StepAsync(database, session, group, ids, last, token), cancellationToken);
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
            Set.SetOnInsert("actor", stamp.Actor).SetOnInsert("at", stamp.At.ToBson()).SetOnInsert(Changed, 0L).SetOnInsert(Done, false)
                .Set(TouchedAt, Now().ToBson()),
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
        database.Of(CoreCollections.Undos).UpdateOneAsync(session, Where.Eq("_id", Job), Set.Inc(Changed, changed).Set(TouchedAt, Now().ToBson()), options: null, cancellationToken);

    private static Instant Now() => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());

    private async Task<SeriesKey?> FindNextAsync(CancellationToken cancellationToken) =>
        await (await store.OpenAsync(CoreCollections.JobRanges, cancellationToken))
            .Find(Where.Eq(JobRangeDocuments.Job, Job)).Sort(By.Ascending("_id")).FirstOrDefaultAsync(cancellationToken) is { } range
            ? SeriesDocuments.KeyOf(range["_id"])
            : null;

    /// <summary>Puts back some readings of one equipment and length, which are all of the job's up to a time.</summary>
    private async Task<bool> StepAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey group, IReadOnlyList<BsonValue> ids, long last, CancellationToken cancellationToken)
    {
        var ranges = await ListAsync(database, session, group, cancellationToken);
        if (ranges.Count == 0)
        {
            return false;
        }

        if (await database.Of(CoreCollections.Merges).Find(session, Where.Eq("into", group.EquipmentId)).AnyAsync(cancellationToken))
        {
            // A merge may have brought more since they were found.
            ids = await ListIdsAsync(database.Of(CoreCollections.Readings), session, group, (ranges.Min(range => range.First), last), cancellationToken);
        }

        var readings = await ReadAsync(database, session, ids, cancellationToken);
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

    private async Task<List<(SeriesKey Key, long First, long Last)>> ListAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey group, CancellationToken cancellationToken) =>
        (await JobRangeDocuments.ListAsync(database, session, Job, cancellationToken))
            .Where(range => range.Key.EquipmentId == group.EquipmentId && range.Key.Length == group.Length).ToList();

    /// <summary>
    /// The next readings that the job wrote to, not too many at once, with the time up to which they are all there. Few of them may lie
    /// years apart: nobody waits while what lies between is looked through, and no command takes long.
    /// </summary>
    private async Task<(IReadOnlyList<BsonValue> Ids, long Last)> FindAsync(SeriesKey group, CancellationToken cancellationToken)
    {
        var ranges = await store.ReadAsync((database, session, token) => ListAsync(database, session, group, token), cancellationToken);
        if (ranges.Count == 0)
        {
            return ([], 0);
        }

        var readings = await store.OpenAsync(CoreCollections.Readings, cancellationToken);
        var all = SampleDocuments.OfGroup(group);
        var written = WrittenTo(group);
        var (first, end) = (ranges.Min(range => range.First), ranges.Max(range => range.Last));
        while (true)
        {
            var last = await FindStartAsync(readings, all & SampleDocuments.Between(first, end), lookedThroughAtOnce, cancellationToken) ?? end;
            last = await FindStartAsync(readings, written & SampleDocuments.Between(first, last), ReadingsAtOnce, cancellationToken) ?? last;
            var found = await readings.Find(written & SampleDocuments.Between(first, last)).Project("{ _id: 1 }").ToListAsync(cancellationToken);
            if (found.Count > 0 || last >= end)
            {
                return (found.ConvertAll(reading => reading["_id"]), last);
            }

            first = last + 1;
        }
    }

    private FilterDefinition<BsonDocument> WrittenTo(SeriesKey group) => SampleDocuments.OfGroup(group)
        & (Where.Eq(ReadingFields.Job, Job) | Where.Eq($"{ReadingFields.Versions}.{ReadingFields.Job}", Job));

    private async Task<List<BsonValue>> ListIdsAsync(
        IMongoCollection<BsonDocument> readings, IClientSessionHandle session, SeriesKey group, (long First, long Last) range, CancellationToken cancellationToken) =>
        (await readings.Find(session, WrittenTo(group) & SampleDocuments.Between(range.First, range.Last)).Project("{ _id: 1 }").ToListAsync(cancellationToken))
            .ConvertAll(reading => reading["_id"]);

    /// <summary>Start of the reading with the given number; null when there are fewer.</summary>
    private static async Task<long?> FindStartAsync(
        IMongoCollection<BsonDocument> readings, FilterDefinition<BsonDocument> wanted, int number, CancellationToken cancellationToken) =>
        await readings.Find(wanted).Sort(By.Ascending(ReadingFields.Start)).Skip(number - 1).Limit(1)
            .Project(Builders<BsonDocument>.Projection.Include(ReadingFields.Start)).FirstOrDefaultAsync(cancellationToken) is { } found
            ? found["_id"]["start"].AsBsonDateTime.MillisecondsSinceEpoch
            : null;

    private static async Task<List<StoredReading>> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyList<BsonValue> ids, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.Readings).Find(session, Where.In("_id", ids))
            .Sort(By.Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration)).ToListAsync(cancellationToken);
        return found.ConvertAll(StoredReading.Read);
    }
}
