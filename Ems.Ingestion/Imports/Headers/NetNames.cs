using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows what power meters call the difference or the sum of both directions: <c>Active Energy Delivered-Received</c>.</summary>
internal static partial class NetNames
{
    /// <summary>Why they are left out.</summary>
    public const string Why = "what flows in stands alone beside what has both directions in it";

    private static readonly string[] Inward = ["delivered", "del", "import", "imported", "imp", "forward", "fwd"];

    private static readonly string[] Outward = ["received", "rec", "export", "exported", "exp", "reverse", "rev"];

    // Conveyors, doors and places are called so, too.
    private static readonly string[] OfMachines = ["out", "reverse", "rev", "rec", "ausspeisung"];

    // Of one language each. What stands behind says nothing without the word before: an Ausspeisung is also what a network gives.
    private static readonly (string[] Inward, string[] Outward)[] Pairs =
    [
        (Inward, Outward), (["çekiş"], ["veriş"]), (["otto"], ["anto"]), (["spotřeba"], ["přetok"]), (["fogyasztás"], ["visszatáplálás"]), (["κατανάλωση"], ["έγχυση"]), (["tüketim"], ["üretim"]), (["vételezés"], ["betáplálás"]), (["consum"], ["injectat"]), (["energie"], ["ausspeisung"]), (["købt"], ["solgt"]),
        (["потребление", "прием"], ["отдача"]), (["prijem"], ["oddaja"]), (["preuzeta"], ["predana"]), (["正向"], ["反向"]), (["買電", "买电", "购电"], ["売電", "卖电", "售电"]), (["tarbimine"], ["tootmine"]), (["patērētā", "saņemtā"], ["nodotā"]), (["suvartota", "gauta"], ["patiekta", "atiduota"]), (["prejeta"], ["oddana"]), (["forbruk"], ["produksjon"]), (["forbrug"], ["produktion"]), (["förbrukning"], ["produktion"]),
        (["entregada"], ["recibida"]), (["consumida"], ["gerada"]), (["in"], ["out"]),
    ];

    private static readonly string[] Of = ["net", "total", "sum"];

    private static readonly string[] Alone = ["net", "netto", "saldo"];

    // As those call it that show both directions of each interval beside it.
    private static readonly string[] OfInterval = ["interval"];

    // Of a row.
    private const double MostRounding = 0.02;
    private const double Tolerance = 1e-5;
    private const double MatchingShare = 0.9;
    private const double Exactly = 1e-12;
    private const int MostDigits = 7;

    /// <summary>
    /// Names that say so of what another one of them says of what flows in: <c>Active Energy Delivered</c>. So does a total beside one of each direction: <c>Ep_total</c>
    /// beside <c>Ep_imp</c> and <c>Ep_exp</c>.
    /// </summary>
    /// <param name="areOfBoth">Whether a total, the first, is that of both directions, as what is used in all is called so too; null where nothing shows it.</param>
    public static IReadOnlySet<string> FindIn(IEnumerable<string> names, Func<string, string, string, bool>? areOfBoth = null)
    {
        var all = names.ToHashSet();
        var plain = all.Select(Plain).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (inward, outward) = (RestsOf(all, Inward), RestsOf(all, Outward));
        return all.Where(name => (Both().Match(name) is { Success: true } both && plain.Contains(Plain(name.Remove(both.Index, both.Length).Insert(both.Index, both.Groups["in"].Value))))
            || (WordsOf(name) is var words && (RestOf(words, Of) ?? (areOfBoth is null ? null : RestOf(words, OfInterval))) is { } rest && inward[rest].FirstOrDefault() is { } into && outward[rest].FirstOrDefault() is { } from
                && (words.Any("net") || areOfBoth is null || areOfBoth(name, into, from)))).ToHashSet();
    }

    /// <summary>Whether a name says nothing else: the sum of the rows beside it may be called so.</summary>
    public static bool IsAlone(string name) => new HeaderWords(name) is var words && words.Any((IEnumerable<string>)Alone) && words.Except([.. Alone, .. Of]).Count == 0;

