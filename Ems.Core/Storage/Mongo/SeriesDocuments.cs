using System.Text.Json;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>A series as the store knows it; times are Unix milliseconds, null where it has no values.</summary>
/// <param name="Revision">See <see cref="SeriesInfo"/>.</param>
/// <param name="FoundRevision">Another number after every change of what was found about a value that is there.</param>
internal sealed record SeriesDocument(SeriesKey Key, QuantityKind Kind, string Unit, long Count, long? FirstAt, long? LastAt, long? EndAt, long Revision,
    long FoundRevision = 0)
{
    public SeriesNature Nature => new(Kind, Unit);

    /// <summary>Without transactions the count may be wrong for a while; the extent is there from the first value to the last.</summary>
    public bool HasValues => FirstAt is not null;

    public SeriesInfo Info => new(
        Key, Kind, Unit, Instant.FromUnixTimeMilliseconds(FirstAt!.Value), Instant.FromUnixTimeMilliseconds(LastAt!.Value),
        Instant.FromUnixTimeMilliseconds(EndAt!.Value), Count, Revision);

    /// <summary>Where there may be values of a series that changed.</summary>
    /// <param name="before">As it was before; null when it is new.</param>
    public static (long First, long Last) ExtentOf(SeriesDocument? before, TouchedRanges touched) => (
        Math.Min(before?.FirstAt ?? long.MaxValue, touched.First), Math.Max(before?.LastAt ?? long.MinValue, touched.Last));
}

/// <summary>The collection of series: what there is, from when to when.</summary>
internal static class SeriesDocuments
{
    public const string Equipment = "_id.equipment";
    public const string Metric = "_id.metric";
    public const string Nominal = "_id.nominal_ms";
    private const string FoundRevision = "found_revision";
    private const string CountField = "count";
    private const string FirstField = "first_at";

    /// <summary>See <see cref="SeriesDocument.HasValues"/>.</summary>
    public static readonly FilterDefinition<BsonDocument> WithValues = Where.Exists(FirstField);

    public static BsonDocument IdOf(SeriesKey key) =>
        new() { ["equipment"] = key.EquipmentId, ["metric"] = key.Metric, ["nominal_ms"] = NominalLength.Of(key.Length).Milliseconds() };

    public static SeriesKey KeyOf(BsonValue id) => new(
        id["equipment"].AsString, id["metric"].AsString, Duration.FromMilliseconds(id["nominal_ms"].ToInt64()));

    public static SeriesDocument Read(BsonDocument document) => new(
        KeyOf(document["_id"]), Enum.Parse<QuantityKind>(document["kind"].AsString, ignoreCase: true), document["unit"].AsString,
        document[CountField].ToInt64(), At(document, FirstField), At(document, "last_at"), At(document, "end_at"), document["revision"].ToInt64(),
        document.GetValue(FoundRevision, 0L).ToInt64());

