using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Reads the current values of a series out of its readings.</summary>
internal static class SampleDocuments
{
    private static readonly SortDefinition<BsonDocument> Forward = By.Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration);
    private static readonly ProjectionDefinition<BsonDocument> Fields = Builders<BsonDocument>.Projection
        .Include(ReadingFields.Values).Include(ReadingFields.Flags).Include(ReadingFields.Found).Include(ReadingFields.Versions);

    private static readonly SortDefinition<BsonDocument> Backward = By.Descending(ReadingFields.Start).Descending(ReadingFields.Duration);

    /// <summary>Readings that hold a value of the series.</summary>
    public static FilterDefinition<BsonDocument> Of(SeriesKey key) =>
        OfGroup(key) & Where.Exists(ReadingFields.PathOf(ReadingFields.Values, key.Metric));

    /// <summary>Readings of the series' equipment and length.</summary>
    public static FilterDefinition<BsonDocument> OfGroup(SeriesKey key) =>
        Where.Eq(ReadingFields.Equipment, key.EquipmentId) & Where.Eq(ReadingFields.Nominal, NominalLength.Of(key.Length).Milliseconds());

    /// <summary>The values in [from, to) or reaching into it, with neighbours on either side, in order of start.</summary>
    public static async Task<List<Sample>> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesDocument series, Instant from, Instant to, int neighbours,
        CancellationToken cancellationToken)
    {
        var key = series.Key;
        var earliest = key.Length == Duration.Zero ? from : from - NominalLength.Longest(key.Length);
        var samples = await FindAsync(Where.Gte(ReadingFields.Start, earliest.ToBson()) & Where.Lt(ReadingFields.Start, to.ToBson()), Forward, null);
        var reaching = samples.FindIndex(sample => sample.Start >= from || sample.End > from);
        samples.RemoveRange(0, reaching < 0 ? samples.Count : reaching);
        if (neighbours == 0)
        {
            return samples;
        }

        var first = samples.Count > 0 && samples[0].Start < from ? samples[0].Start : from;
        if (first.ToUnixTimeMilliseconds() > series.FirstAt)
        {
            var before = await FindAsync(Where.Lt(ReadingFields.Start, first.ToBson()), Backward, neighbours);
            before.Reverse();
            samples.InsertRange(0, before);
        }

        if (to.ToUnixTimeMilliseconds() <= series.LastAt)
        {
            samples.AddRange(await FindAsync(Where.Gte(ReadingFields.Start, to.ToBson()), Forward, neighbours));
        }

        return samples;

        async Task<List<Sample>> FindAsync(FilterDefinition<BsonDocument> range, SortDefinition<BsonDocument> sort, int? limit)
        {
            using var found = await database.Of(CoreCollections.Readings).Find(session, range & Of(key), new FindOptions { BatchSize = 10_000 })
                .Sort(sort).Limit(limit).Project(Fields).ToCursorAsync(cancellationToken);
            var values = new List<Sample>();
            while (await found.MoveNextAsync(cancellationToken))
            {
                values.AddRange(found.Current.Select(document => Read(document, key.Metric)));
            }

            return values;
        }
    }

    /// <summary>The first value (<paramref name="direction"/> 1) or the last one (-1).</summary>
    public static async Task<Sample?> FindEdgeAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, int direction, CancellationToken cancellationToken) =>
        await database.Of(CoreCollections.Readings).Find(session, Of(key)).Sort(direction > 0 ? Forward : Backward).Limit(1)
            .Project(Fields).FirstOrDefaultAsync(cancellationToken) is { } found
            ? Read(found, key.Metric)
            : null;

    /// <summary>End of the interval that ends last, given where the last one starts.</summary>
    public static async Task<Instant> FindEndAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, Instant lastStart, CancellationToken cancellationToken)
    {
        var late = await database.Of(CoreCollections.Readings)
            .Find(session, Where.Gte(ReadingFields.Start, (lastStart - NominalLength.Longest(key.Length)).ToBson()) & Of(key))
            .Project(Fields).ToListAsync(cancellationToken);
        return late.Max(document => Read(document, key.Metric).End);
    }

    /// <summary>
    /// Start of the value that stands <paramref name="count"/> values before or after the given time, or of the outermost one there is.
    /// </summary>
    public static async Task<Sample?> FindNeighbourAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, long at, int direction, int count, CancellationToken cancellationToken)
    {
        var start = new BsonDateTime(at);
        var found = await database.Of(CoreCollections.Readings)
            .Find(session, (direction > 0 ? Where.Gt(ReadingFields.Start, start) : Where.Lt(ReadingFields.Start, start)) & Of(key))
            .Sort(direction > 0 ? Forward : Backward).Limit(count).Project(Fields).ToListAsync(cancellationToken);
        return found.Count == 0 ? null : Read(found[^1], key.Metric);
    }

    private static Sample Read(BsonDocument document, string metric)
    {
        var id = document["_id"].AsBsonDocument;
        return new Sample(
            id["start"].ToInstant(), Duration.FromMilliseconds(id["duration_ms"].ToInt64()),
            document[ReadingFields.Values][ReadingFields.NameOf(metric)].AsDouble, FlagsOf(document, metric));
    }

    private static ReadingFlags FlagsOf(BsonDocument document, string metric)
    {
        if (document.Contains(ReadingFields.Versions))
        {
            return StoredReading.Read(new BsonDocument(document) { [ReadingFields.Nominal] = 0L }).Find(metric)!.Value.Flags;
        }

        var found = document.TryGetValue(ReadingFields.Found, out var part)
            ? FlagNames.FromBson(part.AsBsonDocument, ReadingFields.NameOf(metric))
            : ReadingFlags.None;
        return (FlagNames.FromBson(document, ReadingFields.Flags) & ~ReadingFlagSets.Found) | found;
    }
}
