using Ems.Core.Metering;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Sheets of days and months: days in the rows and months in the headers, or months in the rows and days in the headers.</summary>
internal static class MonthDays
{
    private static (LabelMeaning, string) Label => (LabelMeaning.Start, "rows and headers name whole days");

    /// <summary>Days in the rows; null where there are none, or nothing says their year.</summary>
    /// <param name="month">The first of the headers.</param>
    public static TimeColumns? FindDays(SheetTable table, TimeColumnFinder finder, in TimePart month)
    {
        if (finder.DayColumn() is not { } day)
        {
            return null;
        }

        var year = month.Date is null ? finder.YearColumn() : null;
        var given = month.Date is null && year is null ? GivenAbove(table, finder, day) : null;
        return month.Date is null && year is null && given is null ? null
            : new TimeColumns(table.HeaderOf(day)) { Day = day, Year = year, YearFillsDown = year is { } years && finder.FillsDown(years), Given = given, Label = Label };
    }

    /// <summary>Months in the rows; null where there are none, or nothing shows that the headers are days: those that months lack are blank then, and the values of numbered meters need not be.</summary>
    public static TimeColumns? FindMonths(SheetTable table, TimeColumnFinder finder, TimeHeaders headers)
    {
        if (FindMonths(table, finder) is not { } time)
        {
            return null;
        }

        var lacking = table.Rows.Select(row => (Row: row, Month: MonthIn(row, time))).Where(row => row.Month is not null)
            .SelectMany(row => headers.Columns.Where(column => column.Part.Day > row.Month!.Value.Calendar.GetDaysInMonth(row.Month.Value.Year, row.Month.Value.Month)).Select(column => row.Row[column.Index])).ToList();
        return lacking.Count > 0 && lacking.TrueForAll(cell => MissingMarkers.IsMissing(cell)) ? time : null;
    }

    private static TimeColumns? FindMonths(SheetTable table, TimeColumnFinder finder)
    {
        if (finder.Times() is [var found])
        {
            var date = found with { IsOfMonths = true };
            return table.Mostly(date.Index, cell => date.TryRead(cell, out var time) && time.Months == 1) ? new TimeColumns(table.HeaderOf(date.Index)) { Date = date, Label = Label } : null;
        }

        return finder.MonthColumn() is not { } month ? null
            : finder.YearColumn() is { } year ? new TimeColumns(table.HeaderOf(month)) { Month = month, Year = year, YearFillsDown = finder.FillsDown(year), Label = Label }
            : GivenAbove(table, finder, month) is { } given ? new TimeColumns(table.HeaderOf(month)) { Month = month, Given = given, Label = Label }
            : null;
    }

    private static LocalDate? MonthIn(SampleRow row, TimeColumns time)
    {
        if (time.Date is { } date)
        {
            return date.TryRead(row[date.Index], out var written) ? written.DateIn(written.Order) : null;
        }

        var year = time.Given?.Year ?? (int)row[time.Year!.Value].Number;
        var month = MonthNames.Find(row[time.Month!.Value].Text) is > 0 and var named ? named : (int)row[time.Month.Value].Number;
        return year is >= 1900 and < 2200 && month is >= 1 and <= 12 ? new LocalDate(year, month, 1) : null;
    }

    private static NamedDate? GivenAbove(SheetTable table, TimeColumnFinder finder, int column) =>
        finder.YearAbove(column) is { } year ? new NamedDate(year, null, $"the header {year}") : table.Named is { } named ? named with { Month = null } : null;
}
