using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>A column of times.</summary>
/// <param name="Numbers">What its numbers count.</param>
internal readonly record struct TimeColumn(int Index, NumberTimes Numbers)
{
    /// <summary>Whether its times name months: a year among them is all of its months, and a first day, as workbooks make one of what is typed, the month.</summary>
    public bool IsOfMonths { get; init; }

    /// <summary>How many months end with the days that it has, as its header says; zero where it says none.</summary>
    public short MonthsTo { get; init; }

    /// <summary>Which of the two dates of its cells it is of, where they have both ends of intervals.</summary>
    public RangeEnd Range { get; init; }

    public bool TryRead(in Cell cell, out WrittenTime time)
    {
        if (Range != RangeEnd.None && DateRanges.TryRead(cell, Range, out time))
        {
            return true;
        }

        if (Range == RangeEnd.Last)
        {
            time = default;
            return false;
        }

        var isTime = TimeCells.TryRead(cell, Numbers, out time) || (IsOfMonths && TimeCells.TryReadYear(cell, out time));
        time = IsOfMonths && cell is { Kind: CellKind.Time, Time: { Day: 1, TimeOfDay.Ticks: 0 } } ? time with { Months = 1 } : time;
        if (isTime && MonthsTo > 0 && LastDay(time)?.PlusDays(1).PlusMonths(-MonthsTo) is { } first)
        {
            time = WrittenTime.OfDate(first.Year, first.Month, first.Day) with { Months = MonthsTo };
        }

        return isTime;
    }

    /// <summary>The last day of a month that it names, of which the order is never open; null where it names none.</summary>
    public static LocalDate? LastDay(in WrittenTime time) => time is { IsMonth: false, IsWeek: false, IsRange: false } && time.OfDay == TimeSpan.Zero
        && (time.DateIn(DateOrder.DayMonthYear) ?? time.DateIn(DateOrder.MonthDayYear)) is { } day && day.PlusDays(1).Day == 1 ? day : null;
}

/// <summary>A column of times of day.</summary>
internal readonly record struct ClockColumn(int Index, string Header, ClockCells Cells)
{
    /// <summary>The column of the minutes of its hours, or of their quarters; null where it has the whole time of day.</summary>
    public MinuteColumn? Minutes { get; init; }

    /// <summary>Whether no header says that it is one, but the rows of each date go on by it.</summary>
    public bool IsByRows { get; init; }

    /// <param name="minute">Of the column of minutes, if there is one.</param>
    public bool TryRead(in Cell cell, in Cell minute, out ClockTime clock)
    {
        if (Minutes is not { } minutes)
        {
            return Cells.TryRead(cell, out clock);
        }

        clock = default;
        return ClockCells.TryIndex(cell, out var hour) && hour <= 24 && minutes.MinuteOf(minute) is { } number && Cells.TryRead((hour * 100) + number, out clock);
    }

    /// <summary>What its numbers say about the labels; null when they do not.</summary>
    public (LabelMeaning Meaning, string Why)? Label => Cells.Numbers switch
    {
        ClockNumbers.HourEnding => (LabelMeaning.End, $"the hours of the column {Header} go to 24"),
        ClockNumbers.HourStarting => (LabelMeaning.Start, $"the column {Header} numbers the hours of a day"),
        ClockNumbers.Period => (LabelMeaning.Start, $"the column {Header} numbers the intervals of a day"),
        _ => null,
    };
}

/// <summary>The columns that say which time a row is of: a time or a date, a date's numbers, with or without a time of day or an end.</summary>
/// <param name="Header">Of the column that a fault is shown at.</param>
internal sealed record TimeColumns(string Header)
{
    private const int FewestDays = 27;

    public TimeColumn? Date { get; init; }
    public int? Year { get; init; }
    public int? Month { get; init; }

    /// <summary>Whether that column has numbers of quarters.</summary>
    public bool NumbersQuarters { get; init; }

    /// <summary>The month that the years of headers and rows begin with: those before it are of the next calendar year.</summary>
    public int FirstMonth { get; init; } = 1;
    public int? Day { get; init; }

    /// <summary>Of numbers of weeks, as ISO 8601 counts them.</summary>
    public int? Week { get; init; }

    /// <summary>The year, and perhaps the month, of all rows, where no column has it.</summary>
    public NamedDate? Given { get; init; }

    /// <summary>Of days of a year that the headers have.</summary>
    public int? YearDay { get; init; }
    public ClockColumn? Clock { get; init; }

    /// <summary>Of the ends of intervals: a time, or a date.</summary>
    public TimeColumn? End { get; init; }

    /// <summary>The time of day at the end; where no column has its date, it is that of the start or the day after.</summary>
    public ClockColumn? EndClock { get; init; }

    /// <summary>Of numbers of days that the intervals have.</summary>
    public int? Days { get; init; }

    /// <summary>Whether the rows have both ends of their intervals.</summary>
    public bool HasEnds => End is not null || EndClock is not null;

