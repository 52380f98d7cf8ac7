using System.Globalization;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Quarters, halves and weeks of a year: <c>Q1 2016</c>, <c>2016-Q1</c>, <c>1er trimestre 2016</c>, <c>2016-W01</c>, <c>KW 1/2016</c>.</summary>
internal ref partial struct TimeText
{
    /// <summary>The rest of what begins with the word for a quarter, a half or a week.</summary>
    private bool TryReadPartFirst(ReadOnlySpan<char> word, out WrittenTime time)
    {
        time = default;
        var start = _at;
        if (MonthsOf(word) is { } months)
        {
            Skip(" .");
            if (TryReadNumber(out var number, 2) && TryReadYearOf(months, (int)number, out time))
            {
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary>The year behind a part of it.</summary>
    private bool TryReadYearOf(short months, int number, out WrittenTime time)
    {
        time = default;
        Skip(" -/,_.");
        SkipWords(TimeWords.InDates);
        var start = _at;
        return TryReadNumber(out var year) && _at - start == 4 && TryMakePart(months, (int)year, number, out time);
    }

    /// <summary>The number behind a year and a word, and of a week the day: <c>2016-W01-1</c>.</summary>
    private bool TryReadPartOf(int year, ReadOnlySpan<char> word, out WrittenTime time)
    {
        time = default;
        Skip(" .");
        if (MonthsOf(word) is not { } months || !TryReadNumber(out var number, 2) || !TryMakePart(months, year, (int)number, out time))
        {
            return false;
        }

        if (months == 0 && Next == '-' && After is >= '1' and <= '7')
        {
            time = WrittenTime.Of(ISOWeek.ToDateTime(year, (int)number, (DayOfWeek)((After - '0') % 7)));
            _at += 2;
        }

        return true;
    }

    /// <summary>How many months a part of a year has that is called so; zero of a week, and null where it is none.</summary>
    private static short? MonthsOf(ReadOnlySpan<char> word) =>
        TimeWords.Quarters.Contains(word) ? (short)3 : TimeWords.Halves.Contains(word) ? (short)6 : TimeWords.Weeks.Contains(word) ? (short)0 : null;

    private static bool TryMakePart(short months, int year, int number, out WrittenTime time)
    {
        time = default;
        if (year is < 1900 or >= 2200 || number < 1 || number > (months > 0 ? PartsOfYear.MonthsOfYear / months : ISOWeek.GetWeeksInYear(year)))
        {
            return false;
        }

        time = months > 0 ? WrittenTime.OfDate(year, (months * (number - 1)) + 1, 1) with { Months = months } : WrittenTime.Of(ISOWeek.ToDateTime(year, number, DayOfWeek.Monday)) with { IsWeek = true };
        return true;
    }
}
