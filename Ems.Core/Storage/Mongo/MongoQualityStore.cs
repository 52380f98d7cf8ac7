using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps flags found about values in their readings, and what is still to be checked.</summary>
internal sealed class MongoQualityStore(MongoStore store, WriteClaims claims) : IQualityStore
{
    private const int SeriesAtOnce = 100;
    private static readonly ReadingFlags[] AllFlags = Enum.GetValues<ReadingFlags>();

    public Task<IReadOnlyList<UncheckedRange>> ListUncheckedAsync(string? jobId, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<UncheckedRange>>(
            async (database, session, token) =>
            {
                if (jobId is null)
                {
                    return await UncheckedDocuments.ListAsync(database, session, Where.Empty, limit, token);
                }

                var ranges = new List<UncheckedRange>();
                var ofJob = await JobRangeDocuments.ListAsync(database, session, jobId, token);
                foreach (var series in ofJob.Select(range => UncheckedDocuments.Of(range.Key)).Chunk(SeriesAtOnce))
                {
                    ranges.AddRange(await UncheckedDocuments.ListAsync(database, session, Where.Or(series), limit - ranges.Count, token));
                    if (ranges.Count == limit)
                    {
                        break;
                    }
                }

                return ranges;
            },
            cancellationToken);

    public async Task SaveFlagsAsync(
        SeriesKey series, Instant from, Instant to, ReadingFlags mask,
        IReadOnlyDictionary<(Instant Start, Duration Length), ReadingFlags> found, FlagBasis basis, CancellationToken cancellationToken)
    {
        var wanted = found.ToDictionary(
            one => new ReadingId(series.EquipmentId, one.Key.Start.ToUnixTimeMilliseconds(), one.Key.Length.Milliseconds()), one => one.Value & mask);
        var flagged = await (await store.OpenAsync(CoreCollections.Readings, cancellationToken))
            .Find(Flagged(series) & Where.Gte(ReadingFields.Start, from.ToBson()) & Where.Lte(ReadingFields.Start, to.ToBson()))
            .Project("{ _id: 1 }").ToListAsync(cancellationToken);
        foreach (var ids in flagged.Select(reading => ReadingId.Read(reading["_id"])).Union(wanted.Keys).Chunk(store.Options.BulkSize))
        {
            var (before, foundRevision, saved) = await claims.WriteAsync(
                [series.EquipmentId],
                async (database, session, token) =>
                {
                    await ListAgainAsync(database, session, basis, token);
                    return await SaveAsync(database, session, series, ids, mask, wanted, token);
                },
                cancellationToken);
            if (before is not null)
            {
                store.Recent.SetFound(before, foundRevision, saved);
            }
        }
    }

    public async Task SaveCheckedAsync(IReadOnlyCollection<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var collection = await store.OpenAsync(CoreCollections.Unchecked, cancellationToken);
        foreach (var ofSeries in ranges.GroupBy(range => range.Series))
        {
            await collection.DeleteManyAsync(
                UncheckedDocuments.Of(ofSeries.Key) & Where.In(UncheckedDocuments.Mark, ofSeries.Select(range => range.Mark)), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<FlaggedValue>> ListFlaggedAsync(FlaggedQuery query, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            async (database, session, token) =>
            {
                var values = new List<FlaggedValue>();
                var series = (await SeriesDocuments.ListAsync(database, session, query.EquipmentIds, query.Metrics, token))
                    .Where(one => one.HasValues).ToDictionary(one => one.Key);
                foreach (var key in query.InOrder(series.Keys))
                {
                    var most = query.Limit - values.Count;
                    values.AddRange(ListRecent(series[key], query)?.Take(most) ?? await ListAsync(database, session, key, query, most, token));
                    if (values.Count == query.Limit)
                    {
                        break;
                    }
                }

                return values;
            },
            cancellationToken);

    public async Task<IReadOnlyDictionary<ReadingFlags, long>> CountFlaggedAsync(string jobId, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            async (database, session, token) =>
            {
                var counts = new SortedDictionary<ReadingFlags, long>();
                var ranges = await JobRangeDocuments.ListAsync(database, session, jobId, token);
                foreach (var ofReadings in ranges.GroupBy(range => (range.Key.EquipmentId, range.Key.Length)).Select(some => some.ToList()))
                {
                    var series = await SeriesDocuments.FindAsync(database, session, ofReadings.ConvertAll(range => range.Key), token);
                    foreach (var flag in RecentFlags(series, ofReadings) ?? await FlagsAsync(database, session, ofReadings, token))
                    {
                        counts[flag] = counts.GetValueOrDefault(flag) + 1;
                    }
                }

                return counts;
            },
            cancellationToken);

    /// <summary>Each flag of each value of a job in series of one equipment and length.</summary>
    private static async Task<IEnumerable<ReadingFlags>> FlagsAsync(
        IMongoDatabase database, IClientSessionHandle session, List<(SeriesKey Key, long First, long Last)> ranges, CancellationToken cancellationToken)
    {
        var (first, last) = (ranges.Min(range => range.First), ranges.Max(range => range.Last));
        var flagged = await database.Of(CoreCollections.Readings)
            .Find(session, SampleDocuments.OfGroup(ranges[0].Key) & Where.Exists(ReadingFields.Found) & SampleDocuments.Between(first, last))
            .Project(Builders<BsonDocument>.Projection.Include(ReadingFields.Found)).ToListAsync(cancellationToken);
        return flagged.SelectMany(reading => FlagsOf(reading, ranges));
    }

    private IEnumerable<ReadingFlags>? RecentFlags(List<SeriesDocument> series, List<(SeriesKey Key, long First, long Last)> ranges)
    {
        var samples = ranges.ConvertAll(range => series.Find(one => one.Key == range.Key) is { } known
            ? store.Recent.FindBetween(known, Instant.FromUnixTimeMilliseconds(range.First), Instant.FromUnixTimeMilliseconds(range.Last))
            : null);
        return samples.Contains(null) ? null
            : from sample in samples.SelectMany(some => some!)
              where (sample.Flags & ReadingFlagSets.Found) != ReadingFlags.None
              from flag in AllFlags
              where (sample.Flags & ReadingFlagSets.Found & flag) != ReadingFlags.None
              select flag;
    }

    private static IEnumerable<ReadingFlags> FlagsOf(BsonDocument flagged, IEnumerable<(SeriesKey Key, long First, long Last)> ranges)
    {
        var (found, start) = (flagged[ReadingFields.Found].AsBsonDocument, flagged["_id"]["start"].AsBsonDateTime.MillisecondsSinceEpoch);
        return ranges.Where(range => range.First <= start && start <= range.Last)
            .SelectMany(range => found.TryGetValue(ReadingFields.NameOf(range.Key.Metric), out var flags) ? flags.AsBsonArray : [])
            .Select(flag => FlagNames.FromBson(new BsonArray { flag }));
    }

    private static string FoundPath(SeriesKey key) => ReadingFields.PathOf(ReadingFields.Found, key.Metric);

    private static FilterDefinition<BsonDocument> Flagged(SeriesKey key) =>
        SampleDocuments.OfGroup(key) & Where.Exists(ReadingFields.Found) & Where.Exists(FoundPath(key));

    private static async Task ListAgainAsync(
        IMongoDatabase database, IClientSessionHandle session, FlagBasis basis, CancellationToken cancellationToken)
    {
        var known = basis.Read.Where(one => one.Revision is not null).ToList();
        var found = await database.Of(CoreCollections.Series).Find(session, Where.In("_id", known.Select(one => SeriesDocuments.IdOf(one.Key))))
            .ToListAsync(cancellationToken);
        var revisions = found.Select(SeriesDocuments.Read).ToDictionary(one => one.Key, one => (long?)one.Revision);
        if (known.Any(one => revisions.GetValueOrDefault(one.Key) != one.Revision))
        {
            await UncheckedDocuments.AddAgainAsync(database, session, basis.Ranges, cancellationToken);
        }
    }

    /// <summary>Tells what the flags found are now, where they were others, and the series as it was before; else null.</summary>
    private async Task<(SeriesDocument? Before, long FoundRevision, List<(Instant Start, Duration Length, ReadingFlags Found)> Saved)> SaveAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey series, ReadingId[] ids, ReadingFlags mask,
        Dictionary<ReadingId, ReadingFlags> wanted, CancellationToken cancellationToken)
    {
        var saved = new List<(Instant, Duration, ReadingFlags)>();
        var models = new List<WriteModel<BsonDocument>>();
        var flagged = new List<(StoredReading, ReadingFlags?)>();
        var readings = await database.Of(CoreCollections.Readings).Find(session, Where.In("_id", ids.Select(id => id.ToBson()))).ToListAsync(cancellationToken);
        foreach (var reading in readings.Select(StoredReading.Read))
        {
            if (reading.Find(series.Metric) is not { } value)
            {
                continue;
            }

            var old = value.Flags & ReadingFlagSets.Found;
            var now = (old & ~mask) | wanted.GetValueOrDefault(reading.Id);
            if (now != old)
            {
                flagged.Add((reading, reading.Flags));
                reading.SetFound(series.Metric, now);
                saved.Add((Instant.FromUnixTimeMilliseconds(reading.Start), Duration.FromMilliseconds(reading.Length), now));
                models.Add(new ReplaceOneModel<BsonDocument>(Where.Eq("_id", reading.Id.ToBson()), reading.ToBson()));
            }
        }

        if (models.Count == 0)
        {
            return (null, 0, saved);
        }

        var (before, foundRevision) = await SeriesDocuments.RenewFoundAsync(database, session, series, cancellationToken);
        await store.WriteAllAsync(database, session, CoreCollections.Readings, models, cancellationToken);
        await store.WriteAllAsync(database, session, CoreCollections.FlagCounts, FlagCountDocuments.Growth(flagged), cancellationToken);
        return (before, foundRevision, saved);
    }

    private IEnumerable<FlaggedValue>? ListRecent(SeriesDocument series, FlaggedQuery query)
    {
        var (first, last) = (Instant.FromUnixTimeMilliseconds(series.FirstAt!.Value), Instant.FromUnixTimeMilliseconds(series.LastAt!.Value));
        var after = query.After?.Series == series.Key ? query.After : null;
        return store.Recent.FindBetween(series, query.From is { } from ? Instant.Max(from, first) : first, last)?
            .Where(sample => (sample.Flags & query.Flags & ReadingFlagSets.Found) != ReadingFlags.None
                && !(sample.Start >= query.To)
                && (after is null || (sample.Start, sample.Length).CompareTo((after.Start, after.Length)) > 0))
            .Select(sample => new FlaggedValue(series.Key, sample.Start, sample.Length, sample.Value, sample.Flags));
    }

    private static async Task<IEnumerable<FlaggedValue>> ListAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesKey key, FlaggedQuery query, int limit, CancellationToken cancellationToken)
    {
        var wanted = Flagged(key) & Where.In(FoundPath(key), FlagNames.ToBson(query.Flags));
        wanted &= query.From is { } from ? Where.Gte(ReadingFields.Start, from.ToBson()) : Where.Empty;
        wanted &= query.To is { } to ? Where.Lt(ReadingFields.Start, to.ToBson()) : Where.Empty;
        if (query.After is { } after && after.Series == key)
        {
            wanted &= Where.Gt(ReadingFields.Start, after.Start.ToBson())
                | (Where.Eq(ReadingFields.Start, after.Start.ToBson()) & Where.Gt(ReadingFields.Duration, after.Length.Milliseconds()));
        }

        var found = await database.Of(CoreCollections.Readings).Find(session, wanted)
            .Sort(By.Ascending(ReadingFields.Start).Ascending(ReadingFields.Duration)).Limit(limit).ToListAsync(cancellationToken);
        return found.Select(StoredReading.Read).Select(reading =>
        {
            var value = reading.Find(key.Metric)!.Value;
            return new FlaggedValue(
                key, Instant.FromUnixTimeMilliseconds(reading.Start), Duration.FromMilliseconds(reading.Length), value.Value, value.Flags);
        });
    }
}
