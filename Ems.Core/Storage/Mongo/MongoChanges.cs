using Ems.Core.Messaging;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Collects how readings change, and saves them with all that follows from it. Where there are no transactions, events come first, as
/// pending, then the marks that roll-ups are stale, then the data.
/// </summary>
internal sealed class MongoChanges(MongoStore store, IMongoDatabase database, IClientSessionHandle session, WriteStamp stamp)
{
    private readonly Dictionary<ReadingId, (StoredReading Reading, bool IsNew, ReadingFlags? Before)> _readings = [];
    private readonly Dictionary<SeriesKey, SeriesChange> _series = [];
    private readonly SortedDictionary<string, (StoredExtent Extent, HashSet<ReadingId> Readings)> _extents = new(StringComparer.Ordinal);
    private (string? EquipmentId, long NominalMs, Dictionary<string, SeriesChange> Series) _latest;

    public IReadOnlyDictionary<SeriesKey, SeriesChange> Series => _series;

    /// <summary>Changes a reading; readings of a series come in order of start. Returns how many of its values are others now.</summary>
    public int Change(StoredReading reading, Action<StoredReading> change)
    {
        var isNew = reading.Versions.Count == 0;
        var before = isNew ? null : reading.Metrics.ToDictionary(metric => metric, metric => reading.Find(metric));
        _readings.TryAdd(reading.Id, (reading, isNew, reading.Flags));
        change(reading);
        var changed = before is null
            ? reading.Metrics.Count(metric => SeriesOf(reading, metric).Note(reading, null, reading.Find(metric)))
            : before.Keys.Union(reading.Metrics).Count(metric => SeriesOf(reading, metric).Note(reading, before.GetValueOrDefault(metric), reading.Find(metric)));
        if (changed > 0)
        {
            ChangedOf(reading.EquipmentId).Add(reading.Id);
        }

        return changed;
    }

    /// <param name="known">The series of the equipment as they were before.</param>
    /// <param name="natures">Of the series that change.</param>
    /// <param name="sites">Of the equipment whose readings change.</param>
    /// <returns>What was told; <see cref="ReleaseAsync"/> lets it go.</returns>
    public async Task<IReadOnlyList<Event>> SaveAsync(
        IReadOnlyDictionary<SeriesKey, SeriesDocument> known, IReadOnlyDictionary<SeriesKey, SeriesNature> natures, Func<string, string?> sites,
        CancellationToken cancellationToken)
    {
        var readings = new BulksAhead<WriteModel<BsonDocument>>(
            _readings.Values.OrderBy(one => OrderOf(one.Reading, one.IsNew)).Select(one => ModelOf(one.Reading, one.IsNew)), store.Options.BulkSize);
        var events = Events(sites);
        if (events.Count > 0)
        {
            await MongoOutbox.AppendAsync(
                database, session, CoreCollections.Module, events,
                store.HasTransactions ? MessageDocuments.Waiting : MessageDocuments.Pending, cancellationToken);
        }

        var touched = _series.Where(one => !one.Value.Touched.IsEmpty).ToList();
        var shrunk = touched.Where(one => one.Value.Removed > 0).ToList();

        // What goes takes neighbours farther away: then roll-ups that reach this far are found only afterwards.
        await OutdateAsync(store.HasTransactions ? touched.Except(shrunk) : touched, known, store.Recent, cancellationToken);

        // Readings of a series that is not known would not be found.
        await WriteAsync(
            CoreCollections.Series, [.. touched.Select(one => SeriesDocuments.Grow(one.Key, natures[one.Key], one.Value))], cancellationToken);
        await foreach (var bulk in readings.ReadAsync())
        {
            await WriteAsync(CoreCollections.Readings, bulk, cancellationToken);
        }

        foreach (var (key, change) in shrunk)
        {
            var extent = SeriesDocument.ExtentOf(known.GetValueOrDefault(key), change.Touched);
            await SeriesDocuments.FitAsync(database, session, key, extent, cancellationToken);
        }

        await OutdateAsync(shrunk, known, recent: null, cancellationToken);
        await WriteAsync(
            CoreCollections.Unchecked, [.. touched.SelectMany(one => UncheckedDocuments.Add(one.Key, one.Value.Touched))], cancellationToken);
        await WriteAsync(CoreCollections.FlagCounts, FlagCountDocuments.Growth(_readings.Values.Select(one => (one.Reading, one.Before))), cancellationToken);
        return events;
    }

