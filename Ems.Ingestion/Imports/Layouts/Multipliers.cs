using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows columns of what readings are multiplied by, as <c>CT Ratio</c> and <c>MF</c>, and whether they are of what a sheet has.</summary>
internal static partial class Multipliers
{
    private static readonly string[] Names = ["multiplier", "mf", "factor", "faktor", "wandlerfaktor"];

    private static readonly string[] Transformers = ["ct", "vt", "pt", "transformer", "wandler"];

    private static readonly string[] Beside = [.. Names, .. Transformers, "ratio", "meter", "multiplication", "multiplying", "billing", "reading", "zähler", "x"];

    public static bool AreNamedBy(HeaderWords header) =>
        (header.Any((IEnumerable<string>)Names) || (header.Any("ratio") && header.Any((IEnumerable<string>)Transformers))) && header.Except(Beside).Count == 0;

    /// <summary>Above zero, also as the two sides of a transformer (<c>200/5</c>); null for anything else.</summary>
    public static double? ValueOf(Cell cell) =>
        (cell.Kind == CellKind.Text && Sides().Match(cell.Text!) is { Success: true } sides ? NumberIn(sides, "primary") / NumberIn(sides, "secondary")
            : DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true)) is > 0 and < double.PositiveInfinity and var value ? value : null;

    /// <summary>Whether the sheet has readings that they multiply: amounts have been multiplied, as a rule.</summary>
    public static bool AreOf(Layout layout) =>
        layout.Columns.Any(column => column.Kind == QuantityKind.Register) && !layout.Columns.Any(column => column.Kind == QuantityKind.Interval && MetricCatalogue.Find(column.Metric) is not null);

    /// <summary>What is said of a column that no meter is multiplied by; null where there is none.</summary>
    public static ImportAssumption? FindUnused(SheetFacts facts)
    {
        if (facts.Layout.Subject.Multiplier is not { } column)
        {
            return null;
        }

        var changing = facts.Subjects.GroupBy(subject => subject.EquipmentId ?? facts.Layout.EquipmentId).FirstOrDefault(meter => meter.Select(subject => subject.Multiplier).OfType<double>().Distinct().Count() > 1);
        return !AreOf(facts.Layout) ? new ImportAssumption(
                "left_out", column.Header, "it multiplies readings of registers, and amounts have been multiplied as a rule: where these have not, set multiplier of the meter (PUT data/equipment)")
            : changing is not null ? new ImportAssumption(
                "left_out", column.Header, $"it changes within {changing.Key}: set multiplier of the meter, with the times from which each value holds (PUT data/equipment)")
            : null;
    }

    private static double NumberIn(Match sides, string side) => double.Parse(sides.Groups[side].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<primary>\d{1,9})\s*A?\s*[/:]\s*(?<secondary>\d{1,9})\s*A?\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sides();
}
