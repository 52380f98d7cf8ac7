using System.Collections.Concurrent;
using System.Diagnostics;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps values clustered by series and time.</summary>
internal sealed class SqliteReadingStore(IngestionDatabase database, TimeProvider time) : IReadingStore
{
    // How many callers are at the undo of a job: the store belongs to one process.
    private readonly ConcurrentDictionary<string, int> _undone = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken)
    {
        var pending = PendingGroup.Of(batch);
        var trace = Activity.Current?.Id;
        var outcomes = await database.File.WriteAsync<IReadOnlyList<WriteOutcome>>(
            connection => new BatchWrite(connection, new WriteStamp(batch.Actor, batch.JobId, Now(), trace), batch)
                .Run(pending),
            cancellationToken);
        if (outcomes.Any(outcome => outcome != WriteOutcome.Duplicate))
        {
            FileSignal.Raise(database.File.FilePath);
        }

        return outcomes;
    }

    public Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken) =>
        database.File.ReadAsync(connection => SeriesTable.List(connection, equipmentIds, metrics), cancellationToken);

    public async Task<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>> ReadAsync(
        IReadOnlyCollection<SeriesKey> series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(series.Select(key => database.File.ReadAsync<IReadOnlyList<Sample>>(
            connection => SeriesTable.Find(connection, key) is { } row ? SampleReader.Read(connection, row, from, to, neighbours) : [],
            cancellationToken)));
        return series.Zip(found).ToDictionary();
    }

    public Task<BucketTotal[]> ReadTotalsAsync(SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken) =>
        database.File.ReadAsync(connection => TotalsReader.Read(connection, SeriesTable.Find(connection, series), edges), cancellationToken);

    public async Task<int> RollUpAsync(int limit, CancellationToken cancellationToken)
    {
        const int daysAtOnce = 20;
        var (made, isMore) = (0, true);
        while (isMore && made < limit)
        {
            var count = Math.Min(daysAtOnce, limit - made);
            var drafts = await database.File.ReadAsync(connection => RollUps.Draft(connection, Now(), count), cancellationToken);
            var kept = drafts.Count == 0 ? 0 : await database.File.WriteAsync(connection => RollUps.Keep(connection, drafts), cancellationToken);

            // What is written to right now is for the next time.
            (made, isMore) = (made + kept, kept > 0 && drafts.Count == count);
        }

        return made;
    }

    public async Task<long> MergeAsync(string fromId, string intoId, string jobId, string actor, CancellationToken cancellationToken)
    {
        var stamp = new WriteStamp(actor, jobId, Now(), Activity.Current?.Id);
        var changed = await database.File.WriteAsync(
            connection => new EquipmentMerge(connection, stamp).Run(fromId, intoId), cancellationToken);
        FileSignal.Raise(database.File.FilePath);
        return changed;
    }

    public async Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken)
    {
        var trace = Activity.Current?.Id;
        _undone.AddOrUpdate(jobId, 1, (_, callers) => callers + 1);
        try
        {
            var (isLeft, changed) = await database.File.WriteAsync(connection => Undo(connection).Begin(), cancellationToken);
            while (isLeft)
            {
                // Step by step, so that others write in between.
                (isLeft, changed) = await database.File.WriteAsync(connection => Undo(connection).Step(), cancellationToken);
                FileSignal.Raise(database.File.FilePath);
            }

            FileSignal.Raise(database.File.FilePath);
            return changed;
        }
        finally
        {
            _undone.AddOrUpdate(jobId, 0, (_, callers) => callers - 1);
            _undone.TryRemove(KeyValuePair.Create(jobId, 0));
        }

        JobUndo Undo(SqliteConnection connection) => new(connection, new WriteStamp(actor, jobId, Now(), trace));
    }

    public Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedUndosAsync(Duration idle, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<UnfinishedUndo>>(
            connection => [.. JobUndo.ListUnfinished(connection).Where(undo => !_undone.ContainsKey(undo.JobId))], cancellationToken);

    public Task<HistoryPage> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken) =>
        database.File.ReadAsync(
            connection => ValueHistory.Read(connection, equipmentId, metric, from, to, limit, after), cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync(FlagCounts.Read, cancellationToken);

    public Task<StoredAmounts> SumUpAsync(CancellationToken cancellationToken) => database.File.ReadAsync(
        connection => connection.ReadAll(
            row => new StoredAmounts(row.GetInt64(0), row.FindInstant(1), row.FindInstant(2), FlagCounts.SumUp(connection)),
            "SELECT ifnull(sum(count), 0), min(first_at), max(last_at) FROM series WHERE count > 0").Single(),
        cancellationToken);

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
