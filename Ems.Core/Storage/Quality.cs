using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>A range of a series in which values changed since they were last checked.</summary>
/// <param name="First">Start of the first of them, or of where one was.</param>
/// <param name="Last">Start of the last of them, or of where one was.</param>
/// <param name="Mark">What the store knows this state of the range by: another change makes another mark.</param>
public sealed record UncheckedRange(SeriesKey Series, Instant First, Instant Last, long Mark);

/// <summary>Where a job wrote values to a series.</summary>
/// <param name="First">Start of the first of them.</param>
/// <param name="Last">Start of the last of them.</param>
public sealed record WrittenRange(SeriesKey Series, Instant First, Instant Last);

/// <summary>What flags were found from.</summary>
/// <param name="Read">The series as they were known before their values were read.</param>
/// <param name="Ranges">Where values had changed.</param>
public sealed record FlagBasis(IReadOnlyCollection<SeriesInfo> Read, IReadOnlyCollection<(SeriesKey Series, Instant First, Instant Last)> Ranges);

/// <summary>A value that something was found about.</summary>
public sealed record FlaggedValue(SeriesKey Series, Instant Start, Duration Length, double Value, ReadingFlags Flags);

/// <summary>Which flagged values are wanted; null stands for all.</summary>
/// <param name="Flags">Values with any of these, out of <see cref="ReadingFlagSets.Found"/>.</param>
/// <param name="From">Of the start.</param>
/// <param name="To">Of the start, exclusive.</param>
/// <param name="After">The last one of the page before.</param>
public sealed record FlaggedQuery(
    IReadOnlyCollection<string>? EquipmentIds, ReadingFlags Flags, Instant? From, Instant? To, int Limit, FlaggedValue? After = null)
{
    public IReadOnlyCollection<string>? Metrics { get; init; }

    /// <summary>
    /// The series that may have values of the page, in their order: by equipment, metric and length. Stores sort text each in its own way.
    /// </summary>
    internal IEnumerable<SeriesKey> InOrder(IEnumerable<SeriesKey> series) => series
        .OrderBy(key => key.EquipmentId, StringComparer.Ordinal).ThenBy(key => key.Metric, StringComparer.Ordinal).ThenBy(key => key.Length)
        .SkipWhile(key => After is not null && key != After.Series && !IsBehind(key, After.Series));

    private static bool IsBehind(SeriesKey key, SeriesKey other)
    {
        var byEquipment = string.CompareOrdinal(key.EquipmentId, other.EquipmentId);
        var byMetric = byEquipment != 0 ? byEquipment : string.CompareOrdinal(key.Metric, other.Metric);
        return (byMetric != 0 ? byMetric : key.Length.CompareTo(other.Length)) > 0;
    }
}

/// <summary>
/// Knows which values have to be checked, and keeps what was found as flags of the values. Flags found are no versions: they go with a
/// value that is replaced, and the value in its place is checked anew.
/// </summary>
public interface IQualityStore
{
    /// <summary>
    /// Ranges to be checked, by series and time; of the series that a job wrote to, or of all. Changing anything about equipment but
    /// its name, type and tags makes all series of it, of the meter it was next below and of the one it is unchecked; so does another time
    /// zone of a site with those of its meters, and a merge that moves meters below another one, or its undoing, with those of that one. A series
    /// whose values are all gone has ranges too, for others were compared with them.
    /// </summary>
    Task<IReadOnlyList<UncheckedRange>> ListUncheckedAsync(string? jobId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Sets flags of the values that start within [from, to]: of those in <paramref name="mask"/> each value has exactly what
    /// <paramref name="found"/> says, and none when it is not named.
    /// </summary>
    /// <remarks>
    /// Where a series has changed since it was read, the ranges of the basis are on the list again: another check may have seen that change,
    /// and taken them off before this one has saved what it found without it.
    /// </remarks>
    /// <param name="mask">Out of <see cref="ReadingFlagSets.Found"/>.</param>
    Task SaveFlagsAsync(
        SeriesKey series, Instant from, Instant to, ReadingFlags mask,
        IReadOnlyDictionary<(Instant Start, Duration Length), ReadingFlags> found, FlagBasis basis, CancellationToken cancellationToken);

    /// <summary>Takes ranges off the list, except where values changed since they were listed.</summary>
    Task SaveCheckedAsync(IReadOnlyCollection<UncheckedRange> ranges, CancellationToken cancellationToken);

    /// <summary>By equipment, metric, length and start.</summary>
    Task<IReadOnlyList<FlaggedValue>> ListFlaggedAsync(FlaggedQuery query, CancellationToken cancellationToken);

    /// <summary>How many values have each flag found, from the first to the last one that the job wrote in each series, be it to confirm what was there.</summary>
    Task<IReadOnlyDictionary<ReadingFlags, long>> CountFlaggedAsync(string jobId, CancellationToken cancellationToken);
}
