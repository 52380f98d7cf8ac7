using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Finds points that rows name by a meter and a unit (<c>MDP kWh</c> and <c>MDP kW</c>): they are metrics of one meter, whose energy would count twice otherwise.</summary>
internal static partial class NamedUnits
{
    /// <summary>The sheet with the meters of such points.</summary>
    /// <param name="ids">For points that the mapping names, which are none of another meter.</param>
    public static SheetFacts Tell(SheetFacts sheet, KnownMeters known, IReadOnlyDictionary<string, string>? ids)
    {
        var points = sheet.Layout.WholeFile?.Shared.ByUnit ?? Find(sheet, known);
        if (points.Count == 0 || points.Any(point => ids?.ContainsKey(point) == true))
        {
            return sheet;
        }

        var meters = points.ToDictionary(point => point, point => EquipmentNames.ToId(Named().Match(point).Groups["meter"].Value));
        return new SheetFacts(
            sheet.Layout with
            {
                Shared = sheet.Layout.Shared with { ByUnit = points },
                Assumptions = [.. sheet.Layout.Assumptions, .. meters.GroupBy(point => point.Value).Select(meter => new ImportAssumption("layout", $"{string.Join(", ", meter.Select(point => point.Key))}: {meter.Key}", "their names say what one meter measures, and its unit"))],
            },
            sheet.Spool, [.. sheet.Subjects.Select(subject => subject.EquipmentId is { } id && meters.TryGetValue(id, out var meter) ? subject with { EquipmentId = meter } : subject)],
            sheet.Order, sheet.DecimalComma)
        {
            HasOpenDates = sheet.HasOpenDates,
        };
    }

    /// <summary>Those of the same meter and other units, which have no metric in common, or of a meter that is there already. Those that are there themselves stay what they are.</summary>
    private static HashSet<string> Find(SheetFacts sheet, KnownMeters known)
    {
        if (sheet.Layout.Subject is not { Equipment: not null, Part: null })
        {
            return [];
        }

        var quantities = new Quantities(sheet.Layout, sheet.Subjects);
        var points = sheet.Subjects.Index().Where(subject => subject.Item.EquipmentId is not null).GroupBy(subject => subject.Item.EquipmentId!)
            .Select(point => (Id: point.Key, Named: Named().Match(point.Key), Metrics: point.SelectMany(subject => MetricsOf(sheet.Layout, quantities, subject.Index)).ToHashSet())).ToList();
        var ids = points.Select(point => point.Id).ToHashSet();
        return [.. points.Where(point => point.Named.Success).GroupBy(point => point.Named.Groups["meter"].Value)
            .Where(meter => !ids.Contains(meter.Key) && !meter.Any(point => known.Have(point.Id))
                && (known.Have(EquipmentNames.ToId(meter.Key)) || meter.Select(point => Units.TryParse(point.Named.Groups["unit"].Value, out var unit) ? unit.Dimension : default).Distinct().Count() > 1)
                && meter.SelectMany(point => point.Metrics).ToList() is var all && all.Distinct().Count() == all.Count)
            .SelectMany(meter => meter.Select(point => point.Id))];
    }

    private static IEnumerable<string> MetricsOf(Layout layout, Quantities quantities, int subject) =>
        Enumerable.Range(0, layout.Columns.Count).Select(column => quantities.Of(column, subject)).Where(quantity => quantity.Fault is null).Select(quantity => quantity.Metric).Distinct();

    [GeneratedRegex(@"^(?<meter>.*[\p{L}\p{N}])[\s_.:\-\[(]+(?<unit>[km]?wh?)\W?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