    public static async Task<SeriesDocument?> FindAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, CancellationToken cancellationToken) =>
        (await FindAsync(database, session, [key], cancellationToken)).SingleOrDefault();

    /// <summary>In any order.</summary>
    public static async Task<List<SeriesDocument>> FindAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyList<SeriesKey> keys, CancellationToken cancellationToken) =>
        (await database.Of(CoreCollections.Series).Find(session, Where.In("_id", keys.Select(IdOf))).ToListAsync(cancellationToken)).ConvertAll(Read);

    /// <summary>By equipment, metric, length; also those whose values were all undone.</summary>
    public static async Task<List<SeriesDocument>> ListAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics,
        CancellationToken cancellationToken)
    {
        var wanted = (equipmentIds is null ? Where.Empty : Where.In(Equipment, equipmentIds)) & (metrics is null ? Where.Empty : Where.In(Metric, metrics));
        return (await database.Of(CoreCollections.Series).Find(session, wanted)
            .Sort(By.Ascending(Equipment).Ascending(Metric).Ascending(Nominal)).ToListAsync(cancellationToken)).ConvertAll(Read);
    }

    /// <summary>Number and extent of the values of all.</summary>
    public static async Task<(long Values, Instant? FirstAt, Instant? LastAt)> SumUpAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var all = new BsonDocument
        {
            ["_id"] = BsonNull.Value,
            ["values"] = new BsonDocument("$sum", $"${CountField}"),
            ["first"] = new BsonDocument("$min", $"${FirstField}"),
            ["last"] = new BsonDocument("$max", "$last_at"),
        };
        return await database.Of(CoreCollections.Series).Aggregate().Match(WithValues).Group(all).FirstOrDefaultAsync(cancellationToken) is { } found
            ? (found["values"].ToInt64(), found["first"].ToInstant(), found["last"].ToInstant())
            : (0, null, null);
    }

    /// <summary>Counts what came and went, and widens the extent to what was touched.</summary>
    /// <param name="nature">Its own, as long as it has values.</param>
    public static UpdateOneModel<BsonDocument> Grow(SeriesKey key, SeriesNature nature, SeriesChange change) => new(
        Where.Eq("_id", IdOf(key)),
        Set.Set("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(nature.Kind.ToString()))
            .Set("unit", nature.Unit)
            .Inc(CountField, change.Added - change.Removed)
            .Inc(CatalogueRevision.Field, change.Step)
            .Min(FirstField, new BsonDateTime(change.Touched.First))
            .Max("last_at", new BsonDateTime(change.Touched.Last))
            .Max("end_at", new BsonDateTime(change.Touched.End)))
    {
        IsUpsert = true,
    };

    /// <summary>Tells that flags of its values are others now; returns the series as it was before, null where there is none, and the new number.</summary>
    public static async Task<(SeriesDocument? Before, long FoundRevision)> RenewFoundAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, CancellationToken cancellationToken)
    {
        var step = CatalogueRevision.Step();
        var before = await database.Of(CoreCollections.Series).FindOneAndUpdateAsync(
            session, Where.Eq("_id", IdOf(key)), Set.Inc(FoundRevision, step),
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.Before }, cancellationToken);
        return before is null ? (null, 0) : (Read(before), Read(before).FoundRevision + step);
    }

    /// <summary>Fits the extent to the values that are there, after some went.</summary>
    /// <param name="extent">See <see cref="SeriesDocument.ExtentOf"/>: an undo of many steps does not look through all the earlier ones at each.</param>
    public static async Task FitAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, (long First, long Last) extent, CancellationToken cancellationToken) =>
        await SaveAsync(database, session, key, await FindExtentAsync(database, session, key, extent, cancellationToken), cancellationToken);

    /// <summary>Counts the values and fits the extents: without transactions, what was broken off and repeated is counted twice.</summary>
    public static async Task RecountAsync(
        IMongoDatabase database, IClientSessionHandle session, IEnumerable<SeriesKey> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            var count = await database.Of(CoreCollections.Readings).CountDocumentsAsync(session, SampleDocuments.Of(key), options: null, cancellationToken);
            var extent = await FindExtentAsync(database, session, key, null, cancellationToken);
            await SaveAsync(database, session, key, extent.Set(CountField, count), cancellationToken);
        }
    }

    private static async Task SaveAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, UpdateDefinition<BsonDocument> change, CancellationToken cancellationToken) =>
        await database.Of(CoreCollections.Series).UpdateOneAsync(session, Where.Eq("_id", IdOf(key)), change, options: null, cancellationToken);

    private static async Task<UpdateDefinition<BsonDocument>> FindExtentAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, (long First, long Last)? extent, CancellationToken cancellationToken)
    {
        var first = await SampleDocuments.FindEdgeAsync(database, session, key, 1, extent, cancellationToken);
        var last = await SampleDocuments.FindEdgeAsync(database, session, key, -1, extent, cancellationToken);
        return first is null || last is null
            ? Set.Unset(FirstField).Unset("last_at").Unset("end_at")
            : Set.Set(FirstField, first.Value.Start.ToBson()).Set("last_at", last.Value.Start.ToBson())
                .Set("end_at", (await SampleDocuments.FindEndAsync(database, session, key, last.Value.Start, cancellationToken)).ToBson());
    }

    private static long? At(BsonDocument document, string field) =>
        document.TryGetValue(field, out var at) ? at.AsBsonDateTime.MillisecondsSinceEpoch : null;
}
