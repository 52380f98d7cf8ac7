using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows what power meters call the difference or the sum of both directions: <c>Active Energy Delivered-Received</c>.</summary>
internal static partial class NetNames
{
    /// <summary>Why they are left out.</summary>
    public const string Why = "what flows in stands alone beside what has both directions in it";

    private static readonly string[] Inward = ["delivered", "del", "import", "imported", "imp", "forward"];

    private static readonly string[] Outward = ["received", "rec", "export", "exported", "exp", "reverse"];

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
            || (RestOf(name, Of) is { } rest && inward.Contains(rest) && outward.Contains(rest))).ToHashSet();
    }

    /// <summary>Whether a name says of what flows out what another one says of what flows in: <c>kWh rec</c> beside <c>kWh del</c>.</summary>
    public static bool IsOutward(string name, IEnumerable<string> names) => RestOf(name, Outward) is { } rest && RestsOf(names, Inward).Contains(rest);

    private static HashSet<string> RestsOf(IEnumerable<string> names, string[] words) => [.. names.Select(name => RestOf(name, words)).OfType<string>()];

    /// <summary>What a name has besides words that it has; null where it has none of them.</summary>
    private static string? RestOf(string name, string[] words) =>
        new HeaderWords(name) is var all && all.Any((IEnumerable<string>)words) ? string.Join(' ', all.Except([.. words, "energy"]).Order(StringComparer.Ordinal)) : null;

    private static string Plain(string name) => Signs().Replace(name, " ");

    [GeneratedRegex(@"(?<!\p{L})(?<in>delivered|del|import(ed)?)\s*[-–−+±]\s*(received|rec|export(ed)?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Both();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
