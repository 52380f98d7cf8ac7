using System.Globalization;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Quarters and weeks of a year: <c>Q1 2016</c>, <c>2016-Q1</c>, <c>1er trimestre 2016</c>, <c>2016-W01</c>, <c>KW 1/2016</c>.</summary>
internal ref partial struct TimeText
{
    /// <summary>The rest of what begins with the word for a quarter or a week.</summary>
    private bool TryReadPartFirst(ReadOnlySpan<char> word, out WrittenTime time)
    {
        time = default;
        var start = _at;
        if (IsQuarter(word) is { } isQuarter)
        {
            Skip(" .");
            if (TryReadNumber(out var number, 2) && TryReadYearOf(isQuarter, (int)number, out time))
            {
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary>The year behind a part of it.</summary>
    private bool TryReadYearOf(bool isQuarter, int number, out WrittenTime time)
    {
        time = default;
        Skip(" -/,_.");
        SkipWords(TimeWords.InDates);
        var start = _at;
        return TryReadNumber(out var year) && _at - start == 4 && TryMakePart(isQuarter, (int)year, number, out time);
    }

    /// <summary>The number behind a year and a word, and of a week the day: <c>2016-W01-1</c>.</summary>
    private bool TryReadPartOf(int year, ReadOnlySpan<char> word, out WrittenTime time)
    {
        time = default;
        Skip(" .");
        if (IsQuarter(word) is not { } isQuarter || !TryReadNumber(out var number, 2) || !TryMakePart(isQuarter, year, (int)number, out time))
        {
            return false;
        }

        if (!isQuarter && Next == '-' && After is >= '1' and <= '7')
        {
            time = WrittenTime.Of(ISOWeek.ToDateTime(year, (int)number, (DayOfWeek)((After - '0') % 7)));
            _at += 2;
        }

        return true;
    }

    private static bool? IsQuarter(ReadOnlySpan<char> word) => TimeWords.Quarters.Contains(word) ? true : TimeWords.Weeks.Contains(word) ? false : null;

    private static bool TryMakePart(bool isQuarter, int year, int number, out WrittenTime time)
    {
        time = default;
        if (year is < 1900 or >= 2200 || number < 1 || number > (isQuarter ? 4 : ISOWeek.GetWeeksInYear(year)))
        {
            return false;
        }

        time = isQuarter ? WrittenTime.OfDate(year, (3 * number) - 2, 1) with { Months = 3 } : WrittenTime.Of(ISOWeek.ToDateTime(year, number, DayOfWeek.Monday)) with { IsWeek = true };
        return true;
    }
}
