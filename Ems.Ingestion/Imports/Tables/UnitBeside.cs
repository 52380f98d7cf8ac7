using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>A column of units behind one of several columns of values: <c>1.29.0;Einheit;2.29.0;Einheit</c>. One column of units is of the whole row.</summary>
internal sealed record UnitsBeside(int Column, string Header, string Unit)
{
    private const int Fewest = 2;

    /// <summary>The table with the unit of each of them in the header before it.</summary>
    public static SheetTable Take(SheetTable table)
    {
        var units = table.Columns.Where(column => column > 0 && SubjectFinder.NameUnitsAlone(new HeaderWords(table.HeaderOf(column)))).ToDictionary(column => column, column => UnitIn(table, column));
        if (units.Count < Fewest || units.Any(unit => unit.Value is null || !table.HoldsNumbers(unit.Key - 1) || HeaderReader.Read(table.HeaderOf(unit.Key - 1)).Unit is not null))
        {
            return table;
        }

        return table with
        {
            Headers = [.. table.Headers.Select((header, column) => units.TryGetValue(column + 1, out var unit) ? $"{header} ({unit})" : units.ContainsKey(column) ? "" : header)],
            UnitsBeside = [.. units.Select(unit => new UnitsBeside(unit.Key, table.HeaderOf(unit.Key), unit.Value!))],
        };
    }

    /// <exception cref="ImportFaultException">The row has another unit than the first ones.</exception>
    public void Check(ITableSource row)
    {
        if (Column < row.Cells.Count && !MissingMarkers.IsMissing(row.Cells[Column]) && HeaderTexts.TextOf(row.Cells[Column]) is var text && !text.Equals(Unit, StringComparison.OrdinalIgnoreCase))
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed, $"The column {Header} has {ImportFault.Shorten(Unit)} in the first rows and {ImportFault.Shorten(text)} in row {row.RowNumber}. Send the rows of each unit as a file of their own.",
                row.SheetName, row.RowNumber, Header));
        }
    }

    /// <summary>The only unit of a column; null where it holds others or none.</summary>
    private static string? UnitIn(SheetTable table, int column) =>
        table.Rows.Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty).Select(HeaderTexts.TextOf).Distinct().ToList() is [var only]
        && (Units.TryParse(only, out _) || ReactiveEnergy.HasUnit(only)) ? only : null;
}
