using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Finds the readings of a batch that are there already.</summary>
internal sealed class StoredReadings(MongoStore store, IMongoDatabase database, IClientSessionHandle session)
{
    // Fewer than this are looked for by id, many runs of them together.
    private const int FewestInRun = 20;

    // Where more lies in the range of a run, its readings are looked for by id as well.
    private const int MostPerReading = 4;

    /// <summary>By id, whether or not they have values; with some that are not of the batch.</summary>
    public async Task<Dictionary<BsonDocument, StoredReading>> FindAsync(
        ReadingBatch batch, IReadOnlyList<PendingGroup> groups, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<BsonDocument, StoredReading>();
        var ids = new List<BsonDocument>();
        foreach (var group in groups)
        {
            foreach (var (first, count) in group.Runs())
            {
                if (count < FewestInRun || !await AddRangeAsync(stored, group, first, count, cancellationToken))
                {
                    ids.AddRange(group.Readings.GetRange(first, count).Select(index => ReadingFields.IdOf(batch.Readings[index])));
                }
            }
        }

        foreach (var some in ids.Distinct().Chunk(store.Options.BulkSize))
        {
            Add(stored, await FindAsync(Where.In("_id", some), limit: null, cancellationToken));
        }

        return stored;
    }

    /// <summary>False when too much lies in the range.</summary>
    private async Task<bool> AddRangeAsync(
        Dictionary<BsonDocument, StoredReading> stored, PendingGroup group, int first, int count, CancellationToken cancellationToken)
    {
        var most = count * MostPerReading;
        var found = await FindAsync(
            Where.Eq(ReadingFields.Equipment, group.EquipmentId)
                & Where.Eq(ReadingFields.Nominal, group.Length.Milliseconds())
                & Where.Gte(ReadingFields.Start, new BsonDateTime(group.Starts[first]))
                & Where.Lte(ReadingFields.Start, new BsonDateTime(group.Starts[first + count - 1])),
            most + 1,
            cancellationToken);
        if (found.Count > most)
        {
            return false;
        }

        Add(stored, found);
        return true;
    }

    private Task<List<BsonDocument>> FindAsync(FilterDefinition<BsonDocument> wanted, int? limit, CancellationToken cancellationToken) =>
        database.Of(CoreCollections.Readings).Find(session, wanted).Limit(limit).ToListAsync(cancellationToken);

    private static void Add(Dictionary<BsonDocument, StoredReading> stored, List<BsonDocument> found) =>
        found.ForEach(document => stored.Add(document["_id"].AsBsonDocument, StoredReading.Read(document)));
}
