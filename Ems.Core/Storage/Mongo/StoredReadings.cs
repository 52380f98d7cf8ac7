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
    /// <param name="known">
    /// The series of the equipment, when readings beyond them are taken for new ones: what was undone may lie there all the same. Null to
    /// look for all.
    /// </param>
    public async Task<Dictionary<ReadingId, StoredReading>> FindAsync(
        ReadingBatch batch, IReadOnlyList<PendingGroup> groups, IReadOnlyCollection<SeriesDocument>? known, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<ReadingId, StoredReading>();
        var ids = new List<ReadingId>();
        foreach (var group in groups)
        {
            foreach (var (first, count) in group.Runs())
            {
                if (known is not null && LiesBeyond(known, group, first, count))
                {
                    continue;
                }

                if (count < FewestInRun || !await AddRangeAsync(stored, group, first, count, cancellationToken))
                {
                    ids.AddRange(group.Readings.GetRange(first, count).Select(index => ReadingId.Of(batch.Readings[index])));
                }
            }
        }

        foreach (var some in ids.Distinct().Chunk(store.Options.BulkSize))
        {
            Add(stored, await FindAsync(Where.In("_id", some.Select(id => id.ToBson())), limit: null, cancellationToken));
        }

        return stored;
    }

    private static bool LiesBeyond(IReadOnlyCollection<SeriesDocument> known, PendingGroup group, int first, int count) => known
        .Where(series => series.Key.EquipmentId == group.EquipmentId && series.Key.Length == group.Length)
        .All(series => series.HasValues && (series.FirstAt > group.Starts[first + count - 1] || series.LastAt < group.Starts[first]));

    /// <summary>False when too much lies in the range.</summary>
    private async Task<bool> AddRangeAsync(
        Dictionary<ReadingId, StoredReading> stored, PendingGroup group, int first, int count, CancellationToken cancellationToken)
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

    private static void Add(Dictionary<ReadingId, StoredReading> stored, List<BsonDocument> found)
    {
        foreach (var reading in found.Select(StoredReading.Read))
        {
            stored.Add(reading.Id, reading);
        }
    }
}
