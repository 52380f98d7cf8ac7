using System.Collections;
using NodaTime;

namespace Ems.Core.Metering;

/// <summary>The part within a bucket of an interval that reaches beyond it.</summary>
/// <param name="Start">Of the whole interval.</param>
/// <param name="End">Of the whole interval.</param>
/// <param name="Within">How much of its time lies within the bucket.</param>
/// <param name="Quantity">The absolute quantity of that time.</param>
public readonly record struct CutInterval(Instant Start, Instant End, Duration Within, double Quantity);

/// <summary>
/// The intervals that the edges of a bucket cut, in order. Where buckets merge, an interval whose parts are all there is cut no more.
/// </summary>
public sealed class CutIntervals : IReadOnlyList<CutInterval>, IEquatable<CutIntervals>
{
    public static readonly CutIntervals None = new([]);

    private readonly CutInterval[] _cuts;

    private CutIntervals(CutInterval[] cuts) => _cuts = cuts;

    public int Count => _cuts.Length;

    /// <summary>Sum of the parts' absolute quantities.</summary>
    public double Quantity => _cuts.Sum(cut => cut.Quantity);

    public CutInterval this[int index] => _cuts[index];

    public static CutIntervals Of(IReadOnlyCollection<CutInterval>? cuts) => cuts is null or { Count: 0 } ? None : new([.. cuts]);

    /// <summary>Those of two buckets of the same series that do not overlap.</summary>
    public CutIntervals Merge(CutIntervals other)
    {
        if (other.Count == 0)
        {
            return this;
        }

        var merged = _cuts.ToList();
        foreach (var cut in other._cuts)
        {
            var same = merged.FindIndex(known => known.Start == cut.Start && known.End == cut.End);
            if (same < 0)
            {
                merged.Add(cut);
                continue;
            }

            merged[same] = cut with { Within = merged[same].Within + cut.Within, Quantity = merged[same].Quantity + cut.Quantity };
            if (merged[same].Within == cut.End - cut.Start)
            {
                merged.RemoveAt(same);
            }
        }

        return Of(merged);
    }

    public CutIntervals Select(Func<CutInterval, CutInterval> change) => Count == 0 ? this : new(Array.ConvertAll(_cuts, cut => change(cut)));

    public CutIntervals Where(Func<CutInterval, bool> predicate) => Count == 0 ? this : Of(_cuts.Where(predicate).ToList());

    public bool Equals(CutIntervals? other) => other is not null && _cuts.AsSpan().SequenceEqual(other._cuts);

    public override bool Equals(object? obj) => Equals(obj as CutIntervals);

    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, _cuts[0]);

    public IEnumerator<CutInterval> GetEnumerator() => ((IEnumerable<CutInterval>)_cuts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _cuts.GetEnumerator();
}
