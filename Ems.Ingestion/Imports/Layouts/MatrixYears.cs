using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Matrices of months and years: one of them in the headers, and the other in the rows, or none there.</summary>
internal static class MatrixYears
{
    private static (LabelMeaning, string) OfMonths => (LabelMeaning.Start, "the headers name whole months");

    /// <summary>The part of the time that the rows have beside months or years in the headers; null when they have none that fits.</summary>
    /// <exception cref="ImportFaultException">Nothing says which calendar years months are of.</exception>
    public static TimeColumns? Find(SheetTable table, TimeColumnFinder finder, TimeHeaders headers) =>
        headers.Columns[0].Part.Month is null ? BelowYears(table, finder, headers) : BelowMonths(table, finder, headers);

    /// <exception cref="ImportFaultException">Registers were read on one day of each year, and the headers do not say which.</exception>
    public static void RefuseRegisters(SheetTable table, TimeHeaders headers, TimeColumns time, ValueColumn value)
    {
        if (value.Kind == QuantityKind.Register && headers.Columns[0].Part.Year is not null && !time.Indexes.Any())
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed, "The headers name years, and the values are readings of registers: write the date on which they were read into each header (31/12/2023).",
                table.Sheet, table.HeaderRow, table.HeaderOf(headers.Columns[0].Index)));
        }
    }

    private static TimeColumns? BelowMonths(SheetTable table, TimeColumnFinder finder, TimeHeaders headers)
    {
        var months = headers.Columns.Select(column => column.Part.Month ?? 0);
        // Feeders, halls and transformers are called as quarters and halves are, and have months in their rows.
        if (headers.Columns[0].Part.Months > 1 && (finder.MonthColumn() is not null || (finder.YearColumn() is null && !NameRows(table, headers))))
        {
            return null;
        }

        if (finder.FinancialYearColumn() is { } both && MonthOrder.Of(months) is (var first, true))
        {
            return new TimeColumns(table.HeaderOf(both)) { Year = both, YearFillsDown = finder.FillsDown(both), FirstMonth = first, Label = OfMonths };
        }

        if (finder.YearColumn() is not { } year)
        {
            return table.Named is { } named ? new TimeColumns(table.HeaderOf(headers.Columns[0].Index)) { Given = named.For(months), Label = OfMonths } : null;
        }

        MonthOrder.RefuseWithin(table, year, headers);
        return new TimeColumns(table.HeaderOf(year)) { Year = year, YearFillsDown = finder.FillsDown(year), Label = OfMonths };
    }

    private static TimeColumns? BelowYears(SheetTable table, TimeColumnFinder finder, TimeHeaders headers)
    {
        var isFinancial = headers.Columns[0].Part.IsFinancial;
        if (finder.MonthColumn() is { } month)
        {
            var (first, goesOn) = table.Told?.FirstMonth is { } told ? (told, true) : MonthOrder.Of(MonthOrder.In(table, month));
            if (!isFinancial && goesOn && table.Told is null)
            {
                throw AskForYears(table, headers, month);
            }

            return !isFinancial ? new TimeColumns(table.HeaderOf(month)) { Month = month, Label = OfMonths } : goesOn ? new TimeColumns(table.HeaderOf(month)) { Month = month, FirstMonth = first, Label = OfMonths } : throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"The headers name two years each ({table.HeaderOf(headers.Columns[0].Index)}), and the months below {table.HeaderOf(month)} do not go on from December to January: which of the two they are of is not said. Write the rows in the order of such a year, or one year into each header.",
                table.Sheet, table.HeaderRow, table.HeaderOf(month)));
        }

        if (isFinancial)
        {
            return headers.Fault is null && NameRows(table, headers) ? throw AskForMonths(table, headers) : null;
        }

        return !IsNamed(table, headers) && finder.YearDayColumn() is { } days ? new TimeColumns(table.HeaderOf(days)) { YearDay = days, Label = (LabelMeaning.Start, "the rows name whole days") }
            : headers.Fault is null && NameRows(table, headers) ? new TimeColumns(table.HeaderOf(headers.Columns[0].Index)) { Label = (LabelMeaning.Start, "the headers name whole years") }
            : null;
    }

    private static ImportFaultException AskForMonths(SheetTable table, TimeHeaders headers)
    {
        var (column, year) = (headers.Columns[0].Index, headers.Columns[0].Part.Year!.Value);
        return new(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The headers name years that go on into the next one ({table.HeaderOf(column)}), and not the month that they begin with: write into each from when to when it is, as Apr {year} - Mar {year + 1}.",
            table.Sheet, table.HeaderRow, table.HeaderOf(column), [$"Apr {year} - Mar {year + 1}", $"Jul {year} - Jun {year + 1}"]));
    }

    private static ImportFaultException AskForYears(SheetTable table, TimeHeaders headers, int month)
    {
        var (column, year) = (headers.Columns[0].Index, headers.Columns[0].Part.Year!.Value);
        string[] years = [.. new[] { year, year - 1 }.Select(from => string.Create(CultureInfo.InvariantCulture, $"{from}/{(from + 1) % 100:00}"))];
        return new(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The headers name one year each ({year}), and the months below {table.HeaderOf(month)} go on from December to January: whether those from January on are of the next year is not said. "
            + $"Write both years into each header where they are ({years[0]} or {years[1]}), or begin the rows with January where they are not.",
            table.Sheet, table.HeaderRow, table.HeaderOf(column), years));
    }

    /// <summary>Whether a word stands beside the years: below <c>Actual 2024</c> a day of another year is none of 2024.</summary>
    private static bool IsNamed(SheetTable table, TimeHeaders headers) => TimeHeaders.WithoutUnit(table.HeaderOf(headers.Columns[0].Index)).Any(char.IsLetter);

    /// <summary>Whether a header in front of the years says that the rows are meters or places, whose names are texts.</summary>
    private static bool NameRows(SheetTable table, TimeHeaders headers) => table.Columns.Any(column => column < headers.Columns[0].Index
        && SubjectFinder.HeadsRows(TimeHeaders.WithoutUnit(table.HeaderOf(column))) && table.Mostly(column, cell => cell.Kind == CellKind.Text));
}
