namespace Ems.Ingestion.Files;

/// <summary>The codes of ESPI (NAESB REQ.21, from IEC 61968-9) that say what a reading measures.</summary>
internal static class GreenButtonUnits
{
    // What has been counted since a meter was made: a bulk quantity, one that goes on (with or without resets), and a summation.
    private static readonly int[] Registers = [1, 2, 3, 9];

    /// <summary>The metric and the unit of such values, and the power of ten to it; null for a unit that is not known.</summary>
    /// <param name="unit">UnitOfMeasure.</param>
    /// <param name="accumulation">AccumulationBehaviour: some say that it is what a register shows.</param>
    public static (string Metric, string Unit, int PowerOfTen)? Find(int unit, int commodity, int service, int accumulation, bool isReverse)
    {
        var energy = Registers.Contains(accumulation) ? (isReverse ? "energy_export_register" : "energy_import_register") : "energy";
        var volume = Carrier(commodity, service) == "Water" ? "water_volume" : "gas_volume";
        return unit switch
        {
            72 => (energy, "Wh", 0),
            132 => (energy, "kBtu", -3),
            169 => (energy, "therm", 0),
            31 => (energy, "MJ", -6),
            // As it flows, or at the conditions of billing: uncompensated and compensated.
            42 or 166 or 167 => (volume, "m³", 0),
            119 or 120 or 121 => (volume, "ft³", 0),
            134 or 156 or 157 => (volume, "l", 0),
            128 => (volume, "gal", 0),
            130 => (volume, "UK gal", 0),
            38 => ("active_power", "W", 0),
            63 => ("reactive_power", "var", 0),
            61 => ("apparent_power", "VA", 0),
            29 => ("voltage", "V", 0),
            5 => ("current", "A", 0),
            33 => ("frequency", "Hz", 0),
            65 => ("power_factor", "", 0),
            23 => ("temperature", "°C", 0),
            279 => ("temperature", "°F", 0),
            _ => null,
        };
    }

    /// <summary>What flows, as ENERGY STAR calls the type of its meter, and whether it flows out; empty when neither is said.</summary>
    public static string MeterType(int commodity, int service, bool isReverse) => $"{Carrier(commodity, service)}{(isReverse ? " export" : "")}".Trim();

    /// <summary>Qualities of a reading (QualityOfReading) that was not measured: estimated in some way, derived from a day like it, or projected.</summary>
    public static bool IsEstimated(int quality) => quality is 8 or 9 or 12;

    /// <summary>DataQualifiers of a series of greatest or least values.</summary>
    public static bool IsExtreme(int qualifier) => qualifier is 8 or 9;

    private static string Carrier(int commodity, int service) => (commodity, service) switch
    {
        (1 or 2, _) => "Electric",
        (7, _) => "Natural Gas",
        (9, _) => "Water",
        (_, 0) => "Electric",
        (_, 1) => "Natural Gas",
        (_, 2) => "Water",
        (_, 4) => "District Steam",
        _ => "",
    };
}
