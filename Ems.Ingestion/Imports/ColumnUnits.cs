namespace Ems.Ingestion.Imports;

/// <summary>A unit of a column: canonical value = value × factor + offset.</summary>
internal sealed record ColumnUnit(string Dimension, double Factor, double Offset = 0);

/// <summary>Units as headers and forms write them.</summary>
internal static class ColumnUnits
{
    private static readonly Dictionary<string, ColumnUnit> Units = new(StringComparer.Ordinal)
    {
        ["kWh"] = new("energy", 1),
        ["kwh"] = new("energy", 1),
        ["KWH"] = new("energy", 1),
        ["kWH"] = new("energy", 1),
        ["Wh"] = new("energy", 0.001),
        ["MWh"] = new("energy", 1000),
        ["MWH"] = new("energy", 1000),
        ["GWh"] = new("energy", 1e6),
        ["J"] = new("energy", 1 / 3.6e6),
        ["MJ"] = new("energy", 1 / 3.6),
        ["GJ"] = new("energy", 1000 / 3.6),
        ["kBtu"] = new("energy", 0.29307107),
        ["kbtu"] = new("energy", 0.29307107),
        ["therm"] = new("energy", 29.307107),
        ["therms"] = new("energy", 29.307107),
        ["W"] = new("power", 0.001),
        ["kW"] = new("power", 1),
        ["kw"] = new("power", 1),
        ["KW"] = new("power", 1),
        ["MW"] = new("power", 1000),
        ["GW"] = new("power", 1e6),
        ["var"] = new("reactive", 0.001),
        ["VAR"] = new("reactive", 0.001),
        ["kvar"] = new("reactive", 1),
        ["kVAr"] = new("reactive", 1),
        ["kVAR"] = new("reactive", 1),
        ["KVAR"] = new("reactive", 1),
        ["Mvar"] = new("reactive", 1000),
        ["MVAR"] = new("reactive", 1000),
        ["VA"] = new("apparent", 0.001),
        ["kVA"] = new("apparent", 1),
        ["KVA"] = new("apparent", 1),
        ["MVA"] = new("apparent", 1000),
        ["V"] = new("voltage", 1),
        ["kV"] = new("voltage", 1000),
        ["mV"] = new("voltage", 0.001),
        ["A"] = new("current", 1),
        ["mA"] = new("current", 0.001),
        ["kA"] = new("current", 1000),
        ["Hz"] = new("frequency", 1),
        ["hz"] = new("frequency", 1),
        ["HZ"] = new("frequency", 1),
        ["°C"] = new("temperature", 1),
        ["C"] = new("temperature", 1),
        ["degC"] = new("temperature", 1),
        ["°F"] = new("temperature", 5 / 9.0, -160 / 9.0),
        ["F"] = new("temperature", 5 / 9.0, -160 / 9.0),
        ["degF"] = new("temperature", 5 / 9.0, -160 / 9.0),
        ["K"] = new("temperature", 1, -273.15),
        ["cfm"] = new("airflow", 1),
        ["CFM"] = new("airflow", 1),
        ["m³"] = new("volume", 1),
        ["m3"] = new("volume", 1),
        ["l"] = new("volume", 0.001),
        ["L"] = new("volume", 0.001),
        ["ft³"] = new("volume", 0.028316846592),
        ["ft3"] = new("volume", 0.028316846592),
        ["1"] = new("ratio", 1),
        ["%"] = new("ratio", 0.01),
    };

    /// <param name="alone">Whether the symbol stands where only a unit can stand; a lone letter is none elsewhere.</param>
    public static ColumnUnit? Find(string symbol, bool alone) =>
        symbol is "1" && !alone ? null : Units.GetValueOrDefault(symbol);
}
