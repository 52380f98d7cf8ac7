using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows names of meters of heat, and of what else is of heat.</summary>
internal static partial class HeatNames
{
    /// <summary>Whether a text says that a meter of heat is one: <c>HM1</c>, <c>WMZ Nord</c>.</summary>
    public static bool AreMeters(string text) => Meters().IsMatch(PlainText.Of(text).Replace('_', ' '));

    /// <summary>Whether a name has the code of a meter of heat or cold, as systems of buildings write it (<c>GMS1.HZG.WMZ01</c>), and of which; null where it has none, or those of both.</summary>
    public static string? CarrierOfCode(string name) => Codes().Matches(name).Select(match => match.Groups["cold"].Success ? Carriers.Cooling : Carriers.Heat).Distinct().ToList() is [var only] ? only : null;

    /// <summary>Whether a name has the code of water in pipes, or of its meter: <c>KWZ Haus</c>, <c>SAN.KW.Volumen</c>. Alone KW is a week or a unit.</summary>
    public static bool NameWater(string name) => Water().IsMatch(name);

    /// <summary>Whether a text speaks of heat, and neither of cold nor of a machine that moves or makes it.</summary>
    public static bool AreOf(string text) =>
        Carriers.FindAll(text) is var carriers && !carriers.Contains(Carriers.Cooling) && !Machines.AreNamedIn(text) && (carriers.Contains(Carriers.Heat) || Heating().IsMatch(PlainText.Of(text).Replace('_', ' ')));

    /// <summary>A header without the number of the register that meters of heat show with it: <c>Energy E1</c>, <c>Volume V1</c>, <c>Flow temp t1</c>.</summary>
    public static string WithoutNumber(string header) => Numbers().Replace(header, " ");

    /// <summary>Whether a header has the number that they show for what they count of cold.</summary>
    public static bool HaveNumberOfCold(string header) => Numbers().Match(header).Groups["cold"].Success;

    /// <summary>Whether a header has such a number.</summary>
    public static bool HaveNumber(string header) => Numbers().IsMatch(header);

    [GeneratedRegex(
        @"(?<!\p{L})(hm|wmz|((district|space)\s*)?heat(ing)?[\s-]*meters?|thermal(\s+energy)?[\s-]*meters?|m?btu[\s-]*meters?|(fern)?w(ä|ae)rme(mengen)?z(ä|ae)hler|calori(meters?|m[èe]tres?)|kalorimeter"
        + @"|compteurs?\s+(de\s+chaleur|d['’]énergie\s+thermique)|contacalorie|contatori?\s+di\s+calore|contador(es)?\s+de\s+calor|warmtemeters?)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Meters();

    [GeneratedRegex(@"(?<!\p{L})(heating|heiz(kreis|ung)|fernwärme|chauffage|riscaldamento|calefacción|verwarming)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Heating();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(WMZ|(?<cold>KMZ))(?!\p{L})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Codes();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(KWZ|WWZ|PWC|PWH|TWK|TWW|TWZ)(?!\p{L})|(?<=[\p{L}\p{N}]\.)(KW|WW|TW)\d{0,2}(?=\.\p{L})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Water();

    // Behind the name of what is counted, or alone.
    [GeneratedRegex(@"(?<=\p{L}{3}\W{1,2}|^\W*)\(?(e1|(?<cold>e3)|v[12]|t[12])\)?(?!\w)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
