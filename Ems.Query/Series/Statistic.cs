using NodaTime;

namespace Ems.Query.Series;

/// <summary>What a list of values comes to.</summary>
internal static class Statistic
{
    /// <param name="values">In order of time.</param>
    /// <param name="percentile">0 to 100, for the percentile alone; between two values it is interpolated.</param>
    /// <returns>No value where there are none, or too few (a standard deviation of a sample needs two).</returns>
    public static Number Of(string aggregate, IReadOnlyList<(Instant At, double Value)> values, double? percentile)
    {
        if (aggregate == "count")
        {
            return new Number(values.Count);
        }

        if (values.Count == 0)
        {
            return default;
        }

        return aggregate switch
        {
            "sum" => new Number(values.Sum(v => v.Value)),
            "mean" => new Number(values.Average(v => v.Value)),
            "min" => Timed(values.MinBy(v => v.Value)),
            "max" => Timed(values.MaxBy(v => v.Value)),
            "last" => Timed(values[^1]),
            "median" => new Number(Percentile(values, 50)),
            "percentile" => new Number(Percentile(values, percentile ?? 50)),
            "stddev" => new Number(StandardDeviation(values)),
            _ => throw new ArgumentOutOfRangeException(nameof(aggregate), aggregate, "Unknown aggregate."),
        };
    }

    private static Number Timed((Instant At, double Value) value) => new(value.Value, value.At);

    private static double Percentile(IReadOnlyList<(Instant At, double Value)> values, double percentile)
    {
        var sorted = values.Select(v => v.Value).Order().ToArray();
        var position = percentile / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }

    private static double? StandardDeviation(IReadOnlyList<(Instant At, double Value)> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average(v => v.Value);
        return Math.Sqrt(values.Sum(v => (v.Value - mean) * (v.Value - mean)) / (values.Count - 1));
    }
}
