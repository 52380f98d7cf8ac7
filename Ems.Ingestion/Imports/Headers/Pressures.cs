using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Recognises headers of pressures, which stand beside gas and compressed air and are never used.</summary>
internal static partial class Pressures
{
    // Without a unit a Druck is a department that prints, and with another word behind it a pressure is that of a machine: Pressure washer.
    private const string Bar = @"(?<unit>m?bar([ _]?\(?[ag]\)?)?|psi[ag]?|[kmh]?pa)";

    /// <summary>Whether a header names one.</summary>
    public static bool AreNamedBy(string header) => Named().IsMatch(PlainText.Of(header).Trim());

    /// <summary>The unit that a header of one has; null where it has none, or names no pressure.</summary>
    public static string? UnitOf(string header) => Named().Match(PlainText.Of(header).Trim()) is { Success: true } found && found.Groups["unit"].Value is { Length: > 0 } unit ? unit : null;

    [GeneratedRegex(
        @"((?<!\p{L})pressure|(?<!\p{L})(luft|netz|gas|betriebs|leitungs|system|vor|über)druck)[ _]*([(\[]?\s*" + Bar + @"\s*[)\]]?)?$"
        + @"|((?<!\p{L})(p|druck|druk|pression|presi[oó]n|pressione|press[aã]o|ci[sś]nienie|tlak|tryck|trykk|paine|bas[ıi]n[cç]))[ _]*[(\[]?\s*" + Bar + @"\s*[)\]]?$"
        + @"|[(\[]\s*(?-i:(?<unit>m?bar([ _]?\(?[ag]\)?)?|psi[ag]?|[kMh]Pa))\s*[)\]]$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
