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

    /// <summary>The part of the sum of absolute quantities that was estimated (prorated, spread over a gap, or flagged).</summary>
    public double EstimatedQuantity { get; init; }

    /// <summary>Sum of absolute quantities: the whole that <see cref="EstimatedQuantity"/> is a part of.</summary>
    public double AbsoluteQuantity { get; init; }

    /// <summary>The time within the bucket that readings speak for.</summary>
    public Duration Covered { get; init; }

    /// <summary>Register resets and roll-overs recognised within the bucket.</summary>
    public int Resets { get; init; }

    public double? Mean => Count == 0 ? null : Sum / Count;

    public double EstimatedFraction => AbsoluteQuantity == 0 ? 0 : EstimatedQuantity / AbsoluteQuantity;

    /// <summary>The total of this bucket and a later one.</summary>
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
        AbsoluteQuantity = AbsoluteQuantity * factor,
    };

    private static BucketTotal Lower(BucketTotal a, BucketTotal b) => a.Min is null || b.Min < a.Min ? b : a;

    private static BucketTotal Higher(BucketTotal a, BucketTotal b) => a.Max is null || b.Max > a.Max ? b : a;
}