    /// <summary>Headers of columns that say so, and of totals those that are the sum or the difference of both directions in the rows.</summary>
    public static IReadOnlySet<string> FindIn(SheetTable table, IEnumerable<int> columns)
    {
        var indexes = columns.ToLookup(table.HeaderOf);
        return FindIn(indexes.Select(header => header.Key), (total, inward, outward) =>
            Array.Exists([false, true], decimalComma => AreOfBoth(table, decimalComma, indexes[total].First(), indexes[inward].First(), indexes[outward].First())));
    }

    private static bool AreOfBoth(SheetTable table, bool decimalComma, int total, int inward, int outward)
    {
        var rows = table.Rows.Select(row => Array.ConvertAll([total, inward, outward], column => DecimalColumn.NumberIn(row[column], decimalComma)))
            .Where(numbers => !numbers.Contains(null)).Select(numbers => Array.ConvertAll(numbers, number => number!.Value)).ToList();
        var rounding = Enumerable.Range(0, 3).Sum(i => rows.Count == 0 ? 0 : 0.5 * Math.Pow(10, -rows.Max(row => DigitsOf(row[i]))));
        // While nothing flows out, what flows in is what is used, too.
        var shown = rows.FindAll(row => row[2] != 0) is { Count: > 0 } some ? some : rows;
        return shown.Count > 0 && Array.Exists([1, -1], sign => shown.Count(row => Math.Abs(row[0] - row[1] - (sign * row[2])) is var off && Math.Abs(row[1]) + Math.Abs(row[2]) is var all
            && off <= Math.Max(Tolerance * all, Math.Min(MostRounding * all, rounding))) >= MatchingShare * shown.Count);
    }

    /// <summary>Digits behind the decimal sign.</summary>
    public static int DigitsOf(double number) => Enumerable.Range(0, MostDigits).FirstOrDefault(digits => Math.Abs(number - Math.Round(number, digits)) <= Exactly * Math.Abs(number), MostDigits);

    /// <summary>Names that say of what flows out what another one of them says of what flows in, and those: <c>kWh rec</c> beside <c>kWh del</c>.</summary>
    public static (IReadOnlySet<string> Inward, IReadOnlySet<string> Outward) FindPairs(IEnumerable<string> names)
    {
        var all = names.Distinct().Select(name => (Name: name, Words: WordsOf(name))).ToList();
        var (into, from) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (inward, outward) in Pairs)
        {
            var rests = all.Where(one => RestOf(one.Words, inward) is not null).ToLookup(one => RestOf(one.Words, inward), one => one.Name);
            foreach (var (name, words) in rests.Count == 0 ? [] : all)
            {
                if (RestOf(words, outward) is { } rest && rests.Contains(rest)
                    && (!words.Any((IEnumerable<string>)OfMachines) || words.Except([.. outward, .. Directions.EnergyUnits]).IsSubsetOf(Directions.Plain)) && from.Add(name))
                {
                    into.UnionWith(rests[rest]);
                }
            }
        }

        return (into, from);
    }

    private static ILookup<string?, string> RestsOf(IEnumerable<string> names, string[] words) => names.ToLookup(name => RestOf(WordsOf(name), words));

    /// <summary>What a name has besides words that it has; null where it has none of them.</summary>
    private static string? RestOf(HeaderWords all, string[] words) =>
        all.Any((IEnumerable<string>)words) ? string.Join(' ', all.Except([.. words, "energy", "energie"]).Order(StringComparer.Ordinal)) : null;

    /// <summary>Words that are written without blanks too.</summary>
    private static HeaderWords WordsOf(string name) => new(OfAmericas().Replace(Ideographs().Replace(name, " $0 "), match => match.Groups["flow"].Value.ToUpperInvariant() switch { "C" => "consumida", "G" => "gerada", "ENT" => "kwh entregada", _ => "kwh recibida" }));

    private static string Plain(string name) => Signs().Replace(name, " ");

    [GeneratedRegex(@"(?<!\p{L})(?<in>delivered|del|import(ed)?)\s*[-–−+±]\s*(received|rec|export(ed)?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Both();

    [GeneratedRegex("[正反]向|[買売买卖购售][電电]", RegexOptions.CultureInvariant)]
    private static partial Regex Ideographs();

    // Consumption and generation in Brazil, delivered and received in Mexico.
    [GeneratedRegex(@"(?<!\p{L})(ativa[\s_]+(?<flow>[cg])|kwh_(?<flow>ent|rec))(?![\p{L}\p{N}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfAmericas();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
