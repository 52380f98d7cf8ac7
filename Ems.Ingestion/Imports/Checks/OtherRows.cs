using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Finds rows of a matrix that are no meters, as columns called so are none: means and plans of the others, money, shares, days and what has another unit.</summary>
internal static partial class OtherRows
{
    private const int MostShown = 5;

    /// <summary>The subjects without them, whose rows name no meter then, and which they are.</summary>
    /// <param name="named">With what the rows call them.</param>
    /// <param name="ids">Meters that the mapping has, which are none.</param>
    public static (IReadOnlyList<RowSubject> Subjects, IReadOnlySet<int>? Others) LeaveOut(
        Layout layout, IReadOnlyList<(RowSubject Subject, string? Name)> named, IReadOnlyDictionary<string, string>? ids, List<ImportAssumption> assumptions)
    {
        var names = layout is { WholeFile: null, Matrix.Count: > 0, Subject: { Equipment: not null, Name: null }, Columns: [{ IsSaidByRow: false } values] } && MetricCatalogue.Find(values.Metric) is { Dimension: Dimension.Energy or Dimension.Volume } metric
            ? Find(named.Select(one => one.Name).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList(), layout.Columns[0], metric.Dimension) : [];
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

    /// <summary>None where all would be.</summary>
    private static HashSet<string> Find(List<string> names, ValueColumn values, Dimension dimension)
    {
        var others = names.Where(name => IsOther(name, dimension)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Exists(OtherAmounts.AreNamedIn))
        {
            var rest = names.Where(name => !others.Contains(name)).Select(name => values with { Header = name }).Select((column, i) => column with { Index = i }).ToList();
            var amounts = new OtherAmounts(rest);
            others.UnionWith(rest.Where(column => amounts.CountedBeside(column).Any()).Select(column => column.Header));
        }

        return others.Count < names.Count ? others : [];
    }

    private static bool IsOther(string name, Dimension dimension) => new HeaderWords(name) is { Count: > 0 } words
        && ((words.NameMoney && !words.Any("charge", "charges") && !DeviceNames.MayUse(name)) || HeaderReader.Read(name).IsRatio || DayCounts.AreNamed(words) || Share().IsMatch(name)
            || (PerUnit().Match(name) is { Success: true } ratio && IsUnit(ratio.Groups["unit"].Value, out _))
            || (InBrackets().Match(name) is { Success: true } found && (found.Groups["other"].Success || (IsUnit(found.Groups["unit"].Value, out var of) && of != dimension && (!DeviceNames.MayUse(name) || !Carriers.Without(name[..found.Index]).Any(char.IsLetter)))))
            || (words.Except(UnnamedColumns.OfOthers).Count == 0 && !words.Any((IEnumerable<string>)Productions.Halls)));

    /// <summary>A letter alone is a name as often, and so are capitals: those of Virginia are VA.</summary>
    private static bool IsUnit(string text, out Dimension dimension)
    {
        var isUnit = Units.TryParse(text, out var unit) && unit.Symbol is "%" or { Length: > 1 } && text.Any(letter => char.IsLower(letter) || letter is '%' or '°');
        dimension = isUnit ? unit!.Dimension : default;
        return isUnit;
    }

    [GeneratedRegex(@"^\W*(?<unit>\p{L}{2,}[³23]?)\s*(/|\s(per|pro|je|par|por)\s)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PerUnit();

    [GeneratedRegex(@"(?<!\d\s?)%", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    // With a number it is the size of what is there. No metric is of masses and areas.
    [GeneratedRegex(@"[\(\[]\s*((?<other>kg|t|tons?|tonnes?|lbs?|m[2²]|sqm|ft[2²]|sq\.?\s?(ft|m)|pcs)|(?<unit>[^\d\(\)\[\]]+[³23]?))\s*[\)\]]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex InBrackets();
}
