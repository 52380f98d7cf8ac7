using Ems.Core.Messaging.Mongo;
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
    private const string Stale = "stale";
    private const string Revision = "revision";
    private const string LeasedUntil = "leased_until";
    private const string Day = "_id.day";
    private static readonly Duration Lease = Duration.FromSeconds(30);
    private static readonly Duration WriteTime = Duration.FromSeconds(1);

    private static readonly UpdateDefinition<BsonDocument> Outdate = Set.Set(Stale, true).Inc(Revision, 1L)
        .Unset(LeasedUntil).Unset(MongoRollUpDay.BucketMinutes).Unset(MongoRollUpDay.DayTotal).Unset(MongoRollUpDay.DayBuckets);

    /// <summary>
    /// Marks the days of changed values as stale, and those made before that reach as far as them. Adding values only brings
    /// neighbours nearer: then it may come before the write as well as after.
    /// </summary>
    public static async Task<IEnumerable<WriteModel<BsonDocument>>> OutdateAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, TouchedRanges touched, CancellationToken cancellationToken)
    {
        var changes = new List<WriteModel<BsonDocument>>();
        if (!key.RollsUp())
        {
            return changes;
        }

        var id = SeriesDocuments.IdOf(key);
        foreach (var (start, end) in touched.Ranges)
        {
            var first = await SampleDocuments.FindNeighbourAsync(database, session, key, start, -1, RollUpArithmetic.Reach, cancellationToken);
            var last = await SampleDocuments.FindNeighbourAsync(database, session, key, end, 1, RollUpArithmetic.Reach, cancellationToken);
            var from = Math.Min(first?.Start.ToUnixTimeMilliseconds() ?? start, start);
            var to = Math.Max(last?.End.ToUnixTimeMilliseconds() ?? end, end);
            changes.Add(new UpdateManyModel<BsonDocument>(
                Of(key) & Where.Gte(Day, DayAt(TouchedRanges.DayOf(from))) & Where.Lte(Day, DayAt(TouchedRanges.DayOf(to))), Outdate));
            for (var day = TouchedRanges.DayOf(start); day <= TouchedRanges.DayOf(end); day++)
            {
                changes.Add(new UpdateOneModel<BsonDocument>(
                    Where.Eq("_id", new BsonDocument(id) { ["day"] = DayAt(day) }), Set.Set(Stale, true).Inc(Revision, 1L).Unset(LeasedUntil))
                {
                    IsUpsert = true,
                });
            }
        }

        return changes;
    }

    /// <summary>What became of a stale day.</summary>
    public enum Outcome
    {
        NoneLeft,
        Made,
        PutOff,
    }

    /// <summary>Looks after one stale day that is over.</summary>
    public static async Task<Outcome> MakeNextAsync(
        MongoStore store, Instant now, CancellationToken cancellationToken)
    {
        var rollUps = await store.OpenAsync(CoreCollections.RollUps, cancellationToken);
        var today = DayAt(TouchedRanges.DayOf(now.ToUnixTimeMilliseconds()));
        var free = Where.Eq(LeasedUntil, BsonNull.Value) | Where.Lte(LeasedUntil, now.ToBson());
        var taken = await rollUps.FindOneAndUpdateAsync(
            Where.Eq(Stale, true) & Where.Lt(Day, today) & free,
            Set.Set(LeasedUntil, (now + Lease).ToBson()),
            new FindOneAndUpdateOptions<BsonDocument> { Sort = By.Ascending(Day), ReturnDocument = ReturnDocument.After },
            cancellationToken);
        if (taken is null)
        {
            return Outcome.NoneLeft;
        }

        var key = SeriesDocuments.KeyOf(taken["_id"]);
        var unchanged = Where.Eq("_id", taken["_id"]) & Where.Eq(Revision, taken[Revision]) & Where.Eq(Stale, true);
        if (await IsWrittenAsync(store, key.EquipmentId, cancellationToken))
        {
            await rollUps.UpdateOneAsync(unchanged, Set.Set(LeasedUntil, (now + WriteTime).ToBson()), options: null, cancellationToken);
            return Outcome.PutOff;
        }

        if (await MakeAsync(store, key, taken["_id"]["day"].ToInstant(), cancellationToken) is not { } made)
        {
            await rollUps.DeleteOneAsync(unchanged, cancellationToken);
            return Outcome.Made;
        }

        await rollUps.UpdateOneAsync(
            unchanged,
            Set.Set(Stale, false).Unset(LeasedUntil)
                .Set(MongoRollUpDay.BucketMinutes, (int)made.Bucket.TotalMinutes)
                .Set(MongoRollUpDay.DayTotal, MongoRollUpDay.Write(made.Totals.Aggregate((a, b) => a.Merge(b))))
                .Set(MongoRollUpDay.DayBuckets, new BsonArray(made.Totals.Select(MongoRollUpDay.Write))),
            options: null,
            cancellationToken);
        return Outcome.Made;
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

    private static async Task<(Duration Bucket, BucketTotal[] Totals)?> MakeAsync(
        MongoStore store, SeriesKey key, Instant day, CancellationToken cancellationToken) => await store.ReadAsync(
        async (database, session, token) =>
        {
            if (await SeriesDocuments.FindAsync(database, session, key, token) is not { HasValues: true } series)
            {
                return null;
            }

            var samples = await SampleDocuments.ReadAsync(
                database, session, series, day, day + Duration.FromDays(1), RollUpArithmetic.Reach, token);
            return RollUpArithmetic.Make(series.Kind, samples, day);
        },
        cancellationToken);

    /// <summary>
    /// What is being written makes the day stale again. Without transactions half of it could be seen, and a claim can run out before its
    /// write has ended: there the event that is put down first and told last says so too.
    /// </summary>
    private static async Task<bool> IsWrittenAsync(MongoStore store, string equipmentId, CancellationToken cancellationToken) =>
        await WriteClaims.IsClaimedAsync(store, equipmentId, cancellationToken)
        || (!store.HasTransactions && await (await store.OpenAsync(MessageDocuments.Outbox, cancellationToken))
            .Find(Where.Eq("state", MessageDocuments.Pending) & Where.Eq("body.equipment_id", equipmentId)).AnyAsync(cancellationToken));

    private static FilterDefinition<BsonDocument> Of(SeriesKey key) =>
        Where.Eq(SeriesDocuments.Equipment, key.EquipmentId)
        & Where.Eq(SeriesDocuments.Metric, key.Metric)
        & Where.Eq(SeriesDocuments.Nominal, NominalLength.Of(key.Length).Milliseconds());

    private static BsonDateTime DayAt(long day) => new(day * TouchedRanges.DayMs);
}
