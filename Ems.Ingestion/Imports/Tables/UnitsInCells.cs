using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the column of values whose cells have units that are not the same in all rows, as in exports of points: <c>16.3 °C</c>, <c>40 kW</c>.</summary>
internal static class UnitsInCells
{
    /// <summary>A single one of another dimension is a slip, and no other point.</summary>
    private const int MostOthers = 4;

    /// <summary>The only column that is so, but for extremes beside it; null where there is none, or several are.</summary>
    public static int? Find(SheetTable table)
    {
        if (table.ToldColumns is not null)
        {
            return table.ToldAs(FileColumn.Marked).Concat(table.ToldAs(FileColumn.MarkedComma)).Cast<int?>().FirstOrDefault();
        }

        var all = table.Columns.Where(column => HeaderReader.Read(table.HeaderOf(column)).Unit is null && !new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)ColumnFinder.Extremes) && table.Mostly(column, cell => UnitOf(cell) is not null)).ToList();
        var values = all.FindAll(column => DescribedColumns.NameAnyValue(table.HeaderOf(column)));
        return (values.Count > 0 ? values : all) is [var only] && (values.Count > 0 || !table.Columns.Any(other => table.Mostly(other, cell => DecimalColumn.IsNumber(cell)))) && AreOfSeveral(table, only) ? only : null;
    }

    /// <summary>Whether numbers of one column are of one dimension, but for a few of those that its header speaks of.</summary>
    public static bool AreOfOne(List<Unit> units, HeaderReading header, string name)
    {
        var most = units.GroupBy(unit => unit.Dimension).MaxBy(same => same.Count())!;
        var others = units.Count - most.Count();
        return others == 0 || (others * MostOthers <= units.Count && (header.Metric?.Dimension == most.Key || DescribedColumns.NameAnyValue(name)));
    }

    private static bool AreOfSeveral(SheetTable table, int column)
    {
        var units = table.Filled(column).Select(UnitOf).OfType<Unit>().ToList();
        var header = HeaderReader.Read(table.HeaderOf(column));
        var areOfOne = AreOfOne(units, header, table.HeaderOf(column));
        if (units.Exists(unit => unit.Dimension != units[0].Dimension) && (table.Columns.Any(other => other != column && TellsThemApart(table, other, column)) || (!areOfOne && header.Metric is null)))
        {
            return true;
        }

        // Points may be written one after the other: the first rows are not of all.
        return areOfOne && table.IsCut && DescribedColumns.NameAnyValue(table.HeaderOf(column)) && table.Columns.Any(other => other != column && SubjectFinder.NamesPoints(table.HeaderOf(other)) && HoldsNames(table, other));
    }

    /// <summary>Whether each of its texts is of rows with units of one dimension.</summary>
    private static bool TellsThemApart(SheetTable table, int names, int column) => HoldsNames(table, names) && table.Rows.Take(SheetTable.EnoughRows)
        .Where(row => UnitOf(row[column]) is not null)
        .GroupBy(row => HeaderTexts.TextOf(row[names]))
        .All(rows => rows.Select(row => UnitOf(row[column])!.Dimension).Distinct().Count() == 1);

    private static bool HoldsNames(SheetTable table, int column) =>
        table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text) && !TimeText.TryParse(text, out _) && MarkedNumber.Find(text) is null);

    private static Unit? UnitOf(Cell cell) => cell.Kind == CellKind.Text ? MarkedNumber.Find(cell.Text!)?.Unit : null;
}
