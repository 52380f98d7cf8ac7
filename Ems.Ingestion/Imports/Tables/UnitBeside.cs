using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>A column of units behind one of several columns of values: <c>1.29.0;Einheit;2.29.0;Einheit</c>, or <c>value1;unit1;value2;unit2</c>. One column of units is of the whole row.</summary>
/// <param name="Of">The header of the values before it.</param>
internal sealed record UnitBeside(int Column, string Header, string Of, string Unit)
{
    private const int Fewest = 2;

    /// <summary>The table with the unit of each of them in the header before it.</summary>
    public static SheetTable Take(SheetTable table)
    {
        var units = table.Columns.Where(column => column > 0 && SubjectFinder.NameUnitsAlone(new HeaderWords(table.HeaderOf(column).TrimEnd([.. "0123456789"])))).ToDictionary(column => column, column => UnitIn(table, column));
        if (units.Count < Fewest || units.Any(unit => unit.Value is null || !table.HoldsNumbers(unit.Key - 1) || HeaderReader.Read(table.HeaderOf(unit.Key - 1)).Unit is not null))
        {
            return table;
        }

        return table with
        {
            Headers = [.. table.Headers.Select((header, column) => units.TryGetValue(column + 1, out var unit) ? $"{header} ({unit})" : units.ContainsKey(column) ? "" : header)],
            UnitsBeside = [.. units.Select(unit => new UnitBeside(unit.Key, table.HeaderOf(unit.Key), table.HeaderOf(unit.Key - 1), unit.Value!))],
        };
    }

    /// <exception cref="ImportFaultException">The row has another unit than the first ones.</exception>
    public void Check(ITableSource row)
    {
        if (Column < row.Cells.Count && HeaderTexts.TextOf(row.Cells[Column]) is var text && text != Unit && SymbolOf(text) is { } symbol && symbol != SymbolOf(Unit))
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed,
                $"{HeaderTexts.Letters(Column + 1)[Column]} ({Header} behind {ImportFault.Shorten(Of)}) has {ImportFault.Shorten(Unit)} in the first rows and {ImportFault.Shorten(text)} in row {row.RowNumber}: nothing of the file is stored. "
                + "Convert the values there, or send the rows of each unit as a file of their own.",
                row.SheetName, row.RowNumber, Header));
        }
    }

    /// <summary>The unit that a text is, however it is spelt; null for what is none, such as a flag of a gap.</summary>
    private static string? SymbolOf(string text) => HeaderReader.UnitAlone(text)?.Symbol ?? (ReactiveEnergy.HasUnit(text) ? "varh" : null);

    /// <summary>The only unit of a column; null where it holds others or none.</summary>
    private static string? UnitIn(SheetTable table, int column) =>
        table.Rows.Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty).Select(HeaderTexts.TextOf).Distinct().ToList() is [var only]
        && (Units.TryParse(only, out _) || ReactiveEnergy.HasUnit(only)) ? only : null;
}
