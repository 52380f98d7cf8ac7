using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// The collection of roll-ups, one document per series and UTC day. The transaction that changes a value marks the days that depend on
/// it as stale, and counts up their revision, so that nobody saves what was made of older values.
/// </summary>
internal static class RollUpDocuments
{
    public const string Stale = "stale";
    public const string Revision = "revision";
    public const string LeasedUntil = "leased_until";
    public const string LeasedBy = "leased_by";
    public const string Day = "_id.day";

    private static readonly UpdateDefinition<BsonDocument> Outdate = Set.Set(Stale, true).Inc(Revision, 1L)
        .Unset(LeasedUntil).Unset(LeasedBy).Unset(MongoRollUpDay.BucketMinutes).Unset(MongoRollUpDay.DayTotal).Unset(MongoRollUpDay.DayBuckets);

    /// <summary>
    /// Marks the days of changed values as stale, and those made before that reach as far as them. Adding values only brings
    /// neighbours nearer: then it may come before the write as well as after.
    /// </summary>
    /// <param name="known">The series as they were before the change; new ones are missing.</param>
    /// <param name="recent">Of the series as they were before the change, where that will do.</param>
    public static async Task<IReadOnlyCollection<WriteModel<BsonDocument>>> OutdateAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyDictionary<SeriesKey, TouchedRanges> changes,
        IReadOnlyDictionary<SeriesKey, SeriesDocument> known, RecentSamples? recent, CancellationToken cancellationToken)
    {
        var models = new List<WriteModel<BsonDocument>>();
        var ranges = changes.Where(one => one.Key.RollsUp()).SelectMany(one => one.Value.Ranges.Select(range => (one.Key, Range: range)));

        // The metrics of a reading have their neighbours in common, which are looked for only where there can be any.
        foreach (var ofReadings in ranges.GroupBy(one => (one.Key.EquipmentId, one.Key.Length, one.Range), one => one.Key))
        {
            var (start, end) = ofReadings.Key.Range;
            var keys = ofReadings.ToList();
            var earlier = keys.Select(key => (Key: key, ExtentOf(key).First)).Where(one => one.First < start).ToList();
            var before = FindRecent(start, earlier.ConvertAll(one => one.Key)) ?? await FindReachAsync(start, -1, earlier);
            var after = await FindReachAsync(end + 1, 1, [.. keys.Select(key => (key, ExtentOf(key).Last)).Where(one => one.Last > end)]);
            foreach (var key in keys)
            {
                var from = before.TryGetValue(key, out var first) ? Math.Min(first.Start.ToUnixTimeMilliseconds(), start) : start;
                var to = after.TryGetValue(key, out var last) ? Math.Max(last.End.ToUnixTimeMilliseconds(), end) : end;
                models.AddRange(Outdated(key, (from, to), (start, end)));
            }
        }

        return models;

        (long First, long Last) ExtentOf(SeriesKey key) => SeriesDocument.ExtentOf(known.GetValueOrDefault(key), changes[key]);

        Dictionary<SeriesKey, Sample>? FindRecent(long start, List<SeriesKey> keys)
        {
            var at = Instant.FromUnixTimeMilliseconds(start);
            var found = keys.TrueForAll(known.ContainsKey) ? recent?.Find(keys.ConvertAll(key => known[key]), at, at, RollUpArithmetic.Reach) : null;
            var before = keys.ToDictionary(key => key, key => found?.Before(key, at, RollUpArithmetic.Reach));
            return before.ContainsValue(null) ? null : before.Where(one => one.Value!.Count > 0).ToDictionary(one => one.Key, one => one.Value![0]);
        }

        async Task<Dictionary<SeriesKey, Sample>> FindReachAsync(long at, int direction, IReadOnlyList<(SeriesKey, long)> series)
        {
            var found = await SampleDocuments.FindNeighboursAsync(database, session, series, at, direction, RollUpArithmetic.Reach, cancellationToken);
            return found.Where(one => one.Value.Count > 0).ToDictionary(one => one.Key, one => one.Value[^1]);
        }
    }

    private static IEnumerable<WriteModel<BsonDocument>> Outdated(SeriesKey key, (long From, long To) reach, (long Start, long End) touched)
    {
        var (from, to) = (TouchedRanges.DayOf(reach.From), TouchedRanges.DayOf(reach.To));
        var (first, last) = (TouchedRanges.DayOf(touched.Start), TouchedRanges.DayOf(touched.End));
        if (from < first || to > last)
        {
            yield return new UpdateManyModel<BsonDocument>(Of(key) & Where.Gte(Day, DayAt(from)) & Where.Lte(Day, DayAt(to)), Outdate);
        }

        for (var day = first; day <= last; day++)
        {
            yield return new UpdateOneModel<BsonDocument>(Where.Eq("_id", new BsonDocument(SeriesDocuments.IdOf(key)) { ["day"] = DayAt(day) }), Outdate)
            {
                IsUpsert = true,
            };
        }
    }

    /// <summary>Days up to date that overlap [from, to), in order of time, with their totals alone.</summary>
    public static async Task<List<MongoRollUpDay>> ReadAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, Instant from, Instant to, CancellationToken cancellationToken)
    {
        var days = Where.Gte(Day, DayAt(TouchedRanges.DayOf(from.ToUnixTimeMilliseconds())))
            & Where.Lte(Day, DayAt(TouchedRanges.DayOf(to.ToUnixTimeMilliseconds() - 1)));
        var found = await database.Of(CoreCollections.RollUps).Find(session, Of(key) & days & Where.Eq(Stale, false))
            .Sort(By.Ascending(Day)).Project(Builders<BsonDocument>.Projection.Exclude(MongoRollUpDay.DayBuckets)).ToListAsync(cancellationToken);
        return found.ConvertAll(document => new MongoRollUpDay(document));
    }

    /// <summary>The same days with their buckets.</summary>
    public static async Task<Dictionary<Instant, MongoRollUpDay>> ReadBucketsAsync(
        IMongoDatabase database, IClientSessionHandle session, IEnumerable<MongoRollUpDay> days, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.RollUps).Find(session, Where.In("_id", days.Select(day => day.Id))).ToListAsync(cancellationToken);
        return found.Select(document => new MongoRollUpDay(document)).ToDictionary(day => day.Start);
    }

    /// <summary>Days of these metrics, of the series' equipment and length.</summary>
    public static FilterDefinition<BsonDocument> OfGroup(SeriesKey key, IEnumerable<string> metrics) =>
        Where.Eq(SeriesDocuments.Equipment, key.EquipmentId)
        & Where.In(SeriesDocuments.Metric, metrics)
        & Where.Eq(SeriesDocuments.Nominal, NominalLength.Of(key.Length).Milliseconds());

    private static FilterDefinition<BsonDocument> Of(SeriesKey key) => OfGroup(key, [key.Metric]);

    public static BsonDateTime DayAt(long day) => new(day * TouchedRanges.DayMs);
}
