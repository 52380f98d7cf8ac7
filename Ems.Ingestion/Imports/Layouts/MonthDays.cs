using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Sheets of days and months: days in the rows and months in the headers, or months in the rows and days in the headers.</summary>
internal static class MonthDays
{
    // Of a month.
    private const int FewestDays = 28;
    private const int MostDays = 31;

    private const int FirstYear = 1900;
    private const int LastYear = 2199;

    private static (LabelMeaning, string) Label => (LabelMeaning.Start, "rows and headers name whole days");

    /// <summary>Days in the rows; null where there are none, or nothing says their year. Numbers below no header are days where those that months lack are blank.</summary>
    public static TimeColumns? FindDays(SheetTable table, TimeColumnFinder finder, TimeHeaders headers)
    {
        if (DayColumn(table, finder) is not var (day, isNamed))
        {
            return null;
        }

        var haveYears = headers.Columns[0].Part.Date is not null;
        var year = haveYears ? null : finder.YearColumn();
        var given = haveYears || year is not null ? null : GivenAbove(table, day, headers.Columns.Select(column => column.Part.Month ?? 0));
        if (!haveYears && year is null && given is null)
        {
            return null;
        }

        var time = new TimeColumns(table.HeaderOf(day)) { Day = day, Year = year, YearFillsDown = year is { } years && finder.FillsDown(years), Given = given, Label = Label };
        return isNamed || AreNothing(table.Rows.SelectMany(row => headers.Columns.Select(column => (row[day].Number, Lacks(MonthOf(column.Part, row, time), row[day].Number), row[column.Index])))) ? time : null;
    }

    /// <summary>Months in the rows; null where there are none, or nothing shows that the headers are days: those that months lack are blank then, and the values of numbered meters need not be.</summary>
    public static TimeColumns? FindMonths(SheetTable table, TimeColumnFinder finder, TimeHeaders headers)
    {
        if (FindMonths(table, finder) is not { } time)
        {
            return null;
        }

        return (table.Told is { } told ? told.Step == Duration.FromDays(1) : AreNothing(table.Rows.SelectMany(row => headers.Columns.Select(column => ((double)column.Part.Day!.Value, Lacks(MonthIn(row, time), column.Part.Day!.Value), row[column.Index]))))) ? time : null;
    }

    /// <summary>Whether days that months lack have nothing: they are blank, or zero where the same days of other months are not.</summary>
    private static bool AreNothing(IEnumerable<(double Day, bool IsLacking, Cell Cell)> cells)
    {
        var lacking = cells.Where(cell => cell.IsLacking).ToList();
        var used = cells.Where(cell => !cell.IsLacking && !MissingMarkers.IsMissing(cell.Cell) && !IsZero(cell.Cell)).Select(cell => cell.Day).ToHashSet();
        return lacking.Count > 0 && lacking.TrueForAll(cell => MissingMarkers.IsMissing(cell.Cell) || (IsZero(cell.Cell) && used.Contains(cell.Day)));
    }

    private static bool IsZero(in Cell cell) => DecimalColumn.NumberIn(cell, decimalComma: false) is 0;

    private static bool Lacks(LocalDate? month, double day) => month is { } first && day > first.Calendar.GetDaysInMonth(first.Year, first.Month);

    private static LocalDate? MonthOf(in TimePart header, SampleRow row, TimeColumns time) => header.Date is { } date ? date.DateIn(date.Order)
        : (time.Given?.YearOf(header.Month) ?? (int)row[time.Year!.Value].Number) is >= FirstYear and <= LastYear and var year ? new LocalDate(year, header.Month!.Value, 1) : null;

    private static TimeColumns? FindMonths(SheetTable table, TimeColumnFinder finder)
    {
        if (finder.Times() is [var found])
        {
            var date = found with { IsOfMonths = true };
            return table.Mostly(date.Index, cell => date.TryRead(cell, out var time) && time.Months == 1) ? new TimeColumns(table.HeaderOf(date.Index)) { Date = date, Label = Label } : null;
        }

        return finder.MonthColumn() is not { } month ? null
            : finder.YearColumn() is { } year ? new TimeColumns(table.HeaderOf(month)) { Month = month, Year = year, YearFillsDown = finder.FillsDown(year), Label = Label }
            : GivenAbove(table, month, MonthOrder.In(table, month)) is { } given ? new TimeColumns(table.HeaderOf(month)) { Month = month, Given = given, Label = Label }
            : null;
    }

    private static LocalDate? MonthIn(SampleRow row, TimeColumns time)
    {
        if (time.Date is { } date)
        {
            return date.TryRead(row[date.Index], out var written) ? written.DateIn(written.Order) : null;
        }

        var month = MonthOrder.MonthIn(row[time.Month!.Value]);
        var year = time.Given?.YearOf(month) ?? (int)row[time.Year!.Value].Number;
        return year is >= FirstYear and <= LastYear && month is >= 1 and <= 12 ? new LocalDate(year, month, 1) : null;
    }

    /// <summary>A column of days or dates, below a year, or without a header, whose numbers are all days of a month in order; those of bills and weeks are not.</summary>
    private static (int Column, bool IsNamed)? DayColumn(SheetTable table, TimeColumnFinder finder)
    {
        if (finder.ToldDay is { } told)
        {
            return (told, true);
        }

        foreach (var column in finder.Open.Where(column => HoldsDaysInOrder(table, column)))
        {
            var header = table.HeaderOf(column);
            var words = new HeaderWords(header);
            var isNamed = words.NameTime || words.Any(TimeColumnFinder.Days) || YearIn(header) is not null;
            if (isNamed || header == HeaderTexts.Letters(column + 1)[column])
            {
                // In English a tag is a number of something.
                return (column, isNamed && !words.Any("tag"));
            }
        }

        return null;
    }

    /// <summary>For one meter after the other, or each day for all of them.</summary>
    private static bool HoldsDaysInOrder(SheetTable table, int column)
    {
        var days = table.Rows.Select(row => row[column]).Where(cell => cell.Kind == CellKind.Number).Select(cell => cell.Number).ToList();
        return days.Count > 0 && days[0] == 1 && days.Max() is >= FewestDays and <= MostDays
            && days.Zip(days.Skip(1)).All(pair => pair.Second == pair.First || pair.Second == pair.First + 1 || (pair.Second == 1 && pair.First >= FewestDays));
    }

    private static int? YearIn(string header) => int.TryParse(header, out var year) && year is >= FirstYear and <= LastYear ? year : null;

    private static NamedDate? GivenAbove(SheetTable table, int column, IEnumerable<int> months) =>
        (YearIn(table.HeaderOf(column)) is { } year ? new NamedDate(year, null, $"the header {year}") : table.Named is { } named ? named with { Month = null } : null)?.For(months);
}
