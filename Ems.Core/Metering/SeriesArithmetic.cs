using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Turns the values of one series into totals of buckets.</summary>
public static class SeriesArithmetic
{
    /// <summary>
    /// How many values before the first and after the last edge the arithmetic looks at: the neighbours from which the
    /// nominal step around a pair is found. A changed value can change totals no farther than this many neighbours away.
    /// </summary>
    public const int Neighbours = 8;

    /// <summary>Totals of the buckets between consecutive edges.</summary>
    /// <param name="kind">How the values add up.</param>
    /// <param name="samples">
    /// The values of one series in order of start, at most one per start and length: all that lie within the edges or reach
    /// into them, and <see cref="Neighbours"/> more on either side where there are any.
    /// </param>
    /// <param name="edges">At least two ascending instants; bucket i is [edges[i], edges[i+1]).</param>
    /// <returns>One total per bucket, <see cref="BucketTotal.Empty"/> where there is nothing.</returns>
    public static BucketTotal[] Totals(QuantityKind kind, IReadOnlyList<Sample> samples, IReadOnlyList<Instant> edges) =>
        throw new NotSupportedException($"{kind} {samples.Count} {edges.Count}");
}
