using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds twelve words in a column beside numbers, which may be months in a language that is not known.</summary>
internal static class UnknownMonths
{
    private const int MonthsOfYear = 12;
    private const int LongestName = 15;
    private const int MostShown = 3;

    /// <summary>Why they are no times, and how to write them; null where a sheet has no such words.</summary>
    public static ImportFault? Find(SheetSample sample)
    {
        var withNumbers = sample.Rows.Where(row => Array.Exists(row.Cells, cell => DecimalColumn.IsNumber(cell))).ToList();
        for (var column = 0; column < sample.Rows.Max(row => row.Cells.Length); column++)
        {
            var names = withNumbers.FindAll(row => IsName(row[column]));
            if (AreNames(names.Select(row => row[column])))
            {
                return Fault(sample, names[0].Number, HeaderTexts.Letters(column + 1)[column], [.. names.Take(MostShown).Select(row => row[column].Text!)]);
            }
        }

        return null;
    }

    private static bool AreNames(IEnumerable<Cell> cells) => cells.Take(MonthsOfYear + MostShown).Select(cell => cell.Text!).ToList() is { Count: >= MonthsOfYear } names && names.Take(MonthsOfYear).Distinct().Count() == MonthsOfYear;

    private static bool IsName(Cell cell) => cell is { Kind: CellKind.Text, Text: { Length: > 1 and <= LongestName } text } && text.All(sign => char.IsLetter(sign) || sign is '.' or '\'' or ' ' || char.GetUnicodeCategory(sign) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);

    private static ImportFault Fault(SheetSample sample, int row, string where, string[] names) => new(
        ImportFault.MissingRequiredColumns, $"No column holds timestamps. {where} has {string.Join(", ", names)} and more: if these are months in a language that is not known, write them with numbers, as 2024-01.", sample.Name, row);
}
