using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Core.Live;

/// <summary>New or changed readings of one equipment that start within [From, To].</summary>
internal sealed record LiveReadings(string EquipmentId, long Readings, Instant From, Instant To);

/// <summary>A job that has come on; data/jobs tells the rest.</summary>
internal sealed record LiveJob(string Id, JobState State);

/// <summary>Tells those who watch of every write.</summary>
internal sealed class AnnouncedReadings(IReadingStore store, LiveEvents events) : IReadingStore
{
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken)
    {
        var outcomes = await store.WriteAsync(batch, cancellationToken);
        var written = batch.Readings.Where((_, i) => outcomes[i] != WriteOutcome.Duplicate);
        foreach (var ofEquipment in written.GroupBy(reading => reading.EquipmentId, reading => reading.Start))
        {
            events.Publish("readings", new LiveReadings(ofEquipment.Key, ofEquipment.LongCount(), ofEquipment.Min(), ofEquipment.Max()));
        }

        if (batch.JobId is { } job)
        {
            events.Publish("job", new LiveJob(job, JobState.Running));
        }

        return outcomes;
    }

    public async Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken)
    {
        var changed = await store.UndoAsync(jobId, actor, cancellationToken);
        events.Publish("job", new LiveJob(jobId, JobState.Undone));
        return changed;
    }

    public Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken) =>
        store.ListSeriesAsync(equipmentIds, metrics, cancellationToken);

    public Task<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>> ReadAsync(
        IReadOnlyCollection<SeriesKey> series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken) =>
        store.ReadAsync(series, from, to, neighbours, cancellationToken);

    public Task<BucketTotal[]> ReadTotalsAsync(SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken) =>
        store.ReadTotalsAsync(series, edges, cancellationToken);

    public Task<int> RollUpAsync(int limit, CancellationToken cancellationToken) => store.RollUpAsync(limit, cancellationToken);

    public Task<long> MergeAsync(string fromId, string intoId, string jobId, string actor, CancellationToken cancellationToken) =>
        store.MergeAsync(fromId, intoId, jobId, actor, cancellationToken);

    public Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedUndosAsync(Duration idle, CancellationToken cancellationToken) =>
        store.ListUnfinishedUndosAsync(idle, cancellationToken);

    public Task<HistoryPage> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken) =>
        store.ReadHistoryAsync(equipmentId, metric, from, to, limit, after, cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken) =>
        store.CountFlagsAsync(cancellationToken);

    public Task<StoredAmounts> SumUpAsync(CancellationToken cancellationToken) => store.SumUpAsync(cancellationToken);
}

/// <summary>Tells those who watch where jobs stand.</summary>
internal sealed class AnnouncedJobs(IJobStore store, LiveEvents events) : IJobStore
{
    public async Task<bool> AddAsync(StoredJob job, int mostQueued, CancellationToken cancellationToken)
    {
        var isAdded = await store.AddAsync(job, mostQueued, cancellationToken);
        if (isAdded)
        {
            events.Publish("job", new LiveJob(job.Id, job.State));
        }

        return isAdded;
    }

    public Task<IReadOnlyList<StoredJob>> ListOpenAsync(CancellationToken cancellationToken) => store.ListOpenAsync(cancellationToken);

    public async Task<StoredJob?> LeaseAsync(string owner, Duration lease, CancellationToken cancellationToken)
    {
        var job = await store.LeaseAsync(owner, lease, cancellationToken);
        if (job is not null)
        {
            events.Publish("job", new LiveJob(job.Id, job.State));
        }

        return job;
    }

    public async Task<bool> UpdateAsync(
        string id, IReadOnlyCollection<JobState> expected, JobState state, string? body, string? owner, CancellationToken cancellationToken)
    {
        var isUpdated = await store.UpdateAsync(id, expected, state, body, owner, cancellationToken);
        if (isUpdated)
        {
            events.Publish("job", new LiveJob(id, state));
        }

        return isUpdated;
    }

    public Task<StoredJob?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<StoredJob>> ListAsync(int limit, string? beforeId, CancellationToken cancellationToken) =>
        store.ListAsync(limit, beforeId, cancellationToken);

    public Task<bool> RenewAsync(string id, string owner, Duration lease, CancellationToken cancellationToken) =>
        store.RenewAsync(id, owner, lease, cancellationToken);
}