    /// <summary>Whether each row is of a whole month, or of several.</summary>
    public bool NameMonths(SheetTable table) => Day is null && YearDay is null && Clock is null
        && (Month is not null || Given is { Month: not null } || (Date is { } date && table.Mostly(date.Index, cell => date.TryRead(cell, out var written) && written.IsMonth)));

    /// <summary>Whether each row is of about a month or longer, as its label, its number of days or both of its ends say.</summary>
    public bool AreMonths(SheetTable table) => NameMonths(table) || (Days is { } days ? table.Mostly(days, cell => DayCounts.Of(DecimalColumn.NumberIn(cell, decimalComma: false)) >= FewestDays)
        : HasEnds && Array.Exists([DateOrder.DayMonthYear, DateOrder.MonthDayYear], order => table.Rows.Count > 0 && table.Rows.All(row => LocalOf(row, order) is { } start && EndOf(row, start, order) is { } end && Period.DaysBetween(start.Date, end.Date) >= FewestDays)));

    /// <summary>How far from UTC times are that do not say it themselves, and the header that says it; null where none does.</summary>
    public (short Minutes, string Header)? Offset { get; init; }

    /// <summary>Says it row by row.</summary>
    public OffsetColumn? Offsets { get; init; }

    /// <summary>The abbreviation of a zone in a header, and the header; null where none has one.</summary>
    public (string Name, string Header)? Zone { get; init; }

    /// <summary>What the file says about its labels in headers, and where; null when it does not.</summary>
    public (LabelMeaning Meaning, string Why)? Label { get; init; }

    /// <summary>The IANA name of a zone in a header; null where none has one.</summary>
    public string? ZoneId { get; init; }

    /// <summary>Whether the numbers of times of day say more about the labels than that header.</summary>
    public bool IsLabelledByNumbers { get; init; }

    /// <summary>These columns, once it is known what the numbers of their times of day count.</summary>
    public TimeColumns With(ClockCells? numbers, ClockCells? endNumbers)
    {
        var clock = numbers is { } cells ? Clock!.Value with { Cells = cells } : Clock;
        var end = endNumbers is { } ends ? EndClock!.Value with { Cells = ends } : EndClock;
        return this with { Clock = clock, EndClock = end, Label = IsLabelledByNumbers && clock?.Label is { } said ? said : Label };
    }

    /// <summary>Whether a blank date is that of the row above: its cells are merged.</summary>
    public bool DateFillsDown { get; init; }

    /// <summary>Whether a blank year is that of the row above.</summary>
    public bool YearFillsDown { get; init; }

    /// <summary>Whether a blank month is that of the row above, of rows that name a day.</summary>
    public bool MonthFillsDown { get; init; }

    /// <summary>The time of a row, where one column has its date.</summary>
    /// <param name="order">Null while it is not known: to tell times apart any will do.</param>
    public LocalDateTime? LocalOf(SampleRow row, DateOrder? order = null)
    {
        if (Date is not { } date || !date.TryRead(row[date.Index], out var written)
            || (order is { } known ? written.ToLocal(known) : written.ToLocal(DateOrder.DayMonthYear) ?? written.ToLocal(DateOrder.MonthDayYear)) is not { } local)
        {
            return null;
        }

        return Clock is not { } clock ? local : clock.TryRead(row[clock.Index], clock.Minutes is { } minutes ? row[minutes.Index] : default, out var ofDay) ? local.PlusTicks(ofDay.OfDay.Ticks) : null;
    }

    /// <summary>The end of a row's interval, where it has one; without a date of its own it is within a day.</summary>
    public LocalDateTime? EndOf(SampleRow row, LocalDateTime start, DateOrder order)
    {
        var date = End is not { } end ? start.Date.AtMidnight() : end.TryRead(row[end.Index], out var written) ? written.ToLocal(order) : null;
        if (EndClock is not { } clock)
        {
            return End is null ? null : date;
        }

        var local = clock.Cells.TryRead(row[clock.Index], out var ofDay) ? date?.PlusTicks(ofDay.OfDay.Ticks) : null;
        return End is null && local <= start ? local?.PlusDays(1) : local;
    }

    /// <summary>The order in which the dates of all these rows can be read; null where there is none, or they say neither.</summary>
    public DateOrder? OrderIn(IReadOnlyList<SampleRow> rows)
    {
        if (Date is not { } date)
        {
            return null;
        }

        var open = rows.Select(row => date.TryRead(row[date.Index], out var written) ? written : (WrittenTime?)null).OfType<WrittenTime>().Where(written => written.Order == DateOrder.Unknown).ToList();
        DateOrder[] possible = [.. new[] { DateOrder.DayMonthYear, DateOrder.MonthDayYear }.Where(order => open.TrueForAll(written => written.DateIn(order) is not null))];
        return open.Count == 0 ? DateOrder.YearMonthDay : possible is [var only] ? only : null;
    }

    public IEnumerable<int> Indexes
    {
        get
        {
            int?[] all = [Date?.Index, Year, Month, Day, Week, YearDay, Clock?.Index, Clock?.Minutes?.Index, End?.Index, EndClock?.Index, Offsets?.Index];
            return all.OfType<int>().Distinct();
        }
    }
}
