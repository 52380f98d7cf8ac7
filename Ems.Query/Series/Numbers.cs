using Ems.Core.Metering;
using Ems.Core.Series;
using NodaTime;

namespace Ems.Query.Series;

/// <summary>A number, and when it was where that is one moment.</summary>
internal readonly record struct Number(double? Value, Instant? At = null);

/// <summary>Single numbers out of totals and lists of values.</summary>
internal static class Numbers
{
    /// <summary>Without the noise of binary fractions.</summary>
    public static double? Rounded(double? value) => value is { } number && Math.Abs(number) < 1e9 ? Math.Round(number, 9) : value;

    /// <summary>A share of 0 to 1.</summary>
    public static double Share(double share) => Math.Round(Math.Clamp(share, 0, 1), 6);

    public static bool IsEmpty(BucketTotal total) => total.Count == 0 && total.Covered == Duration.Zero && total.AbsoluteQuantity == 0;

    /// <summary>The amount; none where readings say nothing about it, which is a gap and not zero.</summary>
    public static double? Amount(BucketTotal total) =>
        total.Covered > Duration.Zero || total.AbsoluteQuantity != 0 ? total.Quantity : null;

    /// <summary>Mean of a level; by its integral where no value starts in the bucket but neighbours speak for it.</summary>
    public static double? MeanLevel(BucketTotal total) =>
        total.Mean ?? (total.Covered > Duration.Zero ? total.Quantity / total.Covered.TotalHours : null);

    public static IReadOnlyList<Number> FromTotals(IReadOnlyList<BucketTotal> totals, string aggregate) =>
        [.. totals.Select(total => IsEmpty(total) ? default : aggregate switch
        {
            "sum" => new Number(Amount(total)),
            "mean" => new Number(MeanLevel(total)),
            "min" => new Number(total.Min, total.Min is null ? null : total.MinAt),
            "max" => new Number(total.Max, total.Max is null ? null : total.MaxAt),
            _ => new Number(total.Last),
        })];

    public static IReadOnlyList<Number> FromObservations(
        IReadOnlyList<Observation> observations, IReadOnlyList<Instant> edges, string aggregate)
    {
        var numbers = new Number[edges.Count - 1];
        var next = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            List<(Instant At, double Value)> values = [];
            for (; next < observations.Count && observations[next].Start < edges[i + 1]; next++)
            {
                values.Add((observations[next].Start, observations[next].Value));
            }

            numbers[i] = Statistic.Of(aggregate, values, null);
        }

        return numbers;
    }
}
