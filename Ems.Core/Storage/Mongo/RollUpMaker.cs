using Ems.Core.Messaging.Mongo;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;
using static Ems.Core.Storage.Mongo.RollUpDocuments;

namespace Ems.Core.Storage.Mongo;

/// <summary>Makes the roll-ups of stale days that are over: in one turn those of one month, of series that lie in the same readings.</summary>
internal sealed class RollUpMaker(MongoStore store, TimeProvider time)
{
    private const int DaysAtOnce = 32;
    private const int SeriesAtOnce = 8;
    private static readonly Duration OneDay = Duration.FromDays(1);
    private static readonly Duration Lease = Duration.FromSeconds(30);
    private static readonly Duration WriteTime = Duration.FromSeconds(1);

    /// <summary>
    /// Looks after up to <paramref name="limit"/> of them; returns how many it looked at, none when none is left, and how many of these it
    /// made: the others are being written, or somebody else makes them.
    /// </summary>
    public async Task<(int Looked, int Made)> MakeNextAsync(int limit, CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        var rollUps = database.Of(CoreCollections.RollUps);
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var today = TouchedRanges.DayOf(now.ToUnixTimeMilliseconds());
        var free = Where.Eq(Stale, true) & (Where.Eq(LeasedUntil, BsonNull.Value) | Where.Lte(LeasedUntil, now.ToBson()));
        var next = await rollUps.Find(free & Where.Lt(Day, DayAt(today))).Sort(By.Ascending(Day)).Limit(1)
            .Project("{ _id: 1 }").FirstOrDefaultAsync(cancellationToken);
        if (next is null)
        {
            return (0, 0);
        }

        var key = SeriesDocuments.KeyOf(next["_id"]);
        var metrics = await MetricsWithAsync(database, key, Math.Min(limit, SeriesAtOnce), cancellationToken);
        var first = TouchedRanges.DayOf(next["_id"]["day"].AsBsonDateTime.MillisecondsSinceEpoch);
        var end = Math.Min(first + Math.Clamp(limit / metrics.Count, 1, DaysAtOnce), today);
        var days = OfGroup(key, metrics) & Where.Gte(Day, DayAt(first)) & Where.Lt(Day, DayAt(end));
        var owner = Guid.NewGuid().ToString("N");
        await rollUps.UpdateManyAsync(
            days & free, Set.Set(LeasedBy, owner).Set(LeasedUntil, (now + Lease).ToBson()), options: null, cancellationToken);

        // A write takes the lease off what it changes.
        var leased = days & Where.Eq(LeasedBy, owner);
        if (await IsWrittenAsync(key.EquipmentId, cancellationToken))
        {
            var putOff = await rollUps.UpdateManyAsync(leased, Set.Set(LeasedUntil, (now + WriteTime).ToBson()), options: null, cancellationToken);
            return (Math.Max(1, (int)putOff.MatchedCount), 0);
        }

        var mine = await rollUps.Find(leased).Sort(By.Ascending(Day)).ToListAsync(cancellationToken);
        for (var made = 0; made < mine.Count;)
        {
            var some = await MakeFirstAsync(mine[made..], cancellationToken);
            await rollUps.BulkWriteAsync(some, MongoStore.Unordered, cancellationToken);
            made += some.Count;
        }

        return (Math.Max(1, mine.Count), mine.Count);
    }

    /// <summary>The metric of the series, and some that lie in the same readings.</summary>
    private static async Task<List<string>> MetricsWithAsync(IMongoDatabase database, SeriesKey key, int most, CancellationToken cancellationToken)
    {
        var all = await database.Of(CoreCollections.Series)
            .Find(Where.Eq(SeriesDocuments.Equipment, key.EquipmentId) & Where.Eq(SeriesDocuments.Nominal, key.Length.Milliseconds()))
            .Project("{ _id: 1 }").ToListAsync(cancellationToken);
        var metrics = all.Select(series => series["_id"]["metric"].AsString).Append(key.Metric).Distinct().Order(StringComparer.Ordinal).ToList();
        var from = metrics.IndexOf(key.Metric);
        return [.. metrics[from..].Concat(metrics[..from]).Take(most)];
    }

