using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <content>Headers that say behind a unit which value of an interval, or of which phase, it is.</content>
internal static partial class HeaderReader
{
    /// <summary>A header with what is said of a value behind its unit in brackets (<c>Active Power (kW) Avg</c>) in front of it; as it stands where its words are none of that unit.</summary>
    private static string WithUnitAtEnd(string header) => UnitInFront().Match(header) is { Success: true } match && Units.TryParse(match.Groups["unit"].Value, out var unit)
        && match.Groups["name"].Value is var name && (Read(name, WordsOf(name), null).Metric?.Dimension ?? unit.Dimension) == unit.Dimension ? $"{name} {match.Groups["of"].Value} ({match.Groups["unit"].Value})" : header;

    // What a second row of headers says below a unit: read, used, old and new.
    private const string OfReadings = "readings?|read|register|counter|meter|index|stand|stände|zählerstand|meterstand|stan|stav|stavy|odczyt|wskazanie|odečet|lukema|mätarställning|målerstand|aflæsning|avlesning|állás|endeks|relevés?|lectura|lettura|leitura"
        + "|consumption|usage|used|use|verbrauch|menge|verbruik|förbrukning|forbrug|forbruk|kulutus|zużycie|spotřeba|spotreba|fogyasztás|tüketim|consommation|consumo|consumi|alt|neu|old|new|previous|current|start|end|anfang|ende|opening|closing";

    [GeneratedRegex(@"^(?<name>.*\p{L}\w*)(\s*[\(\[](?<unit>[^\(\)\[\]]+)[\)\]][\s_-]*(?<of>avg|average|mean|mittel(wert)?|moy(enne)?|media|max(imum)?|min(imum)?|l[123]|" + OfReadings + @")|\s+(?<unit>[kM]Wh|m3|m³)\s+(?<of>meter|counter|register))\.?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UnitInFront();
}
