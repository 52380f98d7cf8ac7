using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Recognises amounts of one thing for each unit of another, which are none of the other: <c>ct/kWh</c>, <c>Cost per kWh</c>, <c>g CO2/kWh</c>.</summary>
internal static partial class Ratios
{
    /// <summary>Whether the unit at this place is one that something else is counted by. <c>Energy / kWh</c>, <c>Main/kWh</c> and <c>Rate 1/kWh</c> are energies.</summary>
    public static bool HaveBelow(string text, int unit)
    {
        var before = text[..unit].TrimEnd();
        if (!before.EndsWith('/'))
        {
            return Per().IsMatch(before);
        }

        var above = before[..^1].TrimEnd();
        return IsAmount(LastWord().Match(above).Value) || new HeaderWords(above).NameMoney || (new HeaderWords(above).Any("rate", "tariff", "tarif", "tarifa") && !PartNames.HaveTariff(above));
    }

    /// <summary>A lone capital is what is measured: <c>P/kW</c>.</summary>
    private static bool IsAmount(string word) => Amount().IsMatch(word.TrimEnd('.')) || (word.Length > 1 && Units.TryParse(word, out _));

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(per|pro|par|por|je)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Per();

    [GeneratedRegex(@"[^\s/(\[]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LastWord();

    [GeneratedRegex(
        @"\p{Sc}|co[2₂]|^((?-i:[pcgt])|cts?|cents?|pence|rp|øre|öre|kr|fr|eur|euros?|usd|gbp|chf|sek|nok|dkk|pln|czk|aud|cad|nzd|inr|zar|jpy|cny|brl|[km]g|grams?|lbs?|tons?|tonnes?)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
