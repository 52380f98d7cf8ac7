using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Knows columns of what readings are multiplied by, as <c>CT Ratio</c> and <c>MF</c>, and whether they are of what a sheet has.</summary>
internal static partial class Multipliers
{
    private const string SetIt = "set multiplier of the meter (PUT data/equipment)";
    private const string OfAmounts = $"it multiplies readings of registers, and amounts have been multiplied as a rule: where these have not, {SetIt}";

    private static readonly string[] Names = ["multiplier", "mf", "factor", "faktor", "wandlerfaktor", "messwandlerfaktor", "multiplikator", "umrechnungsfaktor", "zählerfaktor", "multiplicador", "moltiplicatore", "multiplicateur", "mnożnik", "mnożna", "násobitel", "szorzó", "kerroin", "vermenigvuldigingsfactor", "çarpan", "çarpanı", "倍率"];

    private static readonly string[] Transformers = ["ct", "vt", "pt", "transformer", "wandler"];

    private static readonly string[] Beside = [.. Names, .. Transformers, "ratio", "meter", "multiplication", "multiplying", "billing", "reading", "zähler", "x", "strom", "gas", "wasser", "electricity", "electric", "water", "ht", "nt", "stromzähler"];

    public static bool AreNamedBy(HeaderWords header) =>
        (header.Any((IEnumerable<string>)Names) || (header.Any("ratio") && header.Any((IEnumerable<string>)Transformers))) && header.Except(Beside).Count == 0;

    /// <summary>Above zero, also as the two sides of a transformer (<c>200/5</c>); null for anything else.</summary>
    public static double? ValueOf(Cell cell) =>
        (cell.Kind == CellKind.Text && Sides().Match(cell.Text!) is { Success: true } sides ? NumberIn(sides, "primary") / NumberIn(sides, "secondary")
            : DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true)) is > 0 and < double.PositiveInfinity and var value ? value : null;

    /// <summary>What a row of headers says in front that it has, and that of each column; null where it is another row.</summary>
    public static (string Header, IReadOnlyDictionary<int, double> ByColumn)? FindIn(SampleRow row)
    {
        var first = Array.FindIndex(row.Cells, cell => cell.Kind != CellKind.Empty);
        if (row.Filled < 2 || row[first] is not { Kind: CellKind.Text, Text: { } label } || !AreNamedBy(new HeaderWords(label)))
        {
            return null;
        }

        var columns = Enumerable.Range(first + 1, row.Cells.Length - first - 1).Where(column => row[column].Kind != CellKind.Empty).Select(column => (column, Value: ValueOf(row[column]))).ToList();
        return columns.TrueForAll(column => column.Value is not null) ? (label, columns.ToDictionary(column => column.column, column => column.Value!.Value)) : null;
    }

    /// <summary>What lines above a table say of all of it: <c>Multiplier: 40</c>, or a name and the number beside it; null where none does.</summary>
    public static ImportAssumption? AssumeIn(SheetTable table, IReadOnlyList<SampleRow> lines) => table.Multipliers is not null ? null
        : lines.Select(line => line.Filled == 1 && HeaderTexts.TextOf(line.Cells.First(cell => cell.Kind != CellKind.Empty)).Split(':', 2) is [var name, var value] ? new SampleRow(line.Number, [Cell.Of(name), Cell.Of(value.Trim())]) : line)
            .Where(line => line.Filled == 2).Select(FindIn).Where(found => found?.ByColumn.Values.First() is not (null or 1))
            .Select(found => new ImportAssumption("left_out", found!.Value.Header, $"where readings have not been multiplied by it yet, {SetIt}")).FirstOrDefault();

    /// <summary>The multiplier of the meter that these columns are of, as a row of headers says it; null where none does.</summary>
    public static double? Of(Layout layout, IEnumerable<ValueColumn> columns) => AreGiven(layout)
        && columns.Select(column => layout.Multipliers!.Value.ByColumn.TryGetValue(column.Index, out var found) ? found : (double?)null).OfType<double>().Distinct().ToList() is [var only] ? only : null;

    /// <summary>Whether a row of headers has those of the meters that the columns are: one number above several columns may be of any.</summary>
    private static bool AreGiven(Layout layout) => layout is { Multipliers: { } row, Subject: { Equipment: null, Part: null } } && AreOf(layout) && (row.ByColumn.Count > 1 || layout.Columns.Count == 1);

    /// <summary>Whether the sheet has readings that they multiply: amounts have been multiplied, as a rule.</summary>
    public static bool AreOf(Layout layout) =>
        layout.Columns.Any(column => column.Kind == QuantityKind.Register) && !layout.Columns.Any(column => column.Kind == QuantityKind.Interval && MetricCatalogue.Find(column.Metric) is not null);

    /// <summary>What is said of a column that no meter is multiplied by; null where there is none.</summary>
    public static ImportAssumption? FindUnused(SheetFacts facts)
    {
        if (facts.Layout.Subject.Multiplier is not { } column)
        {
            return facts.Layout.Multipliers is var (row, values) && values.Values.Any(value => value != 1) && !AreGiven(facts.Layout) ? new ImportAssumption("left_out", row, OfAmounts) : null;
        }

        var changing = facts.Subjects.GroupBy(subject => subject.EquipmentId ?? facts.Layout.EquipmentId).FirstOrDefault(meter => meter.Select(subject => subject.Multiplier).OfType<double>().Distinct().Count() > 1);
        return !AreOf(facts.Layout) ? new ImportAssumption("left_out", column.Header, OfAmounts)
            : changing is not null ? new ImportAssumption(
                "left_out", column.Header, $"it changes within {changing.Key}: set multiplier of the meter, with the times from which each value holds (PUT data/equipment)")
            : null;
    }

    private static double NumberIn(Match sides, string side) => double.Parse(sides.Groups[side].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<primary>\d{1,9})\s*A?\s*[/:]\s*(?<secondary>\d{1,9})\s*A?\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sides();
}
