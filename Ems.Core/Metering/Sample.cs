using NodaTime;

namespace Ems.Core.Metering;

/// <summary>How a metric's values add up.</summary>
public enum QuantityKind
{
    /// <summary>An ever-growing counter; a quantity is the difference of two values.</summary>
    Register,

    /// <summary>A quantity per interval; quantities add.</summary>
    Interval,

    /// <summary>A momentary value (length zero) or the mean over an interval.</summary>
    Level,
}

/// <summary>
/// What is known to be odd about a reading. Those up to <see cref="Estimated"/> are known when it comes in and hold for all of its
/// values; the others (<see cref="ReadingFlagSets.Found"/>) belong to one value and are found by comparing it with others. Numbers
/// are stored: never renumber.
/// </summary>
[Flags]
public enum ReadingFlags
{
    None = 0,
    MissingTemperature = 1,
    MissingAirflow = 2,
    PowerExceedsApparent = 4,
    PowerFactorMismatch = 8,
    CurrentZeroWithVoltage = 16,
    Estimated = 32,

    /// <summary>One of many equal values where the series else changes.</summary>
    Stuck = 64,

    /// <summary>Far away from all values around it.</summary>
    Spike = 128,

    /// <summary>Came when later values of its series were known already.</summary>
    Late = 256,

    /// <summary>Values are missing in front of it.</summary>
    Gap = 512,

    /// <summary>The register went back: it was reset, exchanged, or rolled over.</summary>
    RegisterReset = 1024,

    /// <summary>The register ran faster than it ever does around this time.</summary>
    ImplausibleRate = 2048,

    /// <summary>Consumption below zero where no export is declared.</summary>
    NegativeConsumption = 4096,

    /// <summary>The meters below this one counted more than it did on the day.</summary>
    Imbalance = 8192,
}

/// <summary>Which flags belong together.</summary>
public static class ReadingFlagSets
{
    /// <summary>Flags of a single value, found by comparison with others.</summary>
    public const ReadingFlags Found = ReadingFlags.Stuck | ReadingFlags.Spike | ReadingFlags.Late | ReadingFlags.Gap
        | ReadingFlags.RegisterReset | ReadingFlags.ImplausibleRate | ReadingFlags.NegativeConsumption | ReadingFlags.Imbalance;
}

/// <summary>One value of a series in the metric's canonical unit.</summary>
/// <param name="Start">Start of the interval, or the instant.</param>
/// <param name="Length">Length of the interval; zero for an instant and for an interval of unknown length.</param>
/// <param name="Value">Positive for import and consumption, negative for export.</param>
/// <param name="Flags">What is odd about the reading it belongs to.</param>
public readonly record struct Sample(Instant Start, Duration Length, double Value, ReadingFlags Flags = ReadingFlags.None)
{
    public Instant End => Start + Length;
}

/// <summary>Samples in order of start.</summary>
public static class SampleLists
{
    /// <summary>How many start before the instant.</summary>
    public static int CountBefore(this IReadOnlyList<Sample> samples, Instant at)
    {
        var (low, high) = (0, samples.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = samples[middle].Start < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
