using System.Globalization;
using Ems.Core.Metering;
using Ems.Core.Storage;

namespace Ems.Ingestion.Readings;

/// <summary>What can be said about a reading from its own values.</summary>
internal static class ReadingChecks
{
    public const string ValueOutOfRange = "VALUE_OUT_OF_RANGE";

    /// <summary>Largest difference of a power factor and P/S that rounding and timing explain.</summary>
    public const double PowerFactorTolerance = 0.05;

    /// <summary>No quantity of a building or plant comes near it in any unit; sums of larger ones would lose their digits.</summary>
    private const double LargestValue = 1e15;

    /// <summary>Metrics that equipment is expected to go on with once it has delivered them.</summary>
    public static readonly IReadOnlySet<string> Expected = new HashSet<string> { "temperature", "airflow" };

    /// <summary>What is wrong with a value in its canonical unit (code <see cref="ValueOutOfRange"/>); null when nothing is.</summary>
    public static string? RangeFault(string metric, double value) => RangeFault(metric, MetricCatalogue.Find(metric), value);

    /// <param name="found">The metric as the catalogue has it; null when it is none of its own.</param>
    public static string? RangeFault(string metric, Metric? found, double value)
    {
        if (!double.IsFinite(value))
        {
            return $"{metric} is not a finite number.";
        }

        if (Math.Abs(value) > LargestValue)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{metric} is {value}; accepted are at most {LargestValue:0} either way.");
        }

        return found is not { } known || known.IsPlausible(value)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{metric} is {value} {known.Unit}; accepted are {known.Min} to {known.Max} {known.Unit}.");
    }

    /// <summary>What is odd about a reading. Values are in canonical units.</summary>
    /// <param name="deliversTemperature">Whether the equipment has ever delivered a temperature.</param>
    /// <param name="deliversAirflow">Whether the equipment has ever delivered an airflow.</param>
    public static ReadingFlags FlagsOf(IReadOnlyList<MetricValue> values, bool deliversTemperature, bool deliversAirflow)
    {
        double? voltage = null, current = null, powerFactor = null, active = null, apparent = null;
        bool hasTemperature = false, hasAirflow = false;
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i].Value;
            switch (values[i].Metric)
            {
                case "voltage": voltage = value; break;
                case "current": current = value; break;
                case "power_factor": powerFactor = value; break;
                case "active_power": active = value; break;
                case "apparent_power": apparent = value; break;
                case "temperature": hasTemperature = true; break;
                case "airflow": hasAirflow = true; break;
            }
        }

        var flags = ReadingFlags.None;
        flags |= deliversTemperature && !hasTemperature ? ReadingFlags.MissingTemperature : 0;
        flags |= deliversAirflow && !hasAirflow ? ReadingFlags.MissingAirflow : 0;
        flags |= current == 0 && voltage > 0 ? ReadingFlags.CurrentZeroWithVoltage : 0;
        flags |= active is { } p && apparent is { } s ? PowerFlags(p, s, powerFactor) : 0;
        return flags;
    }

    private static ReadingFlags PowerFlags(double active, double apparent, double? powerFactor)
    {
        var flags = Math.Abs(active) > apparent ? ReadingFlags.PowerExceedsApparent : ReadingFlags.None;
        var mismatch = apparent > 0 && Math.Abs(powerFactor - (active / apparent) ?? 0) > PowerFactorTolerance;
        return mismatch ? flags | ReadingFlags.PowerFactorMismatch : flags;
    }
}
