using System.Collections.Frozen;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>How the numbers of live readings, which come in canonical units, are to be understood.</summary>
internal static class LiveMetrics
{
    private static readonly FrozenDictionary<string, (QuantityKind Kind, string Unit)> Known =
        new Dictionary<string, (QuantityKind, string)>
        {
            ["energy_import_register"] = (QuantityKind.Register, "kWh"),
            ["energy_export_register"] = (QuantityKind.Register, "kWh"),
            ["energy"] = (QuantityKind.Interval, "kWh"),
            ["active_power"] = (QuantityKind.Level, "kW"),
            ["reactive_power"] = (QuantityKind.Level, "kvar"),
            ["apparent_power"] = (QuantityKind.Level, "kVA"),
            ["voltage"] = (QuantityKind.Level, "V"),
            ["current"] = (QuantityKind.Level, "A"),
            ["power_factor"] = (QuantityKind.Level, "1"),
            ["frequency"] = (QuantityKind.Level, "Hz"),
            ["temperature"] = (QuantityKind.Level, "°C"),
            ["airflow"] = (QuantityKind.Level, "cfm"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> CountersOrIntervals = new Dictionary<string, string>
    {
        ["gas_volume"] = "m³",
        ["water_volume"] = "m³",
        ["heat"] = "kWh",
    }.ToFrozenDictionary();

    /// <summary>The name under which a metric is stored.</summary>
    public static string CanonicalName(string name) => name == "cfm" ? "airflow" : name;

    public static bool IsAlwaysRegister(string metric) => Known.TryGetValue(metric, out var known) && known.Kind == QuantityKind.Register;

    /// <summary>
    /// A volume or heat is the state of a counter at an instant, a quantity over an interval; what is not known is a level
    /// without a unit.
    /// </summary>
    public static MetricValue Describe(ParsedValue value, Duration length)
    {
        var (kind, unit) = Known.TryGetValue(value.Metric, out var known) ? known
            : CountersOrIntervals.TryGetValue(value.Metric, out var counted)
                ? (length == Duration.Zero ? QuantityKind.Register : QuantityKind.Interval, counted)
            : (QuantityKind.Level, "");
        return new MetricValue(value.Metric, kind, unit, value.Value, value.Value, unit);
    }
}
