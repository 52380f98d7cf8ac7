using NodaTime;

namespace Ems.Core.Metering;

/// <summary>What a series holds within one bucket. Totals of neighbouring buckets merge into the total of both.</summary>
public sealed record BucketTotal
{
    public static readonly BucketTotal Empty = new();

    /// <summary>Values whose start lies in the bucket.</summary>
    public long Count { get; init; }

    /// <summary>Sum of these values (means count by value, not by length).</summary>
    public double Sum { get; init; }

    public double? Min { get; init; }

    public Instant MinAt { get; init; }

    public double? Max { get; init; }

    public Instant MaxAt { get; init; }

    public double? First { get; init; }

    public Instant FirstAt { get; init; }

    public double? Last { get; init; }

    public Instant LastAt { get; init; }

    /// <summary>Register difference, interval sum or integral of a level over hours, within the bucket (kWh for energy and power).</summary>
    public double Quantity { get; init; }

    /// <summary>
    /// The part of the sum of absolute quantities that is an estimate however time is divided: spread over a gap, or flagged.
    /// </summary>
    public double EstimatedQuantity { get; init; }

    /// <summary>Intervals of which only a part, prorated by time, lies in the bucket. What they are estimated by comes on top.</summary>
    public CutIntervals Cuts { get; init; } = CutIntervals.None;

    /// <summary>Sum of absolute quantities: the whole that the estimated quantities are a part of.</summary>
    public double AbsoluteQuantity { get; init; }

    /// <summary>The time within the bucket that readings speak for.</summary>
    public Duration Covered { get; init; }

    /// <summary>Register resets and roll-overs recognised within the bucket.</summary>
    public int Resets { get; init; }

    public double? Mean => Count == 0 ? null : Sum / Count;

    /// <summary>All that is estimated in this bucket: spread over a gap, flagged, or prorated.</summary>
    public double EstimatedOrProrated => EstimatedQuantity + Cuts.Quantity;

    public double EstimatedFraction => AbsoluteQuantity == 0 ? 0 : EstimatedOrProrated / AbsoluteQuantity;

    /// <summary>The total of this bucket and a later one of the same series.</summary>
    public BucketTotal Merge(BucketTotal later)
    {
        var lowest = Lower(this, later);
        var highest = Higher(this, later);
        var first = First is null ? later : this;
        var last = later.Last is null ? this : later;
        return new BucketTotal
        {
            Count = Count + later.Count,
            Sum = Sum + later.Sum,
            Min = lowest.Min,
            MinAt = lowest.MinAt,
            Max = highest.Max,
            MaxAt = highest.MaxAt,
            First = first.First,
            FirstAt = first.FirstAt,
            Last = last.Last,
            LastAt = last.LastAt,
            Quantity = Quantity + later.Quantity,
            EstimatedQuantity = EstimatedQuantity + later.EstimatedQuantity,
            Cuts = Cuts.Merge(later.Cuts),
            AbsoluteQuantity = AbsoluteQuantity + later.AbsoluteQuantity,
            Covered = Covered + later.Covered,
            Resets = Resets + later.Resets,
        };
    }

    /// <summary>The total of values that are all <paramref name="factor"/> times as large.</summary>
    /// <param name="factor">Above 0.</param>
    public BucketTotal Times(double factor) => TimesAmount(factor) with
    {
        Sum = Sum * factor,
        Min = Min * factor,
        Max = Max * factor,
        First = First * factor,
        Last = Last * factor,
    };

    /// <summary>The same values, with amounts that are <paramref name="factor"/> times as large: those of a counter behind a transformer.</summary>
    public BucketTotal TimesAmount(double factor) => this with
    {
        Quantity = Quantity * factor,
        EstimatedQuantity = EstimatedQuantity * factor,
        Cuts = Cuts.Select(cut => cut with { Quantity = cut.Quantity * factor }),
        AbsoluteQuantity = AbsoluteQuantity * factor,
    };

    /// <summary>The same total, in which parts of intervals that begin before or end after the range stay estimates for good.</summary>
    public BucketTotal Within(Instant from, Instant to)
    {
        var beyond = Cuts.Where(cut => cut.Start < from || cut.End > to);
        return beyond.Count == 0 ? this : this with
        {
            EstimatedQuantity = EstimatedQuantity + beyond.Quantity,
            Cuts = Cuts.Where(cut => !beyond.Contains(cut)),
        };
    }

    private static BucketTotal Lower(BucketTotal a, BucketTotal b) => a.Min is null || b.Min < a.Min ? b : a;

    private static BucketTotal Higher(BucketTotal a, BucketTotal b) => a.Max is null || b.Max > a.Max ? b : a;
}