    /// <summary>What came behind all values of its series.</summary>
    /// <param name="known">The series as they were before.</param>
    public IReadOnlyList<NewestSamples> Newest(IReadOnlyDictionary<SeriesKey, SeriesDocument> known) =>
        [
            .. from one in _series
               let before = known.GetValueOrDefault(one.Key)
               let samples = one.Value.New ?? []
               where samples.Count > 0 && !(before?.LastAt >= samples[0].Start.ToUnixTimeMilliseconds())
               select new NewestSamples(one.Key, before, (before?.Revision ?? 0) + one.Value.Step, samples),
        ];

    /// <summary>All data are there: events that waited for them may go.</summary>
    public async Task ReleaseAsync(IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        if (events.Count > 0 && !store.HasTransactions)
        {
            await database.Of(MessageDocuments.Outbox).UpdateManyAsync(
                session, Where.In("_id", events.Select(fact => fact.Id)), Set.Set("state", MessageDocuments.Waiting), options: null, cancellationToken);
        }
    }

    public Task WriteAsync(string collection, IEnumerable<WriteModel<BsonDocument>> models, CancellationToken cancellationToken) =>
        store.WriteAllAsync(database, session, collection, models, cancellationToken);

    private static WriteModel<BsonDocument> ModelOf(StoredReading reading, bool isNew) =>
        isNew ? new InsertOneModel<BsonDocument>(reading.ToBson())
        : reading.Versions.Count == 0 ? new DeleteOneModel<BsonDocument>(Where.Eq("_id", reading.Id.ToBson()))
        : new ReplaceOneModel<BsonDocument>(Where.Eq("_id", reading.Id.ToBson()), reading.ToBson());

    /// <summary>What moves to another reading is there before it is taken from the first one.</summary>
    private static int OrderOf(StoredReading reading, bool isNew) => isNew ? 0 : reading.Versions.Count > 0 ? 1 : 2;

    /// <summary>Most readings are of the same series as the one before.</summary>
    private SeriesChange SeriesOf(StoredReading reading, string metric)
    {
        if (_latest.EquipmentId != reading.EquipmentId || _latest.NominalMs != reading.NominalMs)
        {
            _latest = (reading.EquipmentId, reading.NominalMs, []);
        }

        if (!_latest.Series.TryGetValue(metric, out var series))
        {
            var key = new SeriesKey(reading.EquipmentId, metric, Duration.FromMilliseconds(reading.NominalMs));
            series = _series.TryGetValue(key, out var known) ? known : _series[key] = new SeriesChange();
            _latest.Series.Add(metric, series);
        }

        return series;
    }

    private HashSet<ReadingId> ChangedOf(string equipmentId)
    {
        if (!_extents.TryGetValue(equipmentId, out var extent))
        {
            _extents.Add(equipmentId, extent = (new StoredExtent(), []));
        }

        return extent.Readings;
    }

    private List<Event> Events(Func<string, string?> sites)
    {
        var events = new List<Event>();
        foreach (var (equipmentId, (extent, readings)) in _extents)
        {
            foreach (var (key, series) in _series.Where(one => one.Key.EquipmentId == equipmentId && !one.Value.Changed.IsEmpty))
            {
                extent.Add(key.Metric, series.Changed);
            }

            extent.Count = readings.Count;
            events.Add(stamp.ToEvent(equipmentId, sites(equipmentId), extent));
        }

        return events;
    }

    private async Task OutdateAsync(
        IEnumerable<KeyValuePair<SeriesKey, SeriesChange>> series, IReadOnlyDictionary<SeriesKey, SeriesDocument> known, RecentSamples? recent,
        CancellationToken cancellationToken)
    {
        var changes = series.ToDictionary(one => one.Key, one => one.Value.Touched);
        await WriteAsync(CoreCollections.RollUps, await RollUpDocuments.OutdateAsync(database, session, changes, known, recent, cancellationToken), cancellationToken);
    }
}
