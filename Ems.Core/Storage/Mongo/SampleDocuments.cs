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
    private static readonly SortDefinition<BsonDocument> Backward = By.Descending(ReadingFields.Start).Descending(ReadingFields.Duration);

    /// <summary>Readings that hold a value of the series.</summary>
    public static FilterDefinition<BsonDocument> Of(SeriesKey key) =>
        OfGroup(key) & Where.Exists(ReadingFields.PathOf(ReadingFields.Values, key.Metric));

    /// <summary>Readings of the series' equipment and length.</summary>
    public static FilterDefinition<BsonDocument> OfGroup(SeriesKey key) =>
        Where.Eq(ReadingFields.Equipment, key.EquipmentId) & Where.Eq(ReadingFields.Nominal, NominalLength.Of(key.Length).Milliseconds());

    /// <summary>Readings that start then or between.</summary>
    public static FilterDefinition<BsonDocument> Between(long first, long last) =>
        Where.Gte(ReadingFields.Start, new BsonDateTime(first)) & Where.Lte(ReadingFields.Start, new BsonDateTime(last));

    /// <summary>The values in [from, to) or reaching into it, with neighbours on either side, in order of start.</summary>
    public static async Task<List<Sample>> ReadAsync(
        MongoStore store, IMongoDatabase database, IClientSessionHandle session, SeriesDocument series, Instant from, Instant to, int neighbours,
        CancellationToken cancellationToken) =>
        (await ReadAsync(store, database, session, [series], from, to, neighbours, cancellationToken))[series.Key];

    /// <summary>The same of several series of one equipment and length, whose values lie in the same readings.</summary>
    public static async Task<Dictionary<SeriesKey, List<Sample>>> ReadAsync(
        MongoStore store, IMongoDatabase database, IClientSessionHandle session, IReadOnlyList<SeriesDocument> series, Instant from, Instant to,
        int neighbours, CancellationToken cancellationToken)
    {
        var length = series[0].Key.Length;
        var earliest = length == Duration.Zero ? from : from - NominalLength.Longest(length);
        var recent = store.Recent.Find(series, earliest, to, neighbours);
        var stored = Instant.Min(to, recent?.Since ?? to);
        var samples = earliest < stored
            ? (await FindAsync(
                database, session, [.. series.Select(one => one.Key)],
                Where.Gte(ReadingFields.Start, earliest.ToBson()) & Where.Lt(ReadingFields.Start, stored.ToBson()), Forward, null, cancellationToken)).Samples
            : series.ToDictionary(one => one.Key, _ => new List<Sample>());
        foreach (var (key, values) in samples)
        {
            values.AddRange(recent?.Between(key, Instant.Max(earliest, stored), to) ?? []);
            var reaching = values.FindIndex(sample => sample.Start >= from || sample.End > from);
            values.RemoveRange(0, reaching < 0 ? values.Count : reaching);
        }

        if (neighbours == 0)
        {
            return samples;
        }

        foreach (var some in series.GroupBy(one => samples[one.Key] is [{ } first, ..] && first.Start < from ? first.Start : from))
        {
            var first = some.Key.ToUnixTimeMilliseconds();
            var known = some.ToDictionary(one => one.Key, one => recent?.Before(one.Key, some.Key, neighbours));
            foreach (var (key, before) in await FindNeighboursAsync(
                database, session, [.. some.Where(one => one.FirstAt < first && known[one.Key] is null).Select(one => (one.Key, one.FirstAt!.Value))],
                first, -1, neighbours, cancellationToken))
            {
                before.Reverse();
                known[key] = before;
            }

            foreach (var (key, before) in known)
            {
                samples[key].InsertRange(0, before ?? []);
            }
        }

        if (recent is not null)
        {
            foreach (var (key, values) in samples)
            {
                values.AddRange(recent.Between(key, to, Instant.MaxValue).Take(neighbours));
            }

            return samples;
        }

        var last = to.ToUnixTimeMilliseconds();
        foreach (var (key, after) in await FindNeighboursAsync(
            database, session, [.. series.Where(one => one.LastAt >= last).Select(one => (one.Key, one.LastAt!.Value))], last, 1, neighbours,
            cancellationToken))
        {
            samples[key].AddRange(after);
        }

        return samples;
    }

    /// <summary>
    /// Up to <paramref name="count"/> values of each series of one equipment and length that start before a time
    /// (<paramref name="direction"/> -1), or then and later (1); the nearest ones first.
    /// </summary>
    /// <param name="series">With the start of its first or last value: what was undone stays, and is not looked through beyond.</param>
    public static async Task<Dictionary<SeriesKey, List<Sample>>> FindNeighboursAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyList<(SeriesKey Key, long Farthest)> series, long at, int direction, int count,
        CancellationToken cancellationToken)
    {
        if (series.Count == 0)
        {
            return [];
        }

        var sort = direction > 0 ? Forward : Backward;
        var range = direction > 0 ? Between(at, series.Max(one => one.Farthest)) : Between(series.Min(one => one.Farthest), at - 1);
        var (samples, readings) = await FindAsync(database, session, [.. series.Select(one => one.Key)], range, sort, count, cancellationToken);
        if (series.Count > 1 && readings == count)
        {
            // Readings need not hold every metric: those that are too rare among these are looked for farther away.
            foreach (var (key, farthest) in series.Where(one => samples[one.Key].Count < count))
            {
                range = direction > 0 ? Between(at, farthest) : Between(farthest, at - 1);
                samples[key] = (await FindAsync(database, session, [key], range, sort, count, cancellationToken)).Samples[key];
            }
        }

        return samples;
    }

    /// <summary>The first value (<paramref name="direction"/> 1) or the last one (-1).</summary>
    /// <param name="extent">Where there may be any.</param>
    public static async Task<Sample?> FindEdgeAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, int direction, (long First, long Last)? extent,
        CancellationToken cancellationToken) =>
        await database.Of(CoreCollections.Readings)
            .Find(session, Of(key) & (extent is var (first, last) ? Between(first, last) : Where.Empty)).Sort(direction > 0 ? Forward : Backward).Limit(1)
            .Project(RowOf([key])).FirstOrDefaultAsync(cancellationToken) is [var found]
            ? found
            : null;

    /// <summary>End of the interval that ends last, given where the last one starts.</summary>
    public static async Task<Instant> FindEndAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, Instant lastStart, CancellationToken cancellationToken)
    {
        var late = await database.Of(CoreCollections.Readings)
            .Find(session, Where.Gte(ReadingFields.Start, (lastStart - NominalLength.Longest(key.Length)).ToBson()) & Of(key))
            .Project(RowOf([key])).ToListAsync(cancellationToken);
        return late.Max(row => row[0]!.Value.End);
    }

    /// <summary>Values of the series in the readings that are found, and how many readings these are.</summary>
    private static async Task<(Dictionary<SeriesKey, List<Sample>> Samples, int Readings)> FindAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyList<SeriesKey> keys, FilterDefinition<BsonDocument> range,
        SortDefinition<BsonDocument> sort, int? limit, CancellationToken cancellationToken)
    {
        var wanted = keys.Count == 1 ? Of(keys[0]) : OfGroup(keys[0]) & Where.Exists(ReadingFields.Quality);
        using var found = await database.Of(CoreCollections.Readings).Find(session, range & wanted, new FindOptions { BatchSize = 10_000 })
            .Sort(sort).Limit(limit).Project(RowOf(keys)).ToCursorAsync(cancellationToken);
        var samples = keys.Select(_ => new List<Sample>()).ToList();
        var readings = 0;
        while (await found.MoveNextAsync(cancellationToken))
        {
            foreach (var row in found.Current)
            {
                readings++;
                for (var i = 0; i < row.Length; i++)
                {
                    if (row[i] is { } sample)
                    {
                        samples[i].Add(sample);
                    }
                }
            }
        }

        return (keys.Zip(samples).ToDictionary(), readings);
    }

    /// <summary>The values of the series in a reading. Of several series most of it is wanted: then it comes whole.</summary>
    private static ProjectionDefinition<BsonDocument, Sample?[]> RowOf(IReadOnlyList<SeriesKey> keys)
    {
        var row = new SampleRowSerializer([.. keys.Select(key => key.Metric)]);
        return keys is [var one]
            ? new BsonDocumentProjectionDefinition<BsonDocument, Sample?[]>(
                new BsonDocument
                {
                    [ReadingFields.Flags] = 1,
                    [ReadingFields.Versions] = 1,
                    [ReadingFields.PathOf(ReadingFields.Values, one.Metric)] = 1,
                    [ReadingFields.PathOf(ReadingFields.Found, one.Metric)] = 1,
                },
                row)
            : Builders<BsonDocument>.Projection.As(row);
    }
}
