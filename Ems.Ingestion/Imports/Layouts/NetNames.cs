using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows what power meters call the difference or the sum of both directions: <c>Active Energy Delivered-Received</c>.</summary>
internal static partial class NetNames
{
    /// <summary>Why they are left out.</summary>
    public const string Why = "what flows in stands alone beside what has both directions in it";

    /// <summary>Names that say so of what another one of them says of what flows in: <c>Active Energy Delivered</c>.</summary>
    public static IReadOnlySet<string> FindIn(IEnumerable<string> names)
    {
        var all = names.ToHashSet();
        var plain = all.Select(Plain).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return all.Where(name => Both().Match(name) is { Success: true } both && plain.Contains(Plain(name.Remove(both.Index, both.Length).Insert(both.Index, both.Groups["in"].Value)))).ToHashSet();
    }

    private static string Plain(string name) => Signs().Replace(name, " ");

    [GeneratedRegex(@"(?<!\p{L})(?<in>delivered|del|import(ed)?)\s*[-–−+±]\s*(received|rec|export(ed)?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Both();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
