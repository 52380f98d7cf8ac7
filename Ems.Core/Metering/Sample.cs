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

/// <summary>What is known to be odd about a reading. Values are stored: never renumber.</summary>
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
    Stuck = 64,
    Spike = 128,
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
