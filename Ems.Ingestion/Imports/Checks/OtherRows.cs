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

    private static readonly string[] Times = ["per", "day", "month", "year", "week", "tag", "monat", "jahr"];

    private static readonly string[] DegreeDays = ["degree", "days", "hdd", "cdd", "gradtage", "heizgradtage"];

    /// <summary>The subjects without them, whose rows name no meter then, and which they are.</summary>
    /// <param name="named">With what the rows call them.</param>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    /// <exception cref="ImportFaultException">Nothing would be left beside means and plans.</exception>
    public static (IReadOnlyList<RowSubject> Subjects, IReadOnlySet<int>? Others) LeaveOut(
        Layout layout, IReadOnlyList<(RowSubject Subject, string? Name)> named, IReadOnlyDictionary<string, string>? ids, List<ImportAssumption> assumptions)
    {
        var names = layout is { WholeFile: null, Matrix.Count: > 0, Subject: { Equipment: not null, Name: null }, Columns: [var values] } && MetricCatalogue.Find(values.Metric)?.Dimension is var dimension && (values.IsSaidByRow || dimension is Dimension.Energy or Dimension.Volume)
            ? Find(layout, named.Select(one => one.Name).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList(), dimension, name => ids?.ContainsKey(EquipmentNames.ToId(name)) == true) : [];
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

    /// <summary>Of what is no mean or plan of the others, none where more than half would be.</summary>
    /// <param name="dimension">Of the values; null where the rows say it.</param>
    private static HashSet<string> Find(Layout layout, List<string> names, Dimension? dimension, Predicate<string> isTold)
    {
        var all = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var besideUsed = names.Exists(OtherAmounts.AreUsed);
        var amounts = names.Where(name => !isTold(name) && (IsOtherAmount(name, all, mayBeQuantity: dimension is not null) || (besideUsed && OtherAmounts.AreOfOtherYear(name)))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count > 0 && amounts.Count == names.Count)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"All rows are called as means, greatest values or plans are: {string.Join(", ", names.Take(MostShown))}. Send the rows of what was used; \"equipment\": {{{string.Join(", ", names.Take(MostShown).Select(name => $"\"{EquipmentNames.ToId(name)}\": \"…\""))}}} in the mapping keeps those that are meters.",
                layout.Sheet, layout.HeaderRow));
        }

        var others = names.Where(name => !amounts.Contains(name) && !isTold(name) && dimension is { } ofValues && IsOther(name, ofValues)).ToList();
        amounts.UnionWith(others.Count * 2 <= names.Count - amounts.Count ? others : []);
        return amounts;
    }

    /// <summary>A mean or a plan of another row, or of all where nothing else is called so. What rows with units of their own measure is no word for one.</summary>
    private static bool IsOtherAmount(string name, HashSet<string> all, bool mayBeQuantity) => OtherAmounts.AreNamedIn(name) && OtherAmounts.WithoutWords(name) is var rest
        && (all.Contains(rest) || rest.Length == 0 || (mayBeQuantity && new HeaderWords(HeaderReader.Read(rest).Rest).Except(Times).All(DeviceNames.IsQuantity)));

    private static bool IsOther(string name, Dimension dimension) => new HeaderWords(name) is { Count: > 0 } words
        && (IsMoney(name, words) || DayCounts.AreNamed(words) || words.Except(DegreeDays).Count == 0 || Share().IsMatch(name)
            || PerUnit().IsMatch(name)
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
