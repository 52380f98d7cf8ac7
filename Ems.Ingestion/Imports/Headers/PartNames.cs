using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows headers that name a part of what one meter counts, a tariff or a phase, or the total of the parts.</summary>
internal static partial class PartNames
{
    private static readonly string[] Sums = ["total", "tot", "sum", "summe", "σ", "gesamt", "gesamtverbrauch", "all", "tous", "totaal", "totale"];

    private static readonly string[] Totals = [.. Sums, "avg", "average", "mean", "mittel", "mittelwert", "3", "three", "phase", "phases", "sys", "sigma"];

    // Of a sum that says which it is of.
    private static readonly string[] Lines = ["l1", "l2", "l3"];

    // Of powers and the like.
    private static readonly string[] Symbols = ["p", "q", "s", "u", "v", "i", "e"];

    // What is measured of each phase, in words that name no metric of themselves.
    private const string Measured =
        "(real|active) (energy|power)( (consumed|delivered|imported?))?|wirkleistung|leistung|spannung|strom|puissance( active)?|tension|courant|potenza( attiva)?|tensione|corrente|potencia( activa)?|tensión|corriente|potência( ativa)?|vermogen|spanning|stroom";

    // Where the water of a meter of heat comes and goes.
    private static readonly string[] OfWater = ["flow", "forward", "return", "supply", "vorlauf", "rücklauf", "inlet", "outlet", "départ", "retour", "mandata", "ritorno", "aanvoer", "vorlauftemperatur", "rücklauftemperatur", "vorlauftemp", "rücklauftemp"];

    // Of what goes through a meter, or of what it measures there.
    private static readonly string[] Sides =
    [
        "restbezug", "rest", "residual", "remaining", "remainder", "eigenverbrauch", "eigendeckung", "überschuss", "self", "own", .. OfWater,
    ];

    /// <summary>The tariff of a header, as it is written there; null where it names none, or a meter beside it.</summary>
    /// <param name="name">What the header says beside metric and unit.</param>
    public static string? TariffIn(string name)
    {
        var rest = new PlainText(Carriers.Without(name));
        return Tariff().Match(rest.Text) is { Success: true } match && Directions.AreAll(new HeaderWords(rest.Text.Remove(match.Index, match.Length))) ? rest.Written(match.Value) : null;
    }

    /// <summary>Whether a text names a tariff, whatever else it says.</summary>
    public static bool HaveTariff(string text) => Tariff().IsMatch(PlainText.Of(text));

    /// <summary>The phase, or the two lines, of a header (<c>l1</c>, <c>l1_l2</c>); null where it names none. A lone letter may be a building.</summary>
    /// <param name="name">What the header says beside metric and unit.</param>
    public static string? PhaseIn(string name, bool mayBeLetter) =>
        !mayBeLetter && AreAllLines(name) ? null
        : Phase().Match(PlainText.Of(name)) is { Success: true } match ? Signs().Replace(match.Groups["phase"].Value.ToLowerInvariant().Replace("l-", "l", StringComparison.Ordinal), "_")
        : mayBeLetter && name.Length == 1 && MayBePhase(name) ? name.ToLowerInvariant()
        : null;

    /// <summary>Whether it is no more than a phase may be called, which is no name of a meter.</summary>
    public static bool MayBePhase(string name) => NumberOrLetter().IsMatch(PlainText.Of(name));

    /// <summary>Whether a word of it says that it is the sum of others, whatever else it says.</summary>
    public static bool HaveSum(string name) => new HeaderWords(name).Any((IEnumerable<string>)Sums);

