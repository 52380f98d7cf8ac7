using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Tells where months that stand in order begin, and whether December lies between them.</summary>
internal static class MonthOrder
{
    private const int December = 12;

    /// <summary>The number of a month that is named or numbered; 0 for what is none.</summary>
    public static int MonthIn(Cell cell) => MonthNames.Find(cell.Text) is > 0 and var named ? named : cell.Kind == CellKind.Number ? (int)cell.Number : 0;

    /// <summary>The months in a column, of what most rows are of: the next meter's begin anew.</summary>
    public static IEnumerable<int> In(SheetTable table, int column) => Groups(table, table.Rows, column).MaxBy(rows => rows.Count())!.Select(row => MonthIn(row[column]));

    /// <exception cref="ImportFaultException">Months that go on into another year have one and the same in a column beside them.</exception>
    public static void RefuseWithin(SheetTable table, int year, int month)
    {
        foreach (var ofYear in table.Rows.Where(row => row[year].Kind == CellKind.Number).GroupBy(row => row[year].Number))
        {
            if (Groups(table, ofYear, month).FirstOrDefault(rows => Of(rows.Select(row => MonthIn(row[month]))).GoesOn) is { } rows)
            {
                throw Ask(table, year, (int)ofYear.Key, rows.First().Number);
            }
        }
    }

    /// <exception cref="ImportFaultException">Months in the headers go on into another year than that of their row.</exception>
    public static void RefuseWithin(SheetTable table, int year, TimeHeaders headers)
    {
        if (Of(headers.Columns.Select(column => column.Part.Month ?? 0)).GoesOn && table.Rows.FirstOrDefault(row => row[year].Kind == CellKind.Number) is { } first)
        {
            throw Ask(table, year, (int)first[year].Number, first.Number);
        }
    }

    private static ImportFaultException Ask(SheetTable table, int column, int year, int row) => new(new ImportFault(
        ImportFault.AmbiguousMapping,
        $"{table.HeaderOf(column)} has {year} for months that go on from December to January: which of them are of another year is not said. Write the calendar year of each month there.",
        table.Sheet, row, table.HeaderOf(column)));

    private static IEnumerable<IGrouping<string, SampleRow>> Groups(SheetTable table, IEnumerable<SampleRow> rows, int month) =>
        rows.GroupBy(row => string.Join('\n', table.Columns.Where(column => column != month && row[column].Kind == CellKind.Text).Select(column => row[column].Text)));

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
        var falls = pairs.Count(pair => pair.Second < pair.First);
        return falls == 1 && order[^1] < order[0] && pairs.Count > 1 ? (order[0], true)
            : falls == pairs.Count - 1 && order[^1] > order[0] && pairs.Count > 1 ? (order[^1], true)
            : (order.Min(), false);
    }
}
