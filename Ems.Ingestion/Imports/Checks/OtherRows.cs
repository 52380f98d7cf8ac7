using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Finds rows of a matrix that are no meters, as columns called so are none: means and plans of the others, money, shares, days and what has another unit.</summary>
internal static partial class OtherRows
{
    private const int MostShown = 5;

    // Shops, tenants and machines are called so, too.
    private static readonly string[] Ambiguous = ["target", "targets", "budget", "plan", "planned", "max", "min", "expected", "soll", "ziel", "spec", "factor", "faktor", "baseline", "forecast", "apparent", "specific", "median"];

    private static readonly string[] Times = ["per", "day", "month", "year", "week", "tag", "monat", "jahr"];

    private static readonly string[] DegreeDays = ["degree", "days", "hdd", "cdd", "gradtage", "heizgradtage"];

    private static readonly string[] Emissions = ["co2", "carbon", "emission", "emissions", "emissionen", "kg", "t", "tonnes", "occupancy"];

    /// <summary>The subjects without them, whose rows name no meter then, and which they are.</summary>
    /// <param name="named">With what the rows call them.</param>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    public static (IReadOnlyList<RowSubject> Subjects, IReadOnlySet<int>? Others) LeaveOut(
        Layout layout, IReadOnlyList<(RowSubject Subject, string? Name)> named, IReadOnlyDictionary<string, string>? ids, List<ImportAssumption> assumptions)
    {
        var all = NamesOf(named);
        var names = HaveNoMeters(layout, named, ids) ? [.. all] : DimensionOf(layout) is { } dimension ? Find(all, dimension) : [];
        names.RemoveWhere(name => ids?.ContainsKey(EquipmentNames.ToId(name)) == true);
        if (names.Count == 0)
        {
            return ([.. named.Select(one => one.Subject)], null);
        }

        assumptions.Add(new ImportAssumption(
            "left_out", $"{string.Join(", ", names.Take(MostShown))}{(names.Count > MostShown ? $" and {names.Count - MostShown} more" : "")}",
            $"rows called so are no meters beside the others; \"equipment\": {{\"{EquipmentNames.ToId(names.First())}\": \"…\"}} in the mapping keeps them"));
        return (
            [.. named.Select(one => one.Name is { } name && names.Contains(name) ? one.Subject with { EquipmentId = null } : one.Subject)],
            named.Index().Where(one => one.Item.Name is { } name && names.Contains(name)).Select(one => one.Index).ToHashSet());
    }

    /// <summary>Whether all rows are called means or plans, and nothing else; places and tenants may be called so.</summary>
    public static bool HaveNoMeters(Layout layout, IReadOnlyList<(RowSubject Subject, string? Name)> named, IReadOnlyDictionary<string, string>? ids) =>
        DimensionOf(layout) is not null && layout.Subject is { EquipmentIsPlace: false, EquipmentIsTenant: false } && NamesOf(named) is { Count: > 0 } names
        && names.TrueForAll(name => OtherAmounts.AreNamedIn(name) && OtherAmounts.WithoutWords(name).Length == 0 && ids?.ContainsKey(EquipmentNames.ToId(name)) != true);

    /// <summary>What to ask where no sheet has anything else.</summary>
    public static ImportFaultException Ask(Layout layout, IReadOnlyList<(RowSubject Subject, string? Name)> named)
    {
        var names = NamesOf(named);
        var kept = string.Join(",", names.Select(EquipmentNames.ToId).Take(MostShown).Select(id => $"\"{id}\":\"{id}\""));
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The names of all rows are those of means, greatest values or plans: {string.Join(", ", names.Take(MostShown))}{(names.Count > MostShown ? $" and {names.Count - MostShown} more" : "")}. Send the rows of what was used; mapping={{\"equipment\":{{{kept}}}}} keeps those that are meters.",
            layout.Sheet, layout.HeaderRow, Alternatives: names));
    }

    private static List<string> NamesOf(IReadOnlyList<(RowSubject Subject, string? Name)> named) => named.Select(one => one.Name).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();

    /// <summary>Of the values; null where the rows say it, or are none of meters in a matrix.</summary>
    private static Dimension? DimensionOf(Layout layout) =>
        layout is { WholeFile: null, Matrix.Count: > 0, Subject: { Equipment: not null, Name: null }, Columns: [{ IsSaidByRow: false } values] } && MetricCatalogue.Find(values.Metric) is { Dimension: Dimension.Energy or Dimension.Volume } metric ? metric.Dimension : null;

    /// <summary>Of what is no mean or plan, none where that would be more than half of all and nothing is called as what was used; never all.</summary>
    private static HashSet<string> Find(List<string> names, Dimension dimension)
    {
        var all = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var besideUsed = names.Exists(IsUsed);
        var amounts = names.Where(name => IsOtherAmount(name, all, besideUsed) || (besideUsed && OtherAmounts.AreOfOtherYear(name))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = names.Where(name => !amounts.Contains(name) && IsOther(name, dimension)).ToList();
        amounts.UnionWith(besideUsed || others.Count * 2 <= names.Count ? others : []);
        return amounts.Count < all.Count ? amounts : [];
    }

    /// <summary>Whether a name says what was used, and names no meter.</summary>
    private static bool IsUsed(string name) => !OtherAmounts.AreNamedIn(name) && !PartNames.HaveSum(name) && HeaderReader.Read(name).Rest is var rest && (OtherAmounts.AreUsed(rest) || OtherAmounts.AreUsed(name) || PartNames.NameNoMeter(rest));

    /// <summary>A mean or a plan of another row, or of all where nothing else is called so: shops are called Target.</summary>
    private static bool IsOtherAmount(string name, HashSet<string> all, bool besideUsed) => OtherAmounts.AreNamedIn(name) && OtherAmounts.WithoutWords(name) is var rest
        && (all.Contains(rest) || ((besideUsed || !new HeaderWords(name).Any((IEnumerable<string>)Ambiguous)) && new HeaderWords(HeaderReader.Read(rest).Rest).Except(Times).All(DeviceNames.IsQuantity)));

    private static bool IsOther(string name, Dimension dimension) => new HeaderWords(name) is { Count: > 0 } words
        && (IsMoney(name, words) || DayCounts.AreNamed(words) || words.Except(DegreeDays).Count == 0 || words.Except(Emissions).Count == 0 || Share().IsMatch(name)
            || PerUnit().IsMatch(name) || ((words.NameMoney || words.NamePrice) && HeaderReader.Read(name).IsRatio)
            || (InBrackets().Match(name) is { Success: true } found && (found.Groups["other"].Success || (IsUnit(found.Groups["unit"].Value, out var of) && of != dimension)) && !MayUse(name[..found.Index], words)));

    /// <summary>With a currency in it, or called nothing else.</summary>
    private static bool IsMoney(string name, HeaderWords words) => Currency().Match(name) is { Success: true } found ? !found.Groups["code"].Success || new HeaderWords(found.Groups["code"].Value).NameCurrency
        : words.NameMoney && new HeaderWords(PartNames.WithoutSums(name)).Count == 1;

    private static bool MayUse(string name, HeaderWords words) => DeviceNames.MayUse(name) && Carriers.Without(name).Any(char.IsLetter) && !words.Any((IEnumerable<string>)UnnamedColumns.OfOthers);

    /// <summary>A letter alone is a name as often, and so are capitals: those of Virginia are VA.</summary>
    private static bool IsUnit(string text, out Dimension dimension)
    {
        var isUnit = Units.TryParse(text, out var unit) && unit.Symbol is "%" or { Length: > 1 } && text.Any(letter => char.IsLower(letter) || letter is '%' or '°');
        dimension = isUnit ? unit!.Dimension : default;
        return isUnit;
    }

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(\p{Sc}|[pc]|EUR|GBP|USD|kg|CO[2₂]|[kMG]Wh|m[³3]|therms?)\s*(/|\s(per|pro|je|par|por)\s)\s*(m[2²]|sqm|ft[2²]|sq\.?\s?(ft|m)|[HC]DD|t|tonnes?|pcs|person|[kMG]Wh|m[³3]|therms?|d|day)(?![\p{L}\p{N}])",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PerUnit();

    [GeneratedRegex(@"^\s*%", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex(@"[\(\[]\s*(\p{Sc}[^\)\]]*|(?<code>\p{L}+))\s*[\)\]]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Currency();

    // With a number it is the size of what is there. No metric is of masses and areas.
    [GeneratedRegex(@"[\(\[]\s*((?<other>kg|t|tons?|tonnes?|lbs?|m[2²]|sqm|ft[2²]|sq\.?\s?(ft|m)|pcs)|(?<unit>[^\d\(\)\[\]]+[³23]?))\s*[\)\]]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex InBrackets();
}
