using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Equipment was merged, or a merge was undone, since it was decided where readings go.</summary>
internal sealed class EquipmentMovedException : Exception;

/// <summary>Writes one batch: first it finds out what to change, then it changes all of it.</summary>
/// <param name="batch">Its readings are those of the equipment that they belong to.</param>
/// <param name="looksForAll">
/// Whether readings beyond all values are looked for too; else one that is there all the same fails the write as a duplicate key.
/// </param>
internal sealed class MongoWrite(
    MongoStore store, IMongoDatabase database, IClientSessionHandle session, ReadingBatch batch, WriteStamp stamp, bool looksForAll)
{
    private readonly WriteOutcome?[] _outcomes = new WriteOutcome?[batch.Readings.Count];
    private readonly MongoChanges _changes = new(store, database, session, stamp);
    private readonly ObjectId _write = ObjectId.GenerateNewId();
    private readonly Dictionary<SeriesKey, SeriesNature> _natures = [];

    /// <param name="targets">Where the readings of equipment were decided to go.</param>
    /// <returns>What became of each reading; and what came behind all values of its series.</returns>
    public async Task<(WriteOutcome[] Outcomes, IReadOnlyList<NewestSamples> Newest)> RunAsync(
        IReadOnlyList<PendingGroup> pending, IReadOnlyDictionary<string, string> targets, CancellationToken cancellationToken)
    {
        await CheckOwnerAsync(cancellationToken);
        var (created, sites) = await EquipmentAsync(targets, cancellationToken);
        var ids = pending.Select(group => group.EquipmentId).Distinct(StringComparer.Ordinal).ToList();
        var known = (await SeriesDocuments.ListAsync(database, session, ids, null, cancellationToken)).ToDictionary(series => series.Key);
        var extents = await JobRangeDocuments.FindKnownAsync(database, session, batch.JobId, ids, cancellationToken);
        foreach (var series in known.Values.Where(series => !extents.ContainsKey(series.Key)))
        {
            extents.Add(series.Key, new KnownExtent(series.FirstAt, series.LastAt));
        }

        foreach (var series in known.Values.Where(series => series.HasValues))
        {
            _natures.Add(series.Key, series.Nature);
        }

        var stored = await new StoredReadings(store, database, session).FindAsync(batch, pending, looksForAll ? null : known.Values, cancellationToken);
        foreach (var group in pending)
        {
            var series = new Dictionary<string, KnownExtent>(StringComparer.Ordinal);
            group.Readings.ForEach(index => Add(index, group.Length, stored, value =>
            {
                if (!series.TryGetValue(value.Metric, out var known))
                {
                    var key = new SeriesKey(group.EquipmentId, value.Metric, group.Length);
                    _natures.TryAdd(key, new SeriesNature(value.Kind, value.Unit));
                    series.Add(value.Metric, known = extents.GetValueOrDefault(key));
                }

                return known;
            }));
        }

        var outcomes = Array.ConvertAll(_outcomes, outcome => outcome ?? WriteOutcome.Duplicate);
        await SaveAsync(created, sites, known, extents, batch.Checkpoint?.Invoke(outcomes), cancellationToken);

        // Without transactions the number of a series is there before its values are.
        return (outcomes, store.HasTransactions ? _changes.Newest(known) : []);
    }

    private async Task SaveAsync(
        List<Equipment> created, Dictionary<string, string?> sites, Dictionary<SeriesKey, SeriesDocument> known,
        Dictionary<SeriesKey, KnownExtent> extents, string? body, CancellationToken cancellationToken)
    {
        if (created.Count > 0)
        {
            await _changes.WriteAsync(CoreCollections.Equipment, created.ConvertAll(EquipmentDocuments.Make), cancellationToken);
            await CatalogueRevision.RenewAsync(database, session, cancellationToken);
        }

        // Before the readings: without a range nothing of them would be undone.
        if (batch.JobId is { } job)
        {
            await _changes.WriteAsync(
                CoreCollections.JobRanges,
                [
                    .. _changes.Series.Where(one => !one.Value.Touched.IsEmpty)
                        .Select(one => JobRangeDocuments.Add(job, one.Key, one.Value.Touched, extents.GetValueOrDefault(one.Key))),
                ],
                cancellationToken);
        }

        var events = await _changes.SaveAsync(known, _natures, id => sites.GetValueOrDefault(id), cancellationToken);
        if (body is not null)
        {
            await SaveJobAsync(body, cancellationToken);
        }

        await _changes.ReleaseAsync(events, cancellationToken);
    }

    /// <param name="knownOf">Where the series of a value had values before.</param>
    private void Add(int index, Duration nominal, Dictionary<ReadingId, StoredReading> stored, Func<MetricValue, KnownExtent> knownOf)
    {
        var reading = batch.Readings[index];
        var id = ReadingId.Of(reading);
        if (!stored.TryGetValue(id, out var old))
        {
            stored.Add(id, old = new StoredReading(id, nominal.Milliseconds()));
        }

        var version = new ReadingVersion(_write, stamp.Actor, stamp.At.ToUnixTimeMilliseconds(), batch.JobId, reading.Flags & ~ReadingFlagSets.Found);
        version.Values.EnsureCapacity(reading.Values.Count);
        foreach (var value in reading.Values)
        {
            var current = old.Find(value.Metric);
            var same = current is { } there && SameValue.Is((there.Value, there.Flags), (value.Value, reading.Flags));
            if (same && !MustConfirm(current!.Value))
            {
                continue;
            }

            // What only confirms a value changes nothing of it.
            var written = same ? value with { Value = current!.Value.Value } : value;
            version.Values[value.Metric] = new VersionValue(
                written.Value, SourceOf(written), FoundOf(reading, knownOf(value), current, same));
            if (!same)
            {
                ref var outcome = ref _outcomes[index];
                outcome = current is null && outcome != WriteOutcome.Changed ? WriteOutcome.Stored : WriteOutcome.Changed;
            }
        }

        if (version.Values.Count > 0)
        {
            _changes.Change(old, one => one.Add(version));
        }
    }

    /// <summary>The same value from another source has to outlive the undoing of the job that wrote it first.</summary>
    private bool MustConfirm(StoredValue old) => old.Job is not null && old.Job != batch.JobId;

    private static ReadingFlags FoundOf(Reading reading, KnownExtent known, StoredValue? current, bool same)
    {
        var found = reading.Flags & ReadingFlagSets.Found;
        if (current is { } old)
        {
            return found | (same ? old.Flags & ReadingFlagSets.Found : ReadingFlags.None);
        }

        return known.Holds(reading.Start.ToUnixTimeMilliseconds()) ? found | ReadingFlags.Late : found;
    }

    private static (double, string)? SourceOf(MetricValue value) =>
        value.SourceValue == value.Value && value.SourceUnit == value.Unit ? null : (value.SourceValue, value.SourceUnit);

    /// <summary>What has to be made, and the site of each equipment.</summary>
    private async Task<(List<Equipment> Created, Dictionary<string, string?> Sites)> EquipmentAsync(
        IReadOnlyDictionary<string, string> targets, CancellationToken cancellationToken)
    {
        var known = await EquipmentDocuments.FollowAsync(database, session, [.. targets.Keys], cancellationToken);
        if (known.Any(one => one.Value.Id != targets[one.Key]))
        {
            throw new EquipmentMovedException();
        }

        foreach (var (id, equipment) in known)
        {
            EquipmentSiteException.ThrowUnless(batch.SiteOf?.Invoke(id), equipment);
        }

        var created = targets.Keys.Where(id => !known.ContainsKey(id))
            .Select(id => (batch.Describe?.Invoke(id) ?? new Equipment { Id = id, Name = id }) with { CreatedBy = batch.JobId }).ToList();
        return (created, known.Values.Concat(created).DistinctBy(one => one.Id).ToDictionary(one => one.Id, one => one.Site));
    }

    /// <summary>Where nothing can be taken back, it has to be known before the first change.</summary>
    private async Task CheckOwnerAsync(CancellationToken cancellationToken)
    {
        if (batch.JobOwner is { } owner && !store.HasTransactions
            && !await database.Of(CoreCollections.Jobs).Find(session, MongoJobStore.LeasedTo(batch.JobId!, owner)).AnyAsync(cancellationToken))
        {
            throw new JobLostException(batch.JobId!);
        }
    }

    private async Task SaveJobAsync(string body, CancellationToken cancellationToken)
    {
        var job = batch.JobOwner is { } owner ? MongoJobStore.LeasedTo(batch.JobId!, owner) : Where.Eq("_id", batch.JobId);
        var saved = await database.Of(CoreCollections.Jobs).UpdateOneAsync(
            session, job, Set.Set("body", BsonJson.ToBson(body)), options: null, cancellationToken);
        if (saved.MatchedCount == 0 && batch.JobOwner is not null)
        {
            throw new JobLostException(batch.JobId!);
        }
    }
}
