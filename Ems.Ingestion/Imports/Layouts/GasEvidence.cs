using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Tells gas where nothing names it, from what only gas is counted in or corrected by.</summary>
internal static class GasEvidence
{
    // What turns volumes of gas into energy.
    private static readonly string[] Factors = ["brennwert", "zustandszahl", "calorific"];

    // As French and Italian name them beside their unit; alone they are pieces.
    private static readonly string[] Calories = ["pcs", "pci"];
    private static readonly string[] OfCalories = ["kwh", "m3", "m³", "nm3", "mj"];

    /// <summary>Why it is gas; null where nothing shows it.</summary>
    public static string? Find(IEnumerable<string> units, IEnumerable<string> headers) =>
        units.Select(unit => Units.TryParse(unit, out var known) ? known.Symbol : "").Distinct().ToList() is ["therm" or "Dth"] ? "gas is counted in therms"
        : headers.FirstOrDefault(header => NamesFactor(new HeaderWords(header))) is { } factor ? $"the column {factor} is one of gas" : null;

    private static bool NamesFactor(HeaderWords header) => header.Any((IEnumerable<string>)Factors)
        || (header.Any((IEnumerable<string>)Calories) && header.Any((IEnumerable<string>)OfCalories));
}
