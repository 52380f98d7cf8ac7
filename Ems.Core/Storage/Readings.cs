using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>One metric of one equipment at one length of interval (zero: instants).</summary>
/// <param name="Length">
/// Nominal: calendar days are 24 h, months and the months of bills 30.436875 days, years 365.2425 days, whatever the length of each
/// (<see cref="Metering.NominalLength"/>).
/// </param>
public sealed record SeriesKey(string EquipmentId, string Metric, Duration Length);

/// <summary>A series and what it holds now.</summary>
/// <param name="FirstAt">Start of the first value.</param>
/// <param name="LastAt">Start of the last value.</param>
/// <param name="EndAt">End of the last interval; with instants the same as <paramref name="LastAt"/>.</param>
/// <param name="Revision">
/// Another number after every change of a value: what was worked out at the same one still holds. It grows by steps of chance, so that a
/// store that was put back to an earlier state does not come to the same number again. Null where the store cannot tell.
/// </param>
public sealed record SeriesInfo(
    SeriesKey Key, QuantityKind Kind, string Unit, Instant FirstAt, Instant LastAt, Instant EndAt, long Count, long? Revision);

/// <summary>What the values of a metric are; those of one source share it.</summary>
/// <param name="Unit">The canonical one.</param>
/// <param name="SourceUnit">In which they were delivered.</param>
public sealed record ValueMeaning(string Metric, QuantityKind Kind, string Unit, string SourceUnit);

/// <summary>One metric's value in a reading.</summary>
/// <param name="Value">In the canonical unit.</param>
/// <param name="SourceValue">As it was delivered, in its own unit.</param>
public readonly record struct MetricValue(ValueMeaning Meaning, double Value, double SourceValue)
{
    public MetricValue(string metric, QuantityKind kind, string unit, double value, double sourceValue, string sourceUnit)
        : this(new ValueMeaning(metric, kind, unit, sourceUnit), value, sourceValue)
    {
    }

    public string Metric => Meaning.Metric;

    public QuantityKind Kind => Meaning.Kind;

    public string Unit => Meaning.Unit;

    public string SourceUnit => Meaning.SourceUnit;
}

/// <summary>One equipment at one instant or over one interval. Start and length are its identity.</summary>
public sealed record Reading(
    string EquipmentId, Instant Start, Duration Length, IReadOnlyList<MetricValue> Values, ReadingFlags Flags = ReadingFlags.None);

/// <summary>Readings that are written together, in one transaction.</summary>
/// <param name="Readings">No two with the same equipment, start and length.</param>
/// <param name="Actor">Name of the caller who is answerable for them.</param>
/// <param name="Describe">
/// Describes equipment that does not exist yet, by its id, so that it can be created; without it, it gets its id as its name.
/// </param>
/// <param name="JobId">The import that writes them, or null for live readings.</param>
/// <param name="Checkpoint">
/// Called inside the transaction with the outcome of each reading; returns the job's new body, saved with the readings, so
/// that a job killed at any moment goes on exactly where its values end.
/// </param>
/// <param name="JobOwner">
/// Who must hold the job's lease when the batch is written: one that lost it must not write beside its successor.
/// </param>
public sealed record ReadingBatch(
    IReadOnlyList<Reading> Readings, string Actor, Func<string, Equipment>? Describe = null, string? JobId = null,
    Func<IReadOnlyList<WriteOutcome>, string>? Checkpoint = null, string? JobOwner = null)
{
    /// <summary>The site that readings of an equipment are for, by its id; where it stands at another one nothing is written.</summary>
    public Func<string, string?>? SiteOf { get; init; }
}

/// <summary>What writing a reading did.</summary>
public enum WriteOutcome
{
    /// <summary>At least one value is new, none differs from what was there.</summary>
    Stored,

    /// <summary>Every value was there already, with the same number, and as estimated as before.</summary>
    Duplicate,

    /// <summary>
    /// At least one value differs from what was there, in number or in whether it is estimated; the old one is kept as a version.
    /// </summary>
    Changed,
}

/// <summary>How much is stored of all equipment together.</summary>
/// <param name="Values">Single metrics of readings.</param>
/// <param name="FirstAt">Start of the first value; null where there are none, like <paramref name="LastAt"/>.</param>
/// <param name="LastAt">Start of the last value.</param>
/// <param name="Readings">By their combination of flags, as <see cref="IReadingStore.CountFlagsAsync"/> counts them.</param>
public sealed record StoredAmounts(long Values, Instant? FirstAt, Instant? LastAt, IReadOnlyDictionary<ReadingFlags, long> Readings);

/// <summary>A superseded value and the one that took its place: another number, or another word about whether it is estimated.</summary>
public sealed record ValueChange(
    SeriesKey Series, Instant Start, double? OldValue, double? NewValue, Instant ChangedAt, string Actor, string? JobId)
{
    public bool OldIsEstimated { get; init; }
    public bool NewIsEstimated { get; init; }

    public static ValueChange Of(
        SeriesKey series, Instant start, (double Value, ReadingFlags Flags)? old, (double Value, ReadingFlags Flags)? now, Instant changedAt, string actor,
        string? jobId) => new(series, start, old?.Value, now?.Value, changedAt, actor, jobId)
        {
            OldIsEstimated = old?.Flags.HasFlag(ReadingFlags.Estimated) ?? false,
            NewIsEstimated = now?.Flags.HasFlag(ReadingFlags.Estimated) ?? false,
        };
}

