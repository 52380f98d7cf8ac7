using System.Diagnostics;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Metering;
using MongoDB.Driver;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps a document per reading.</summary>
internal sealed class MongoReadingStore(MongoStore store, WriteClaims claims, TimeProvider time) : IReadingStore
{
    private const int DaysAtOnce = 400;

    // It came upon readings that were undone: most likely its next ones do too.
    private volatile string? _jobOverUndone;

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken)
    {
        var trace = Activity.Current?.Id;
        var looksForAll = false;
        while (true)
        {
            var targets = await FindTargetsAsync(batch, cancellationToken);
            var directed = Direct(batch, targets);
            var pending = PendingGroup.Of(directed);

            // Most readings are newer than all others: they are not looked for. Without transactions half of a failed write would stay.
            looksForAll |= !store.HasTransactions || (batch.JobId is { } job && job == _jobOverUndone);
            try
            {
                var (outcomes, newest) = await claims.WriteAsync(
                    [.. targets.Values.Distinct(StringComparer.Ordinal)],
                    (database, session, token) =>
                        new MongoWrite(store, database, session, directed, new WriteStamp(batch.Actor, batch.JobId, Now(), trace), looksForAll)
                            .RunAsync(pending, targets, token),
                    cancellationToken);
                store.Recent.Add(newest);
                store.Signals.Raise(MessageDocuments.Outbox);
                return outcomes;
            }
            catch (EquipmentMovedException)
            {
                // Decided again, now that the merge is known.
            }
            catch (MongoBulkWriteException exception) when (!looksForAll && exception.WriteErrors.Any(error => error.Category == ServerErrorCategory.DuplicateKey))
            {
                (looksForAll, _jobOverUndone) = (true, batch.JobId);
            }
        }
    }

    public Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<SeriesInfo>>(
            async (database, session, token) =>
                [
                    .. (await SeriesDocuments.ListAsync(database, session, equipmentIds, metrics, token))
                        .Where(series => series.HasValues)
                        // Without transactions the number is there before the values are.
                        .Select(series => store.HasTransactions ? series.Info : series.Info with { Revision = null }),
                ],
            cancellationToken);

    public Task<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>> ReadAsync(
        IReadOnlyCollection<SeriesKey> series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>>(
            async (database, session, token) =>
            {
                var known = await SeriesDocuments.FindAsync(database, session, [.. series], token);
                var found = known.Count == 0 ? [] : await SampleDocuments.ReadAsync(store, database, session, known, from, to, neighbours, token);
                return series.ToDictionary(key => key, IReadOnlyList<Sample> (key) => found.GetValueOrDefault(key with { Length = NominalLength.Of(key.Length) }, []));
            },
            cancellationToken);

    public Task<BucketTotal[]> ReadTotalsAsync(SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken) => store.ReadAsync(
        async (database, session, token) => await SeriesDocuments.FindAsync(database, session, series, token) is { HasValues: true } known
            ? await ReadTotalsAsync(database, session, known, edges, token)
            : TotalsBuilder.Empty(edges),
        cancellationToken);

    public async Task<int> RollUpAsync(int limit, CancellationToken cancellationToken)
    {
        var maker = new RollUpMaker(store, time);
        var (looked, made) = (0, 0);
        while (looked < limit && await maker.MakeNextAsync(limit - looked, cancellationToken) is { Looked: > 0 } turn)
        {
            (looked, made) = (looked + turn.Looked, made + turn.Made);
        }

        return made;
    }

    public Task<long> MergeAsync(string fromId, string intoId, string jobId, string actor, CancellationToken cancellationToken) =>
        new MongoMerge(store, claims, new WriteStamp(actor, jobId, Now(), Activity.Current?.Id)).RunAsync(fromId, intoId, cancellationToken);

    public Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken) =>
        new MongoUndo(store, claims, new WriteStamp(actor, jobId, Now(), Activity.Current?.Id)).RunAsync(cancellationToken);

    public Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedUndosAsync(Duration idle, CancellationToken cancellationToken) =>
        MongoUndo.ListUnfinishedAsync(store, idle, cancellationToken);

    public async Task<HistoryPage> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken) =>
        await MongoHistory.ReadAsync(await store.OpenAsync(cancellationToken), equipmentId, metric, from, to, limit, after, cancellationToken);

    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken) =>
        await FlagCountDocuments.ReadAsync(await store.OpenAsync(cancellationToken), cancellationToken);

    public async Task<StoredAmounts> SumUpAsync(CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        var (values, firstAt, lastAt) = await SeriesDocuments.SumUpAsync(database, cancellationToken);
        return new StoredAmounts(values, firstAt, lastAt, await FlagCountDocuments.SumUpAsync(database, cancellationToken));
    }

    private async Task<BucketTotal[]> ReadTotalsAsync(
        IMongoDatabase database, IClientSessionHandle session, SeriesDocument series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken)
    {
        var totals = new TotalsBuilder(
            series.Kind, edges, TotalsBuilder.LongestRead(series.Count, Duration.FromMilliseconds(series.LastAt!.Value - series.FirstAt!.Value)));
        var days = series.Key.RollsUp() ? await RollUpDocuments.ReadAsync(database, session, series.Key, edges[0], edges[^1], cancellationToken) : [];
        foreach (var some in days.Chunk(DaysAtOnce))
        {
            var cut = await RollUpDocuments.ReadBucketsAsync(database, session, some.Where(day => !totals.IsWhole(day)), cancellationToken);
            foreach (var day in some.Where(totals.IsUsable))
            {
                await AddValuesAsync(day.Start);
                totals.Add(cut.GetValueOrDefault(day.Start, day));
            }
        }

        await AddValuesAsync(edges[^1]);
        return totals.Totals;

        async Task AddValuesAsync(Instant to)
        {
            foreach (var range in totals.Until(to))
            {
                totals.Add(range, await SampleDocuments.ReadAsync(
                    store, database, session, series, range[0], range[^1], RollUpArithmetic.Reach, cancellationToken));
            }
        }
    }

    /// <summary>The equipment that readings belong to; what does not exist yet is its own.</summary>
    private Task<Dictionary<string, string>> FindTargetsAsync(ReadingBatch batch, CancellationToken cancellationToken) => store.ReadAsync(
        async (database, session, token) =>
        {
            var ids = batch.Readings.Select(reading => reading.EquipmentId).Distinct(StringComparer.Ordinal).ToList();
            var known = await EquipmentDocuments.FollowAsync(database, session, ids, token);
            return ids.ToDictionary(id => id, id => known.TryGetValue(id, out var target) ? target.Id : id);
        },
        cancellationToken);

    private static ReadingBatch Direct(ReadingBatch batch, Dictionary<string, string> targets) =>
        targets.All(one => one.Key == one.Value)
            ? batch
            : batch with { Readings = [.. batch.Readings.Select(reading => reading with { EquipmentId = targets[reading.EquipmentId] })] };

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
