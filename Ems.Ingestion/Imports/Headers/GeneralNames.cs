using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows names that say what a sheet holds, or how often, and not whose it is: <c>kWh</c>, <c>Interval Data</c>, <c>15min</c>, <c>Report 1</c>.</summary>
internal static partial class GeneralNames
{
    private static readonly FrozenSet<string> Words = string.Join(
        ' ',
        "data value values reading readings consumption usage demand load profile profiles interval intervals trend trends log logs history historical export exports",
        "report reports result results output raw measurement measurements measured time series timeseries table sheet worksheet electricity gas water heat",
        "hourly daily weekly monthly yearly annual quarterly quarter half hour hours hr day days week month months year min mins minute minutes minutely of per by",
        "daten wert werte messung messungen messwert messwerte messdaten verbrauch verbräuche verbrauchsdaten lastgang lastgänge lastprofil zählerstand zählerstände ablesung ablesungen bericht",
        "bezug strom erdgas wasser wärme stündlich täglich monatlich stunde stunden tag tage monat monate jahr viertelstunde viertelstunden stundenwerte tageswerte monatswerte blatt",
        "données valeurs relevé relevés index consommation consommations mesure mesures courbe charge électricité gaz eau chaleur horaire journalier mensuel heure heures jour mois de feuille",
        "datos valores valor consumo consumos lectura lecturas medida medidas electricidad agua horario diario mensual hoja",
        "dati valori consumi lettura letture misura misure foglio gegevens waarden meetwaarden verbruik dados leituras").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // With a number they are names: Meter 12.
    private static readonly FrozenSet<string> UnlessNumbered =
        new[] { "meter", "meters", "zähler", "compteur", "compteurs", "contador", "contatore" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Have(string name)
    {
        var words = Parts().Matches(PlainText.Of(name)).Select(match => match.Value).ToList();
        var isNumbered = words.Exists(word => char.IsDigit(word[0]));
        var rest = words.Where(word => !char.IsDigit(word[0]) && !Words.Contains(word) && (isNumbered || !UnlessNumbered.Contains(word))).ToList();
        return words.Count > 0 && (rest.Count == 0 ? words.Exists(word => !char.IsDigit(word[0])) : AreQuantity(name) || AreQuantity(string.Join(' ', rest)));
    }

    /// <summary>The same of the name of a file, as programs call what they save: <c>UsageData</c>, <c>Book1</c>, <c>download</c>.</summary>
    public static bool HaveFile(string name) => Have(OfPrograms().Replace(Joints().Replace(name, " "), "data"));

    /// <summary>Whether it is such a name that speaks of no meter either.</summary>
    public static bool HaveNoMeter(string name) => HaveFile(name) && !Parts().Matches(PlainText.Of(name)).Any(match => UnlessNumbered.Contains(match.Value)) && Carriers.Find(name) is null;

    /// <summary>Whether any of its words is one of them.</summary>
    public static bool HaveAny(string name) => Parts().Matches(PlainText.Of(name)).Any(match => Words.Contains(match.Value));

    /// <summary>Whether they are a unit or a metric; a lone letter is a name.</summary>
    private static bool AreQuantity(string words) =>
        words.Trim().Length > 1 && HeaderReader.Read(words) is { Rest.Length: 0 } reading && (reading.Metric is not null || reading.Unit is not null);

    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex Joints();

    [GeneratedRegex(@"(?<!\p{L})(book|mappe|classeur|libro|cartel|download|untitled|file|auszug|datalog|trendlog)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfPrograms();

    [GeneratedRegex(@"[\p{L}\p{M}]+[²³]?|\p{N}+", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
