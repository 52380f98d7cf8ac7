using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Where values changed since they were last checked, per series and block of time.</summary>
internal static class UncheckedDocuments
{
    public const string Mark = "mark";
    private const long LargestMark = 1L << 52;

    public static FilterDefinition<BsonDocument> Of(SeriesKey key)
    {
        var id = SeriesDocuments.IdOf(key);
        return Where.Eq(SeriesDocuments.Equipment, id["equipment"])
            & Where.Eq(SeriesDocuments.Metric, id["metric"])
            & Where.Eq(SeriesDocuments.Nominal, id["nominal_ms"]);
    }

    /// <summary>By series and time.</summary>
    public static async Task<List<UncheckedRange>> ListAsync(
        IMongoDatabase database, IClientSessionHandle session, FilterDefinition<BsonDocument> wanted, int limit, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.Unchecked).Find(session, wanted)
            .Sort(By.Ascending(SeriesDocuments.Equipment).Ascending(SeriesDocuments.Metric).Ascending(SeriesDocuments.Nominal).Ascending("_id.block"))
            .Limit(limit).ToListAsync(cancellationToken);
        return found.ConvertAll(range => new UncheckedRange(
            SeriesDocuments.KeyOf(range["_id"]), range["first_at"].ToInstant(), range["last_at"].ToInstant(), range[Mark].ToInt64()));
    }

    public static IEnumerable<WriteModel<BsonDocument>> Add(SeriesKey key, TouchedRanges touched) =>
        UncheckedBlocks.Of(touched).Select(block => Add(key, block.Block, block.First, block.Last));

    public static async Task AddAgainAsync(
        IMongoDatabase database, IClientSessionHandle session, IEnumerable<(SeriesKey Series, Instant First, Instant Last)> ranges,
        CancellationToken cancellationToken)
    {
        var models = ranges.Select(range => (range.Series, First: range.First.ToUnixTimeMilliseconds(), Last: range.Last.ToUnixTimeMilliseconds()))
            .Select(range => Add(range.Series, UncheckedBlocks.BlockOf(range.First), range.First, range.Last));
        await database.Of(CoreCollections.Unchecked).BulkWriteAsync(session, models, options: null, cancellationToken);
    }

    /// <summary>All that there is of the equipment; what is being found about it counts as outdated.</summary>
    public static async Task AddAllAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyCollection<string> equipmentIds, CancellationToken cancellationToken)
    {
        if (equipmentIds.Count == 0)
        {
            return;
        }

        var all = await SeriesDocuments.ListAsync(database, session, equipmentIds, null, cancellationToken);
        var models = all.Where(series => series.HasValues)
            .Select(series => Add(series.Key, UncheckedBlocks.BlockOf(series.FirstAt!.Value), series.FirstAt.Value, series.LastAt!.Value)).ToList();
        if (models.Count > 0)
        {
            await database.Of(CoreCollections.Unchecked).BulkWriteAsync(session, models, options: null, cancellationToken);
            await database.Of(CoreCollections.Series).UpdateManyAsync(
                session, Where.In(SeriesDocuments.Equipment, equipmentIds), Set.Inc(CatalogueRevision.Field, CatalogueRevision.Step()), options: null,
                cancellationToken);
        }
    }

    private static WriteModel<BsonDocument> Add(SeriesKey key, long block, long first, long last) => new UpdateOneModel<BsonDocument>(
        Where.Eq("_id", new BsonDocument(SeriesDocuments.IdOf(key)) { ["block"] = block }),
        Set.Min("first_at", new BsonDateTime(first)).Max("last_at", new BsonDateTime(last)).Set(Mark, Random.Shared.NextInt64(LargestMark)))
    {
        IsUpsert = true,
    };
}
