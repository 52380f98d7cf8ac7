using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.GridFS;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Moving;

/// <summary>The store on MongoDB.</summary>
internal sealed class MongoMovable(MongoStore store) : IMovable
{
    public const string Marks = "moves";

    private const int ReadingsAtOnce = 2_000;
    private static readonly string[] Parts =
    [
        CoreCollections.Sites, CoreCollections.Equipment, CoreCollections.Profiles, CoreCollections.Jobs, CoreCollections.Readings, CoreCollections.Series,
        CoreCollections.Undos, CoreCollections.Merges, MessageDocuments.Outbox, MessageDocuments.Inbox,
    ];

    private static readonly FilterDefinition<BsonDocument> Unfinished = Where.Eq("_id", "unfinished");

    private static readonly SortDefinition<BsonDocument> InOrder =
        By.Ascending(ReadingFields.Equipment).Ascending(ReadingFields.Nominal).Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration);

    public async Task<string?> FindHindranceAsync(CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        var isUndoing = await database.Of(CoreCollections.Undos).Find(Where.Eq("done", false)).AnyAsync(cancellationToken);
        var isMerging = await database.Of(CoreCollections.Merges).Find(Where.Eq("done", false)).AnyAsync(cancellationToken);
        return isUndoing || isMerging ? "A job is being undone or merged: start Ems on it, wait until that has ended, and end it again." : null;
    }

    // Who starts later is not kept out: that nobody wrote is compared at the end.
    public async Task<IAsyncDisposable> ClaimAsync(CancellationToken cancellationToken)
    {
        await MongoProcess.RefuseLivingAsync(store, cancellationToken);
        return new MemoryStream();
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        foreach (var part in Parts)
        {
            if (await database.Of(part).Find(Where.Empty).AnyAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public async Task<MoveMark?> FindMarkAsync(CancellationToken cancellationToken) =>
        await FindMarkAsync(await store.OpenAsync(cancellationToken), cancellationToken);

    public static async Task<MoveMark?> FindMarkAsync(IMongoDatabase database, CancellationToken cancellationToken) =>
        await database.Of(Marks).Find(Unfinished).SingleOrDefaultAsync(cancellationToken) is { } mark
            ? JsonSerializer.Deserialize<MoveMark>(mark["mark"].AsString, EmsJson.Options)
            : null;

    public async Task SaveMarkAsync(MoveMark? mark, CancellationToken cancellationToken)
    {
        var marks = await store.OpenAsync(Marks, cancellationToken);
        if (mark is null)
        {
            await marks.DeleteOneAsync(Unfinished, cancellationToken);
            return;
        }

        var document = new BsonDocument { ["_id"] = "unfinished", ["mark"] = JsonSerializer.Serialize(mark, EmsJson.Options) };
        await marks.ReplaceOneAsync(Unfinished, document, new ReplaceOptions { IsUpsert = true }, cancellationToken);
    }

    public async Task<MovedState> ReadStateAsync(CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        var writes = await ReadWritesAsync(database, cancellationToken);
        var undoings = writes.Where(write => write.IsUndo).GroupBy(write => write.Write.Job!)
            .ToDictionary(ofJob => ofJob.Key, ofJob => ofJob.Max(one => one.Write.Id));
        return new MovedState(
            (await AllAsync(CoreCollections.Sites)).ConvertAll(BsonJson.FromDocument<Site>),
            (await AllAsync(CoreCollections.Equipment)).ConvertAll(BsonJson.FromDocument<Equipment>),
            (await AllAsync(CoreCollections.Profiles)).ConvertAll(MovedDocuments.Profile),
            [.. (await AllAsync(CoreCollections.Jobs)).Select(MovedDocuments.Job).OrderBy(job => job.CreatedAt).ThenBy(job => job.Id, StringComparer.Ordinal)],
            (await AllAsync(CoreCollections.Series)).ConvertAll(SeriesDocuments.Read),
            [.. writes.Select(write => write.Write).OrderBy(write => (write.At, write.Id))],
            [.. (await AllAsync(CoreCollections.Undos)).Where(undo => undoings.ContainsKey(undo["_id"].AsString)).Select(undo => MovedDocuments.Undo(undo, undoings))],
            (await AllAsync(CoreCollections.Merges)).ConvertAll(MovedDocuments.Merge),
            (await AllAsync(CoreCollections.JobRanges)).ConvertAll(MovedDocuments.Range),
            (await AllAsync(CoreCollections.Unchecked)).ConvertAll(MovedDocuments.Unchecked),
            [.. (await AllAsync(CoreCollections.FlagCounts)).Select(MovedDocuments.FlagCount).Where(count => count.Readings > 0)],
            [.. (await AllAsync(MessageDocuments.Outbox)).OrderBy(one => one["order"]).Select(MessageDocuments.FromOutbox)],
            [.. (await AllAsync(MessageDocuments.Inbox)).OrderBy(one => one["order"]).Select(MovedDocuments.Message)]);

        Task<List<BsonDocument>> AllAsync(string collection) =>
            database.Of(collection).Find(Where.Empty).Sort(By.Ascending("_id")).ToListAsync(cancellationToken);
    }

    public async Task WriteStateAsync(MovedState state, CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        foreach (var (collection, documents) in MovedDocuments.Of(state))
        {
            await PutAsync(database, collection, documents, cancellationToken);
        }
    }

    public async Task<(IReadOnlyList<StoredReading> Readings, ReadingPlace? Next)> ReadReadingsAsync(ReadingPlace? after, CancellationToken cancellationToken)
    {
        var all = (await store.OpenAsync(cancellationToken)).Of(CoreCollections.Readings);
        var found = await all.Find(Behind(after)).Sort(InOrder).Limit(ReadingsAtOnce).ToListAsync(cancellationToken);
        if (found.Count == 0)
        {
            return ([], null);
        }

        // Several may start at the place, with different lengths: all of them or none.
        var place = PlaceOf(found[^1]);
        var same = await all.Find(
            Where.Eq(ReadingFields.Equipment, place.EquipmentId) & Where.Eq(ReadingFields.Nominal, place.NominalMs)
            & Where.Eq(ReadingFields.Start, new BsonDateTime(place.Start))).ToListAsync(cancellationToken);
        var known = found.Select(document => document["_id"]).ToHashSet();
        return ([.. found.Concat(same.Where(document => !known.Contains(document["_id"]))).Select(StoredReading.Read)], place);
    }

    public async Task WriteReadingsAsync(IReadOnlyList<StoredReading> readings, MovedState state, CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        await PutAsync(database, CoreCollections.Readings, readings.Select(reading => reading.ToBson()), cancellationToken);
        await store.WriteAsync(
            async (inside, session, token) =>
            {
                var stale = await RollUpDocuments.OutdateAsync(
                    inside, session, MovedDocuments.Touched(readings), state.Series.ToDictionary(series => series.Key), recent: null, token);
                await store.WriteAllAsync(inside, session, CoreCollections.RollUps, stale, token);
                return true;
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListFilesAsync(string kind, CancellationToken cancellationToken)
    {
        var bucket = new GridFSBucket<string>(await store.OpenAsync(cancellationToken), new GridFSBucketOptions { BucketName = kind });
        using var found = await bucket.FindAsync(Builders<GridFSFileInfo<string>>.Filter.Empty, options: null, cancellationToken);
        return [.. (await found.ToListAsync(cancellationToken)).Select(file => file.Id)];
    }

    public Task ReadFileAsync(string kind, string name, Stream to, CancellationToken cancellationToken) =>
        new GridFsFiles(store, kind).FetchAsync(name, to, cancellationToken);

    public Task WriteFileAsync(string kind, string name, Stream from, CancellationToken cancellationToken) =>
        new GridFsFiles(store, kind).KeepAsync(name, from, cancellationToken);

    private static FilterDefinition<BsonDocument> Behind(ReadingPlace? after) => after is null
        ? Where.Empty
        : Where.Gt(ReadingFields.Equipment, after.EquipmentId)
            | (Where.Eq(ReadingFields.Equipment, after.EquipmentId) & Where.Gt(ReadingFields.Nominal, after.NominalMs))
            | (Where.Eq(ReadingFields.Equipment, after.EquipmentId) & Where.Eq(ReadingFields.Nominal, after.NominalMs)
                & Where.Gt(ReadingFields.Start, new BsonDateTime(after.Start)));

    private static ReadingPlace PlaceOf(BsonDocument reading) => new(
        reading["_id"]["equipment"].AsString, reading[ReadingFields.Nominal].ToInt64(), reading["_id"]["start"].AsBsonDateTime.MillisecondsSinceEpoch);

    /// <summary>Every write that left a version, in any reading.</summary>
    private static async Task<IReadOnlyCollection<(MovedWrite Write, bool IsUndo)>> ReadWritesAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var fields = Builders<BsonDocument>.Projection.Include(ReadingFields.Job).Include(ReadingFields.Actor).Include(ReadingFields.At)
            .Include(ReadingFields.Write).Include(ReadingFields.Versions);
        Dictionary<ObjectId, (MovedWrite Write, bool IsUndo)> writes = [];
        using var found = await database.Of(CoreCollections.Readings).Find(Where.Empty).Project(fields).ToCursorAsync(cancellationToken);
        while (await found.MoveNextAsync(cancellationToken))
        {
            foreach (var version in found.Current.SelectMany(MovedDocuments.Versions))
            {
                var isUndo = version.Contains(ReadingFields.Undone);
                var job = version.TryGetValue(isUndo ? ReadingFields.Undone : ReadingFields.Job, out var name) ? name.AsString : null;
                var id = version[ReadingFields.Write].AsObjectId;
                writes.TryAdd(id, (
                    new MovedWrite(id, job, version[ReadingFields.Actor].AsString, version[ReadingFields.At].AsBsonDateTime.MillisecondsSinceEpoch), isUndo));
            }
        }

        return writes.Values;
    }

    /// <summary>With the whole shard key: a sharded cluster inserts by nothing less.</summary>
    private static FilterDefinition<BsonDocument> Identity(string collection, BsonDocument document)
    {
        var id = Where.Eq("_id", document["_id"]);
        return collection == CoreCollections.Readings ? id & Where.Eq(ReadingFields.Nominal, document[ReadingFields.Nominal]) : id;
    }

    private async Task PutAsync(IMongoDatabase database, string collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        foreach (var some in documents.Chunk(store.Options.BulkSize))
        {
            await database.Of(collection).BulkWriteAsync(
                some.Select(document => new ReplaceOneModel<BsonDocument>(Identity(collection, document), document) { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false }, cancellationToken);
        }
    }
}
