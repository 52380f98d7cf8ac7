using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Reads the parts of the time that stand in a row.</summary>
internal sealed class TimeReader(TimeColumns columns)
{
    private WrittenTime? _lastDate;
    private int? _lastYear;
    private int? _lastMonth;

    /// <summary>What was read last and is no time, as it stands in the file.</summary>
    public string? Bad { get; private set; }

    /// <summary>The time of the source's current row, joined with the part that a header has; null when it has none.</summary>
    public WrittenTime? Read(ITableSource source, TimePart header = default)
    {
        Bad = null;
        var date = WithDay(header.Date ?? DateIn(source), source, header) ?? (columns.YearDay is { } days ? DayOf(source, days, header) : DateOfNumbers(source, header));
        if (date is not { } found)
        {
            return null;
        }

        var clock = header.Clock;
        if (columns.Clock is { } column && clock is null)
        {
            var cell = At(source, column.Index);
            var minute = column.Minutes is { } minutes ? At(source, minutes.Index) : default;
            if (!column.TryRead(cell, minute, out var ofDay))
            {
                Bad = $"{HeaderTexts.TextOf(cell)} {HeaderTexts.TextOf(minute)}".TrimEnd();
                return null;
            }

            clock = ofDay;
        }

        if (clock is { } time)
        {
            found = found with { OfDay = time.OfDay, OffsetMinutes = time.OffsetMinutes ?? found.OffsetMinutes, IsMarked = found.IsMarked || time.IsMarked, IsRange = time.IsRange, IsElapsed = header.IsCounted || columns.Clock?.Cells.Numbers == ClockNumbers.Period };
        }

        return WithOffset(source, found);
    }

    /// <summary>The end of the row's interval; null when it has none.</summary>
    /// <param name="start">Whose date it has where no column has another.</param>
    public WrittenTime? ReadEnd(ITableSource source, in WrittenTime start)
    {
        var end = start with { IsMarked = false, IsRange = false, IsElapsed = false };
        if (columns.End is { } column && !column.TryRead(At(source, column.Index), out end))
        {
            Bad = HeaderTexts.TextOf(At(source, column.Index));
            return null;
        }

        if (columns.EndClock is { } clock)
        {
            if (!clock.Cells.TryRead(At(source, clock.Index), out var time))
            {
                Bad = HeaderTexts.TextOf(At(source, clock.Index));
                return null;
            }

            end = end with { OfDay = time.OfDay, OffsetMinutes = time.OffsetMinutes ?? end.OffsetMinutes };
        }

        return WithOffset(source, end);
    }

    private WrittenTime WithOffset(ITableSource source, in WrittenTime time) =>
        time with { OffsetMinutes = time.OffsetMinutes ?? columns.Offset?.Minutes ?? columns.Offsets?.MinutesIn(source) };

    private WrittenTime? DateIn(ITableSource source)
    {
        if (columns.Date is not { } column)
        {
            return null;
        }

        var cell = At(source, column.Index);
        if (cell.Kind == CellKind.Empty && columns.DateFillsDown)
        {
            return _lastDate;
        }

        if (column.TryRead(cell, out var time))
        {
            return _lastDate = time;
        }

        Bad = HeaderTexts.TextOf(cell);
        return null;
    }

    /// <summary>The day of a month that the row and the headers name.</summary>
    private WrittenTime? WithDay(WrittenTime? date, ITableSource source, TimePart header) =>
        date is not { IsMonth: true } month || (header.Day is null && (header.Date is null || columns.Day is null)) ? date
        : (header.Day ?? NumberAt(source, columns.Day)) is { } day && month.DateIn(month.Order) is { } first ? WrittenTime.OfDate(first.Year, first.Month, day) : null;

    private WrittenTime? DayOf(ITableSource source, int column, TimePart header)
    {
        if (header.Year is { } year && YearDays.TryRead(At(source, column), year, out var day))
        {
            return day;
        }

        Bad = HeaderTexts.TextOf(At(source, column));
        return null;
    }

    private WrittenTime? DateOfNumbers(ITableSource source, TimePart header)
    {
        var part = columns.Month is { } partial ? PartsOfYear.Find(At(source, partial)) ?? (columns.NumbersQuarters ? PartsOfYear.OfQuarter(At(source, partial)) : null) : null;
        var month = header.Month ?? part?.Month ?? FillDown(source, columns.Month, columns.MonthFillsDown, MonthAt(source), ref _lastMonth) ?? (columns.Month is null ? columns.Given?.Month : null);
        var year = header.Year ?? FillDown(source, columns.Year, columns.YearFillsDown, YearAt(source), ref _lastYear) ?? (columns.Year is null ? columns.Given?.YearOf(month) : null);
        if (year is { } whole && columns is { Month: null, Day: null, Week: null, Given: null } && (columns.Year ?? header.Year) is not null && header.Month is null)
        {
            return WrittenTime.OfDate(whole, 1, 1) with { Months = 12 };
        }

        if (year is { } ofWeek && columns.Week is { } column)
        {
            Bad = HeaderTexts.TextOf(At(source, column));
            return NumberAt(source, column) is { } week && week <= ISOWeek.GetWeeksInYear(ofWeek) ? WrittenTime.Of(ISOWeek.ToDateTime(ofWeek, week, DayOfWeek.Monday)) with { IsWeek = true } : null;
        }

        if (year is null || month is null)
        {
            Bad ??= columns.Year is { } bad ? HeaderTexts.TextOf(At(source, bad)) : columns.Month is { } other ? HeaderTexts.TextOf(At(source, other)) : null;
            return null;
        }

        year += month < columns.FirstMonth ? 1 : 0;
        return columns.Day is null && header.Day is null
            ? WrittenTime.OfDate(year.Value, month.Value, 1) with { Months = header.Month is null ? part?.Months ?? 1 : header.Months }
            : (header.Day ?? NumberAt(source, columns.Day)) is { } day ? WrittenTime.OfDate(year.Value, month.Value, day) : null;
    }

    /// <summary>What the cell says, or the last one above where its cells are merged.</summary>
    private static int? FillDown(ITableSource source, int? column, bool fillsDown, int? said, ref int? last)
    {
        if (fillsDown && said is null && column is { } index && At(source, index).Kind == CellKind.Empty)
        {
            return last;
        }

        return last = said;
    }

    private int? YearAt(ITableSource source) => NumberAt(source, columns.Year) ?? (columns is { FirstMonth: > 1, Year: { } column } ? FinancialYears.In(At(source, column)) : null);

    private int? MonthAt(ITableSource source) =>
        columns.Month is { } column && At(source, column) is { Kind: CellKind.Text } cell && (MonthNames.Find(cell.Text) is > 0 and var known ? known : MonthNames.FindRoman(cell.Text)) is > 0 and var named
            ? named : NumberAt(source, columns.Month);

    private static int? NumberAt(ITableSource source, int? column)
    {
        var cell = column is { } index ? At(source, index) : Cell.Empty;
        return cell.Kind == CellKind.Number && cell.Number % 1 == 0 && cell.Number is > 0 and < 2200 ? (int)cell.Number : null;
    }

    private static Cell At(ITableSource source, int column) => column < source.Cells.Count ? source.Cells[column] : Cell.Empty;
}
