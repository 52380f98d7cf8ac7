using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows what power meters call the difference or the sum of both directions: <c>Active Energy Delivered-Received</c>.</summary>
internal static partial class NetNames
{
    /// <summary>Why they are left out.</summary>
    public const string Why = "what flows in stands alone beside what has both directions in it";

    private static readonly string[] Inward = ["delivered", "del", "import", "imported", "imp", "forward"];

    private static readonly string[] Outward = ["received", "rec", "export", "exported", "exp", "reverse"];

    // Conveyors and pumps have both, too.
    private static readonly (string[] Inward, string[] Outward) OfMachines = (["in"], ["out"]);

    // Of one language each. What stands behind says nothing without the word before: an Ausspeisung is also what a network gives.
    private static readonly (string[] Inward, string[] Outward)[] Pairs =
    [
        (Inward, Outward), (["çekiş"], ["veriş"]), (["otto"], ["anto"]), (["vételezés"], ["betáplálás"]), (["consum"], ["injectat"]), (["energie"], ["ausspeisung"]), (["købt"], ["solgt"]),
        (["потребление", "прием"], ["отдача"]), (["prijem"], ["oddaja"]), (["preuzeta"], ["predana"]), (["正向"], ["反向"]), (["買電", "买电", "购电"], ["売電", "卖电", "售电"]), (OfMachines.Inward, OfMachines.Outward),
    ];

    private static readonly string[] Of = ["net", "total", "sum"];

    /// <summary>
    /// Names that say so of what another one of them says of what flows in: <c>Active Energy Delivered</c>. So does a total beside one of each direction: <c>Ep_total</c>
    /// beside <c>Ep_imp</c> and <c>Ep_exp</c>.
    /// </summary>
    public static IReadOnlySet<string> FindIn(IEnumerable<string> names)
    {
        var all = names.ToHashSet();
        var plain = all.Select(Plain).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (inward, outward) = (RestsOf(all, Inward), RestsOf(all, Outward));
        return all.Where(name => (Both().Match(name) is { Success: true } both && plain.Contains(Plain(name.Remove(both.Index, both.Length).Insert(both.Index, both.Groups["in"].Value))))
            || (RestOf(WordsOf(name), Of) is { } rest && inward.Contains(rest) && outward.Contains(rest))).ToHashSet();
    }

    /// <summary>Names that say of what flows out what another one of them says of what flows in: <c>kWh rec</c> beside <c>kWh del</c>.</summary>
    public static IReadOnlySet<string> FindOutward(IEnumerable<string> names)
    {
        var all = names.Distinct().Select(name => (Name: name, Words: WordsOf(name))).ToList();
        var found = new HashSet<string>();
        foreach (var (inward, outward) in Pairs)
        {
            var rests = all.Select(one => RestOf(one.Words, inward)).OfType<string>().ToHashSet();
            found.UnionWith(all.Where(one => rests.Count > 0 && RestOf(one.Words, outward) is { } rest && rests.Contains(rest)
                && (inward != OfMachines.Inward || one.Words.Except([.. outward, .. Directions.EnergyUnits]).IsSubsetOf(Directions.Plain))).Select(one => one.Name));
        }

        return found;
    }

    private static HashSet<string> RestsOf(IEnumerable<string> names, string[] words) => [.. names.Select(name => RestOf(WordsOf(name), words)).OfType<string>()];

    /// <summary>What a name has besides words that it has; null where it has none of them.</summary>
    private static string? RestOf(HeaderWords all, string[] words) =>
        all.Any((IEnumerable<string>)words) ? string.Join(' ', all.Except([.. words, "energy", "energie"]).Order(StringComparer.Ordinal)) : null;

    /// <summary>Words that are written without blanks too.</summary>
    private static HeaderWords WordsOf(string name) => new(Ideographs().Replace(name, " $0 "));

    private static string Plain(string name) => Signs().Replace(name, " ");

    [GeneratedRegex(@"(?<!\p{L})(?<in>delivered|del|import(ed)?)\s*[-–−+±]\s*(received|rec|export(ed)?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Both();

    [GeneratedRegex("[正反]向|[買売买卖购售][電电]", RegexOptions.CultureInvariant)]
    private static partial Regex Ideographs();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
