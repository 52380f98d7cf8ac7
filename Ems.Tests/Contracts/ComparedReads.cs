using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>Reads all values twice: as the process that wrote them, and as one that has written nothing and so remembers nothing.</summary>
/// <param name="other">Only reads.</param>
internal sealed class ComparedReadings(IReadingStore readings, IReadingStore other) : IReadingStore
{
    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken) => readings.WriteAsync(batch, cancellationToken);

    public Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken) =>
        readings.ListSeriesAsync(equipmentIds, metrics, cancellationToken);

    public async Task<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>> ReadAsync(
        IReadOnlyCollection<SeriesKey> series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken)
    {
        var half = Duration.FromHours(Math.Floor((to - from).TotalHours / 2));
        await Compared.ReadAsync(async store => Flat(await store.ReadAsync(series, from + half, to, neighbours + 1, cancellationToken)), readings, other);
        return await Compared.ReadAsync(store => store.ReadAsync(series, from, to, neighbours, cancellationToken), readings, other, Flat);
    }

    public Task<BucketTotal[]> ReadTotalsAsync(SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken) =>
        readings.ReadTotalsAsync(series, edges, cancellationToken);

    public Task<int> RollUpAsync(int limit, CancellationToken cancellationToken) => readings.RollUpAsync(limit, cancellationToken);

    public Task<long> MergeAsync(string fromId, string intoId, string jobId, string actor, CancellationToken cancellationToken) =>
        readings.MergeAsync(fromId, intoId, jobId, actor, cancellationToken);

    public Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken) => readings.UndoAsync(jobId, actor, cancellationToken);

    public Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedUndosAsync(Duration idle, CancellationToken cancellationToken) =>
        readings.ListUnfinishedUndosAsync(idle, cancellationToken);

    public Task<HistoryPage> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken) =>
        readings.ReadHistoryAsync(equipmentId, metric, from, to, limit, after, cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken) =>
        readings.CountFlagsAsync(cancellationToken);

    public Task<StoredAmounts> SumUpAsync(CancellationToken cancellationToken) => readings.SumUpAsync(cancellationToken);

    private static IReadOnlyList<(SeriesKey, Sample)> Flat(IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>> read) =>
        [.. read.SelectMany(one => one.Value, (one, sample) => (one.Key, sample))];
}

/// <summary>Lists and counts all flags twice, see <see cref="ComparedReadings"/>.</summary>
internal sealed class ComparedQuality(IQualityStore quality, IQualityStore other) : IQualityStore
{
    public Task<IReadOnlyList<UncheckedRange>> ListUncheckedAsync(string? jobId, int limit, CancellationToken cancellationToken) =>
        quality.ListUncheckedAsync(jobId, limit, cancellationToken);

    public Task SaveFlagsAsync(
        SeriesKey series, Instant from, Instant to, ReadingFlags mask,
        IReadOnlyDictionary<(Instant Start, Duration Length), ReadingFlags> found, FlagBasis basis, CancellationToken cancellationToken) =>
        quality.SaveFlagsAsync(series, from, to, mask, found, basis, cancellationToken);

    public Task SaveCheckedAsync(IReadOnlyCollection<UncheckedRange> ranges, CancellationToken cancellationToken) =>
        quality.SaveCheckedAsync(ranges, cancellationToken);

    public Task<IReadOnlyList<FlaggedValue>> ListFlaggedAsync(FlaggedQuery query, CancellationToken cancellationToken) =>
        Compared.ReadAsync(store => store.ListFlaggedAsync(query, cancellationToken), quality, other);

    public Task<IReadOnlyDictionary<ReadingFlags, long>> CountFlaggedAsync(string jobId, CancellationToken cancellationToken) =>
        Compared.ReadAsync(store => store.CountFlaggedAsync(jobId, cancellationToken), quality, other, counts => counts.OrderBy(one => one.Key).ToList());
}

internal static class Compared
{
    // Others may write between the two.
    private const int Attempts = 5;

    public static Task<IReadOnlyList<T>> ReadAsync<TStore, T>(Func<TStore, Task<IReadOnlyList<T>>> read, TStore one, TStore other) =>
        ReadAsync<TStore, IReadOnlyList<T>, T>(read, one, other, list => list);

    public static async Task<TRead> ReadAsync<TStore, TRead, T>(
        Func<TStore, Task<TRead>> read, TStore one, TStore other, Func<TRead, IReadOnlyList<T>> listOf)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (expected, actual) = (listOf(await read(other)), await read(one));
            if (attempt == Attempts)
            {
                Assert.Equal(expected, listOf(actual));
            }

            if (expected.SequenceEqual(listOf(actual)))
            {
                return actual;
            }
        }
    }
}
