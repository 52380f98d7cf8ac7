using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Knows numbers of days, as workbooks count them, that are times written beside them.</summary>
internal static class ExcelSerials
{
    private const int FewestRows = 3;

    // They are written with four digits behind the point, or more.
    private const double Rounding = 1e-4;
    private const double DaysTo1904 = 1462;

    // As panels of WinCC write days.
    private const double Millionths = 1e6;

    // From March 1900 on, before which workbooks count a day that was none.
    private static readonly DateTime First = new(1899, 12, 30);

    /// <param name="column">Of the numbers.</param>
    /// <param name="written">Of the times.</param>
    public static bool AreOf(SheetTable table, int column, TimeColumn written, bool is1904) =>
        AreOf(table, column, is1904, (row, order) => written.TryRead(row[written.Index], out var time) ? time.ToLocal(order) : null);

    /// <param name="at">The time of a row, if its date is written in an order.</param>
    public static bool AreOf(SheetTable table, int column, bool is1904, Func<SampleRow, DateOrder, LocalDateTime?> at) => Array.Exists([DateOrder.DayMonthYear, DateOrder.MonthDayYear], order =>
    {
        var rows = table.Rows.Take(SheetTable.EnoughRows).Select(row => (Number: TimeCells.NumberIn(row[column]), At: at(row, order))).Where(row => row is { Number: not null, At: not null }).ToList();
        return rows.Count >= FewestRows && Array.Exists([1, Millionths], parts => rows.TrueForAll(row =>
            Math.Abs((row.Number!.Value / parts) + (is1904 ? DaysTo1904 : 0) - (row.At!.Value.ToDateTimeUnspecified() - First).TotalDays) <= Rounding));
    });
}
