using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <content>Headers that say behind a unit which value of an interval, or of which phase, it is.</content>
internal static partial class HeaderReader
{
    /// <summary>A header with what is said of a value behind its unit in brackets (<c>Active Power (kW) Avg</c>) in front of it; as it stands where its words are none of that unit.</summary>
    private static string WithUnitAtEnd(string header) => UnitInFront().Match(header) is { Success: true } match && Units.TryParse(match.Groups["unit"].Value, out var unit)
        && match.Groups["name"].Value is var name && (Read(name, WordsOf(name), null).Metric?.Dimension ?? unit.Dimension) == unit.Dimension ? $"{name} {match.Groups["of"].Value} ({match.Groups["unit"].Value})" : header;

    [GeneratedRegex(@"^(?<name>.*\p{L}\w*)\s*[\(\[](?<unit>[^\(\)\[\]]+)[\)\]][\s_-]*(?<of>avg|average|mean|mittel(wert)?|moy(enne)?|media|max(imum)?|min(imum)?|l[123])\.?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UnitInFront();
}
