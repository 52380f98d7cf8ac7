using Ems.Core.Metering;
using Ems.Core.Storage;

namespace Ems.Ingestion.Stats;

/// <summary>
/// Counts of readings by flags. Counting looks at every value, so the answer is kept for a while that grows with the time it took:
/// whoever asks all the time costs the store a small share of its time.
/// </summary>
internal sealed class FlagCounts(IReadingStore store, TimeProvider clock) : IDisposable
{
    private const int RestPerWork = 20;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Counted? _last;

    public async Task<Counted> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetUtcNow() < last.GoodUntil)
            {
                return last;
            }

            var asOf = clock.GetUtcNow();
            var counts = await store.CountFlagsAsync(cancellationToken);
            var now = clock.GetUtcNow();
            var rest = (now - asOf) * RestPerWork;
            // An answer that took no time to speak of is not kept.
            rest = rest < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : rest < LongestRest ? rest : LongestRest;
            return _last = new Counted(counts, asOf, now + rest);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <param name="ByEquipment">Readings per combination of flags, by equipment id.</param>
    internal sealed record Counted(
        IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>> ByEquipment, DateTimeOffset AsOf, DateTimeOffset GoodUntil);
}