    /// <summary>Makes as many of them as have days that lie side by side and are not too much to be in memory together.</summary>
    /// <param name="stale">In order of their days.</param>
    private Task<List<WriteModel<BsonDocument>>> MakeFirstAsync(List<BsonDocument> stale, CancellationToken cancellationToken) => store.ReadAsync(
        async (database, session, token) =>
        {
            var keys = stale.Select(KeyOf).Distinct().ToList();
            var series = (await SeriesDocuments.FindAsync(database, session, keys, token)).Where(one => one.HasValues).ToDictionary(one => one.Key);
            if (series.Count == 0)
            {
                return stale.ConvertAll(one => Saved(one, null));
            }

            var start = StartOf(stale[0]);
            var longest = series.Values.Min(LongestRead) / series.Count;
            var end = start + OneDay;
            var some = stale.TakeWhile(one =>
            {
                var (day, next) = (StartOf(one), StartOf(one) + OneDay);
                end = day == end && next - start <= longest ? next : end;
                return day < end;
            }).ToList();
            var samples = await SampleDocuments.ReadAsync(store, database, session, [.. series.Values], start, end, RollUpArithmetic.Reach, token);
            return some.ConvertAll(one => Saved(one, series.TryGetValue(KeyOf(one), out var known)
                ? RollUpArithmetic.Make(known.Kind, Around(samples[known.Key], StartOf(one), known.Key.Length), StartOf(one))
                : null));
        },
        cancellationToken);

    private static Duration LongestRead(SeriesDocument series) =>
        TotalsBuilder.LongestRead(series.Count, Duration.FromMilliseconds(series.LastAt!.Value - series.FirstAt!.Value));

    /// <summary>The values of a day, and as many more on either side as have a say in it.</summary>
    private static List<Sample> Around(List<Sample> samples, Instant day, Duration length)
    {
        var first = Math.Max(0, samples.CountBefore(day - length) - RollUpArithmetic.Reach);
        var end = Math.Min(samples.Count, samples.CountBefore(day + OneDay) + RollUpArithmetic.Reach);
        return samples.GetRange(first, end - first);
    }

    /// <summary>Saves nothing where a write has come between.</summary>
    private static WriteModel<BsonDocument> Saved(BsonDocument day, (Duration Bucket, BucketTotal[] Totals)? made)
    {
        var unchanged = Where.Eq("_id", day["_id"]) & Where.Eq(Revision, day[Revision]) & Where.Eq(Stale, true);
        return made is not var (bucket, totals)
            ? new DeleteOneModel<BsonDocument>(unchanged)
            : new UpdateOneModel<BsonDocument>(
                unchanged,
                Set.Set(Stale, false).Unset(LeasedUntil).Unset(LeasedBy)
                    .Set(MongoRollUpDay.BucketMinutes, (int)bucket.TotalMinutes)
                    .Set(MongoRollUpDay.DayTotal, MongoRollUpDay.Write(totals.Aggregate((a, b) => a.Merge(b))))
                    .Set(MongoRollUpDay.DayBuckets, new BsonArray(totals.Select(MongoRollUpDay.Write))));
    }

    /// <summary>
    /// What is being written makes the day stale again. Without transactions half of it could be seen, and a claim can run out before its
    /// write has ended: there the event that is put down first and told last says so too.
    /// </summary>
    private async Task<bool> IsWrittenAsync(string equipmentId, CancellationToken cancellationToken) =>
        await WriteClaims.IsClaimedAsync(store, equipmentId, cancellationToken)
        || (!store.HasTransactions && await (await store.OpenAsync(MessageDocuments.Outbox, cancellationToken))
            .Find(Where.Eq("state", MessageDocuments.Pending) & Where.Eq("body.equipment_id", equipmentId)).AnyAsync(cancellationToken));

    private static SeriesKey KeyOf(BsonDocument day) => SeriesDocuments.KeyOf(day["_id"]);

    private static Instant StartOf(BsonDocument day) => day["_id"]["day"].ToInstant();
}