/// <summary>Some changes, newest first, and what to ask with for the next ones; null after the last.</summary>
public sealed record HistoryPage(IReadOnlyList<ValueChange> Changes, string? Next);

/// <summary>A job whose undoing was begun and not ended, and who began it.</summary>
public sealed record UnfinishedUndo(string JobId, string Actor);

/// <summary>
/// Keeps values and their versions. Every write also marks the roll-ups it makes wrong and the ranges to be checked
/// (<see cref="IQualityStore"/>), and appends one <c>readings.stored.v1</c> per equipment with new or changed values to the outbox,
/// all in one transaction. A series without values takes kind and unit of what comes. Equipment that does not exist yet is created; what is written for equipment that was merged belongs to the
/// one it was merged into. A new value that lies between the first and the last one its series had before (before the job, where there
/// is one) gets <see cref="ReadingFlags.Late"/>.
/// </summary>
public interface IReadingStore
{
    /// <exception cref="JobLostException">The batch's owner does not hold the job any more.</exception>
    /// <exception cref="EquipmentSiteException">An equipment stands at another site than its readings are for.</exception>
    Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken);

    /// <summary>Series of the given equipment (null: of all) and metrics (null: of all), by equipment, metric, length.</summary>
    Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken);

    /// <summary>
    /// The values that lie in [from, to) or reach into it, in order of start, with up to <paramref name="neighbours"/> more on either side.
    /// </summary>
    /// <param name="series">Of one equipment and length: their values may lie in the same readings, which are then read once. None is missing in what is returned.</param>
    Task<IReadOnlyDictionary<SeriesKey, IReadOnlyList<Sample>>> ReadAsync(
        IReadOnlyCollection<SeriesKey> series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken);

    /// <summary>
    /// Totals of the buckets between consecutive edges, from roll-ups where they are up to date and the edges of their day are whole
    /// multiples of 15 minutes, and from the values elsewhere: the same numbers either way.
    /// </summary>
    Task<BucketTotal[]> ReadTotalsAsync(SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken);

    /// <summary>Makes up to <paramref name="limit"/> missing or outdated roll-ups; returns how many it made.</summary>
    Task<int> RollUpAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the readings of <paramref name="fromId"/>, with all their versions, to <paramref name="intoId"/>, as if they had been written
    /// there: of two values of the same time the one that was written later counts. Both must exist, neither may be virtual or merged into
    /// another one, and their series of one metric and length must have one kind and unit. Does nothing when the job has done it
    /// before, and returns the same.
    /// </summary>
    /// <param name="jobId">By which it can be undone, as long as <paramref name="intoId"/> is not merged into a third one.</param>
    /// <returns>The number of values of <paramref name="intoId"/> that are new or different.</returns>
    /// <exception cref="InvalidOperationException">They do not fit together, or another merge or undo is at one of them: nothing was changed.</exception>
    Task<long> MergeAsync(string fromId, string intoId, string jobId, string actor, CancellationToken cancellationToken);

    /// <summary>
    /// Puts back what an ended job wrote or merged, deletes equipment and sites that it created and that nothing else uses, and marks the job as
    /// undone; returns the number of values that changed by it. Large jobs are undone in steps that other writers come between;
    /// a kill or a cancellation leaves a rest, which <see cref="ListUnfinishedUndosAsync"/> names and another call puts back. The job must
    /// not write any more.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is a merge whose target was merged into a third since: nothing was changed.</exception>
    Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken);

    /// <summary>Undos that were begun and not ended, and that nobody has been at for a while.</summary>
    /// <param name="idle">How long, where it is not known who is at one just now.</param>
    Task<IReadOnlyList<UnfinishedUndo>> ListUnfinishedUndosAsync(Duration idle, CancellationToken cancellationToken);

    /// <summary>Changes of values that start within [from, to), newest first.</summary>
    /// <param name="after"><see cref="HistoryPage.Next"/> of the page before; null for the first one.</param>
    /// <exception cref="FormatException"><paramref name="after"/> was not given out by this store.</exception>
    Task<HistoryPage> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken);

    /// <summary>
    /// Readings per combination of flags (<see cref="ReadingFlags.None"/> included), by equipment id: the counts of an
    /// equipment add up to the number of its readings. A reading has the flags of its newest value, and those of
    /// <see cref="ReadingFlagSets.Found"/> that any of its values has. Kept up with every write, so that asking costs little.
    /// </summary>
    Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken);

    /// <summary>How much is stored of all equipment together.</summary>
    Task<StoredAmounts> SumUpAsync(CancellationToken cancellationToken);
}

/// <summary>Reads of one series.</summary>
public static class ReadingStoreExtensions
{
    /// <inheritdoc cref="IReadingStore.ReadAsync"/>
    public static async Task<IReadOnlyList<Sample>> ReadAsync(
        this IReadingStore store, SeriesKey series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken) =>
        (await store.ReadAsync([series], from, to, neighbours, cancellationToken))[series];
}
