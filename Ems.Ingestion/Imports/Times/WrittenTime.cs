using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>In which order a column writes day, month and year.</summary>
internal enum DateOrder { Unknown, YearMonthDay, DayMonthYear, MonthDayYear }

/// <summary>A label as the file has it, before the order of its date is known.</summary>
/// <param name="First">First number of the date, with <paramref name="Second"/> and <paramref name="Third"/> as they stand.</param>
/// <param name="Order">When the label alone says it: a four-digit year first, a month by name, a date of a workbook.</param>
internal readonly record struct WrittenTime(short First, short Second, short Third, DateOrder Order)
{
    /// <summary>Up to 24:00; beyond it only when it is counted through a clock change.</summary>
    public TimeSpan OfDay { get; init; }

    /// <summary>From UTC, when written.</summary>
    public short? OffsetMinutes { get; init; }

    /// <summary>Whether the date is written with dots.</summary>
    public bool IsDotted { get; init; }

    /// <summary>Whether a mark of daylight saving time, or of the second of two equal hours, is on it.</summary>
    public bool IsMarked { get; init; }

    /// <summary>How many months it names, of which it has the first day: one, those of a quarter or of a year. Zero where it names none.</summary>
    public short Months { get; init; }

    /// <summary>Whether it names whole months.</summary>
    public bool IsMonth => Months > 0;

    /// <summary>Whether it names a whole week, of which it has the first day.</summary>
    public bool IsWeek { get; init; }

    /// <summary>Whether it names both ends of an interval, of which it has the first.</summary>
    public bool IsRange { get; init; }

    /// <summary>
    /// Whether what was read as an offset west of UTC may be the end of an interval: <c>00:00-01:00</c>. Only its whole column tells.
    /// </summary>
    public bool IsOffsetOrEnd { get; init; }

    /// <summary>Whether a hyphen stands between an hour and its minutes, or the next hour: <c>14-15</c>, which is read as a range. Only its whole column tells.</summary>
    public bool IsHyphened { get; init; }

    /// <summary>Whether <see cref="OfDay"/> is the time since midnight that really passed, whatever the clocks did.</summary>
    public bool IsElapsed { get; init; }

    /// <summary>Whether it is of the day after its date, as the hours of a gas day are from midnight on.</summary>
    public bool IsOfNextDay { get; init; }

    /// <summary>Whether its year has no such day, in whatever order it is written: a 29 February.</summary>
    public bool IsOfNoYear => DateIn(DateOrder.DayMonthYear) is null && DateIn(DateOrder.MonthDayYear) is null;

    public static WrittenTime Of(DateTime time) =>
        new((short)time.Year, (short)time.Month, (short)time.Day, DateOrder.YearMonthDay) { OfDay = time.TimeOfDay };

    public static WrittenTime OfDate(int year, int month, int day) => new((short)year, (short)month, (short)day, DateOrder.YearMonthDay);

    /// <param name="order">Of the column; counts when the label alone does not say it.</param>
    public LocalDate? DateIn(DateOrder order)
    {
        var (year, month, day) = (Order == DateOrder.Unknown ? order : Order) switch
        {
            DateOrder.YearMonthDay => (First, Second, Third),
            DateOrder.DayMonthYear => (Third, Second, First),
            _ => (Third, First, Second),
        };
        // Programs write 0001 where there is none, and 0026 is a slip.
        var fullYear = Order == DateOrder.Unknown ? FullYear(year) : year;
        return month is >= 1 and <= 12 && fullYear is >= 1 and <= 9998 && day >= 1 && day <= DateTime.DaysInMonth(fullYear, month)
            ? new LocalDate(fullYear, month, day).PlusDays(IsOfNextDay ? 1 : 0) : null;
    }

    /// <summary>The local time by the clock; of an elapsed one, as if no clock had changed.</summary>
    public LocalDateTime? ToLocal(DateOrder order) => DateIn(order)?.AtMidnight().PlusTicks(OfDay.Ticks);

    /// <summary>Two digits stand for 1970 to 2069.</summary>
    public static int FullYear(int year) => year < 100 ? year + (year < 70 ? 2000 : 1900) : year;
}
