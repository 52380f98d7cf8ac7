using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Tells gas where nothing names it, from what only gas is counted in or corrected by.</summary>
internal static class GasEvidence
{
    // What turns volumes of gas into energy.
    private static readonly string[] Factors = ["brennwert", "zustandszahl", "calorific", "pcs", "pci"];

    /// <summary>Why it is gas; null where nothing shows it.</summary>
    public static string? Find(IEnumerable<string> units, IEnumerable<string> headers) =>
        units.Select(unit => Units.TryParse(unit, out var known) ? known.Symbol : "").Distinct().ToList() is ["therm" or "Dth"] ? "gas is counted in therms"
        : headers.FirstOrDefault(header => new HeaderWords(header).Any((IEnumerable<string>)Factors)) is { } factor ? $"the column {factor} is one of gas" : null;
}
