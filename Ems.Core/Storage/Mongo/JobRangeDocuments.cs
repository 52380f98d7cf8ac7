using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Where a job has written values that are not undone yet, by series.</summary>
internal static class JobRangeDocuments
{
    public const string Job = "_id.job";
    private const string Equipment = "_id.equipment";
    private static readonly string[] KnownFields = ["known_from", "known_until"];

    /// <summary>The extents that series had before the job came to them.</summary>
    public static async Task<Dictionary<SeriesKey, KnownExtent>> FindKnownAsync(
        IMongoDatabase database, IClientSessionHandle session, string? job, IReadOnlyCollection<string> equipmentIds, CancellationToken cancellationToken)
    {
        if (job is null)
        {
            return [];
        }

        var found = await database.Of(CoreCollections.JobRanges)
            .Find(session, Where.Eq(Job, job) & Where.In(Equipment, equipmentIds)).ToListAsync(cancellationToken);
        return found.ToDictionary(
            range => SeriesDocuments.KeyOf(range["_id"]), range => new KnownExtent(At(range, "known_from"), At(range, "known_until")));
    }

    /// <summary>What jobs wrote to the one equipment they wrote to the other as well, from now on.</summary>
    public static async Task<IReadOnlyCollection<WriteModel<BsonDocument>>> CopyAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        var ranges = await database.Of(CoreCollections.JobRanges).Find(session, Where.Eq(Equipment, fromId)).ToListAsync(cancellationToken);
        return ranges.ConvertAll<WriteModel<BsonDocument>>(range =>
        {
            var key = SeriesDocuments.KeyOf(range["_id"]) with { EquipmentId = intoId };
            var change = Set.Min("first_at", range["first_at"]).Max("last_at", range["last_at"]);
            foreach (var known in KnownFields.Where(range.Contains))
            {
                change = change.SetOnInsert(known, range[known]);
            }

            return new UpdateOneModel<BsonDocument>(Where.Eq("_id", IdOf(range["_id"]["job"].AsString, key)), change) { IsUpsert = true };
        });
    }

    public static UpdateOneModel<BsonDocument> Add(string job, SeriesKey key, TouchedRanges touched, KnownExtent known)
    {
        var change = Set.Min("first_at", new BsonDateTime(touched.First)).Max("last_at", new BsonDateTime(touched.Last));
        if (known is { From: { } from, Until: { } until })
        {
            change = change.SetOnInsert("known_from", new BsonDateTime(from)).SetOnInsert("known_until", new BsonDateTime(until));
        }

        return new UpdateOneModel<BsonDocument>(Where.Eq("_id", IdOf(job, key)), change) { IsUpsert = true };
    }

    public static async Task<List<(SeriesKey Key, long First, long Last)>> ListAsync(
        IMongoDatabase database, IClientSessionHandle session, string job, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.JobRanges).Find(session, Where.Eq(Job, job)).Sort(By.Ascending("_id")).ToListAsync(cancellationToken);
        return found.ConvertAll(range => (SeriesDocuments.KeyOf(range["_id"]), At(range, "first_at")!.Value, At(range, "last_at")!.Value));
    }

    /// <summary>What was undone up to <paramref name="last"/> is left no more.</summary>
    public static IEnumerable<WriteModel<BsonDocument>> TakeOff(string job, IEnumerable<(SeriesKey Key, long First, long Last)> ranges, long last) =>
        ranges.Select(range => range.Last <= last
            ? (WriteModel<BsonDocument>)new DeleteOneModel<BsonDocument>(Where.Eq("_id", IdOf(job, range.Key)))
            : new UpdateOneModel<BsonDocument>(Where.Eq("_id", IdOf(job, range.Key)), Set.Max("first_at", new BsonDateTime(last + 1))));

    private static BsonDocument IdOf(string job, SeriesKey key) => new BsonDocument("job", job).AddRange(SeriesDocuments.IdOf(key));

    private static long? At(BsonDocument document, string field) =>
        document.TryGetValue(field, out var at) ? at.AsBsonDateTime.MillisecondsSinceEpoch : null;
}