    /// <summary>A name without the words that say so.</summary>
    public static string WithoutSums(string name) => string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(Sums, StringComparer.OrdinalIgnoreCase));

    public static bool IsTotal(string name) => AreAllLines(name) || (new HeaderWords(Quantity().Replace(PlainText.Of(name), "")) is var words && (words.Except(words.Any((IEnumerable<string>)Sums) ? [.. Totals, .. Symbols, .. Lines] : Totals).Count == 0 || Directions.AreAll(words)));

    /// <summary>Whether it names all three phases at once, as <c>Real power L1..L3</c> does.</summary>
    public static bool AreAllLines(string name) => AllLines().IsMatch(Quantity().Replace(PlainText.Of(name), ""));

    /// <summary>Whether it is called by the number of phases: <c>3-Phase</c>, which beside phases with letters is all of them.</summary>
    public static bool AreThreePhases(string name) => ThreePhases().IsMatch(name);

    /// <summary>The element of a meter that a name is of, which beside their total is a phase; null where it is of none.</summary>
    public static string? ElementIn(string name) => Element().Match(name) is { Success: true } match ? match.Groups["element"].Value.ToLowerInvariant() : null;

    /// <summary>Whether a name says what is counted or measured and no meter: <c>Consumption</c>, <c>Flow</c>, or the bands of tariffs that Italian bills call F1 to F3.</summary>
    public static bool NameNoMeter(string name) => Band().IsMatch(name) || IsSide(HeatNames.WithoutNumber(name)) || Directions.NameNothing(new HeaderWords(name))
        || (!name.Any(char.IsDigit) && new HeaderWords(name).Except([.. Sides, .. Sums]).All(word => GeneralNames.Have(word) || Directions.NameNothing(new HeaderWords(word))));

    /// <summary>Whether a name says nothing but where water comes or goes: <c>Supply</c>.</summary>
    public static bool IsSide(string name) => new HeaderWords(name) is { Count: > 0 } words && words.Any((IEnumerable<string>)OfWater) && words.Except([.. OfWater, "t", "temp"]).Count == 0;

    /// <summary>Whether the header of a temperature says that it is a difference of two: <c>Delta T</c>, and no <c>Delta Tower</c>.</summary>
    public static bool IsDifference(string header) => Difference().IsMatch(PlainText.Of(header));

    /// <summary>Where the water comes or goes whose temperature a row says it has; null where it says none.</summary>
    public static string? SideIn(string measured) => HeaderReader.Read(measured) is { Metric.Name: "temperature", Rest: var rest } && IsSide(rest) ? rest.Trim() : null;

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])((super[\s_-]?)?off[\s_-]?peak|(on|mid)[\s_-]?peak|peak|shoulder|day|night|tag|nacht|ht|nt|(hoch|nieder|haupt|neben)tarif|(hoog|laag)tarief|heures (pleines|creuses)|hp|hc"
        + @"|punta|llano|valle|(tariff|tarif|tarief|tarifa|tariffa|rate)[\s_]*(\d|ht|nt))(?![\p{L}\p{N}])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Tariff();

    [GeneratedRegex(
        @"^(([uvips]|" + Measured + @")[\s_-]*)?(?<phase>l-?[123]([\W_]*(l-?[123]|n))?)([\s_-]*(avg|mean|mittelwert|moy(enne)?|media))?$|^phase[\s_-]*(?<phase>l?[123]|[abcrsty])$|^(?<phase>l?[123]|[abcrsty])[\s_-]*phase$|^(?<phase>[abc])_total_act$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Phase();

    [GeneratedRegex(@"^l-?1\s*(\.{2,}|…|-|–|—|to|bis|[\W_]+l-?2[\W_]+)\s*l-?3$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AllLines();

    [GeneratedRegex(@"^(3|three)[\s_-]*phases?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ThreePhases();

    [GeneratedRegex(@"^(element|elem|elmt)\.?[\s_-]*(?<element>[123abc])$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    [GeneratedRegex(@"^(" + Measured + @")[\s_-]+(?=\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^(phase[\s_-]*)?((l-?)?[123]|[abcrstyb])([\s_-]*phase)?$|^l\d[\W_]*l\d$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NumberOrLetter();

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(([δ∆]|delta|diff(erence)?|differenz|différence|diferencia|differenza)[\s_.-]*((de|di|of)\s+)?t(emp\p{L}*)?(?!\p{L})|(temp\p{L}*|t)[\s_.-]*(diff(erence|erenz)?|delta)(?!\p{L}))"
        + @"|spreizung|(?<![\p{L}\p{N}])dt\W*([(\[].*)?$|^\W*([δ∆]|delta|diff(erence)?|differenz|différence|diferencia|differenza)\W*([(\[].*)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Difference();

    [GeneratedRegex("^F[123]$", RegexOptions.CultureInvariant)]
    private static partial Regex Band();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
