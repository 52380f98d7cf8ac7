using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Tells where months that stand in order begin, and whether December lies between them.</summary>
internal static class MonthOrder
{
    private const int December = 12;

    // One month may be missing at the turn of the year.
    private const int LastOfYear = 11;
    private const int FirstOfYear = 2;

    /// <summary>The number of a month that is named or numbered; 0 for what is none.</summary>
    public static int MonthIn(Cell cell) => MonthNames.Find(cell.Text) is > 0 and var named ? named : MonthNames.FindRoman(cell.Text) is > 0 and var roman ? roman : cell.Kind == CellKind.Number ? (int)cell.Number : 0;

    /// <summary>The months in a column, of the longest block of rows: the next meter's begin anew.</summary>
    public static IEnumerable<int> In(SheetTable table, int column) => BlocksOf(table, [.. table.Rows], column).MaxBy(rows => rows.Count)!.Select(row => MonthIn(row[column]));

    /// <summary>The month that years begin with which are called by both calendar years that they lie in.</summary>
    /// <exception cref="ImportFaultException">The months do not go on from December to January.</exception>
    public static int OfFinancialYear(SheetTable table, int year, int month) => Of(In(table, month)) is (var first, true) ? first : throw new ImportFaultException(new ImportFault(
        ImportFault.AmbiguousMapping,
        $"{table.HeaderOf(year)} has two years in each cell ({table.Filled(year).Select(HeaderTexts.TextOf).First()}), and the months below {table.HeaderOf(month)} do not go on from December to January: which of the two they are of is not said. Write the calendar year of each month there.",
        table.Sheet, table.FirstRow, table.HeaderOf(year)));

    /// <exception cref="ImportFaultException">Months that go on into another year have one and the same in a column beside them.</exception>
    public static void RefuseWithin(SheetTable table, int year, int month)
    {
        foreach (var ofYear in table.Rows.Where(row => row[year].Kind == CellKind.Number).GroupBy(row => row[year].Number))
        {
            if (BlocksOf(table, [.. ofYear], month).Find(rows => Of(rows.Select(row => MonthIn(row[month]))).GoesOn) is { } rows)
            {
                throw Ask(table, year, (int)ofYear.Key, Of(rows.Select(row => MonthIn(row[month]))).First, rows[0].Number);
            }
        }
    }

    /// <exception cref="ImportFaultException">Months in the headers go on into another year than that of their row.</exception>
    public static void RefuseWithin(SheetTable table, int year, TimeHeaders headers)
    {
        if (Of(headers.Columns.Select(column => column.Part.Month ?? 0)) is (var from, true) && table.Rows.FirstOrDefault(row => row[year].Kind == CellKind.Number) is { } first)
        {
            throw Ask(table, year, (int)first[year].Number, from, first.Number);
        }
    }

    private static ImportFaultException Ask(SheetTable table, int column, int year, int month, int row)
    {
        string[] years = [Span(year, month), Span(year - 1, month)];
        return new(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{table.HeaderOf(column)} has {year} for months that go on from December to January: which of them are of another year is not said. Write the calendar year of each month there, or, where all are of one such year, "
            + $"delete the column and say in the sheet's name or a title from when to when it is ({string.Join(" or ", years)}).",
            table.Sheet, row, table.HeaderOf(column), years));
    }

    private static string Span(int year, int month) => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(year, month, 1):MMM yyyy} to {new DateTime(year + 1, month - 1, 1):MMM yyyy}");

    /// <summary>The rows of one meter after those of another, as a column shows whose cells are alike in each block and no other; all rows together where none does.</summary>
    private static List<List<SampleRow>> BlocksOf(SheetTable table, List<SampleRow> rows, int month)
    {
        foreach (var column in table.Columns.Where(column => column != month))
        {
            var blocks = new List<List<SampleRow>>();
            foreach (var row in rows)
            {
                if (blocks.Count == 0 || HeaderTexts.TextOf(blocks[^1][0][column]) != HeaderTexts.TextOf(row[column]))
                {
                    blocks.Add([]);
                }

                blocks[^1].Add(row);
            }

            if (blocks.Count > 1 && blocks.Count * 2 <= rows.Count && blocks.DistinctBy(block => HeaderTexts.TextOf(block[0][column])).Count() == blocks.Count)
            {
                return blocks;
            }
        }

        return [rows];
    }

    /// <summary>The earliest month, and whether later ones are of the next year; those in no order are of one year.</summary>
    /// <param name="months">From 1, as they stand, for as often as they are named; newest first too.</param>
    public static (int First, bool GoesOn) Of(IEnumerable<int> months)
    {
        var order = new List<int>();
        foreach (var month in months.Where(month => month is >= 1 and <= December))
        {
            if (order.Count > 0 && order[^1] == month)
            {
                continue;
            }

            if (order.Contains(month))
            {
                break;
            }

            order.Add(month);
        }

        if (order.Count == 0)
        {
            return (1, false);
        }

        var pairs = order.Zip(order.Skip(1)).ToList();
        var (falls, rises) = (pairs.FindAll(pair => pair.Second < pair.First), pairs.FindAll(pair => pair.Second > pair.First));
        return falls is [{ First: >= LastOfYear, Second: <= FirstOfYear }] && order[^1] < order[0] && pairs.Count > 1 ? (order[0], true)
            : rises is [{ First: <= FirstOfYear, Second: >= LastOfYear }] && order[^1] > order[0] && pairs.Count > 1 ? (order[^1], true)
            : (order.Min(), false);
    }
}
