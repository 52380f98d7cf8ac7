using Ems.Core.Metering;

namespace Ems.Ingestion.Imports;

internal sealed record ImportMetric(string Name, string Unit, QuantityKind Kind, string Dimension);

/// <summary>The metrics a column can hold.</summary>
internal static class ImportMetrics
{
    public static readonly IReadOnlyList<ImportMetric> All =
    [
        new("energy_import_register", "kWh", QuantityKind.Register, "energy"),
        new("energy_export_register", "kWh", QuantityKind.Register, "energy"),
        new("energy", "kWh", QuantityKind.Interval, "energy"),
        new("active_power", "kW", QuantityKind.Level, "power"),
        new("reactive_power", "kvar", QuantityKind.Level, "reactive"),
        new("apparent_power", "kVA", QuantityKind.Level, "apparent"),
        new("voltage", "V", QuantityKind.Level, "voltage"),
        new("current", "A", QuantityKind.Level, "current"),
        new("power_factor", "1", QuantityKind.Level, "ratio"),
        new("frequency", "Hz", QuantityKind.Level, "frequency"),
        new("temperature", "°C", QuantityKind.Level, "temperature"),
        new("airflow", "cfm", QuantityKind.Level, "airflow"),
        new("gas_volume", "m³", QuantityKind.Interval, "volume"),
        new("water_volume", "m³", QuantityKind.Interval, "volume"),
        new("heat", "kWh", QuantityKind.Interval, "energy"),
    ];

    public static ImportMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);
}
