using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>German words as people write them, where a program without umlauts has written them: <c>Zaehlpunkt</c>, <c>WAERMEMENGE</c>.</summary>
internal static partial class Umlauts
{
    public static string Of(string text) => Words().Replace(text, word => Letters().Replace(word.Value, letters => letters.Value switch
    {
        "ae" => "ä",
        "oe" => "ö",
        "ue" => "ü",
        "Ae" or "AE" => "Ä",
        "Oe" or "OE" => "Ö",
        _ => "Ü",
    }));

    // Parts of words that nothing but these have: elsewhere two letters are as often two.
    [GeneratedRegex(
        @"zaehl|staende|geraet|gebaeud|energietraeger|waerm|kaelt|lueft|heizoel|rueck(?=lauf|lief|speis|einspeis)|schaetz|ungueltig|ueberschuss|qualitaet|aequivalent|elektrizitaet",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex("[aou]e", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Letters();
}
