using System.Globalization;

namespace Ems.Ingestion.Imports.Times;

/// <summary>The date, in whatever order its parts are written.</summary>
internal ref partial struct TimeText
{
    private bool TryReadDate(out WrittenTime time)
    {
        time = default;
        if (char.IsLetter(Next))
        {
            return TryReadMonthFirst(out time);
        }

        var start = _at;
        if (!TryReadNumber(out var first))
        {
            return false;
        }

        return (_at - start) switch
        {
            8 => TrySplit(first, out time),
            12 or 14 => _hasHour = _hasClock = TrySplitWithClock(_text[start.._at], out time),
            4 => TryReadYearFirst((int)first, out time),
            1 or 2 => TryReadDayOrMonthFirst((int)first, out time),
            _ => false,
        };
    }

    /// <summary><c>Jan-16</c>, <c>January 2016</c>, <c>Jan 1, 2016</c>, <c>January 1st, 2016</c>, <c>Jan  1 00:15:00 2016</c>.</summary>
    private bool TryReadMonthFirst(out WrittenTime time)
    {
        time = default;
        var word = ReadWord();
        if (TryReadPartFirst(word, out time))
        {
            return true;
        }

        var month = MonthNames.Find(word);
        var months = month == 0 ? (short)0 : ReadLaterMonth(month);
        Skip(" .-/,'’");
        SkipWords(TimeWords.InDates);
        var start = _at;
        if (month == 0 || !TryReadNumber(out var number))
        {
            return false;
        }

        var digits = _at - start;
        if (months > 1)
        {
            // The year is that of the last month.
            var goesOn = month + months > PartsOfYear.MonthsOfYear + 1;
            time = WrittenTime.OfDate(WrittenTime.FullYear((int)number) - (goesOn ? 1 : 0), month, 1) with { Months = months };
            return digits is 2 or 4;
        }

        var isDay = SkipWords(TimeWords.InDates);
        var after = _at;
        Skip(" ,-/");
        start = _at;
        if (digits <= 2 && (isDay || _at > after) && TryReadNumber(out var year) && _at - start is 2 or 4 && Next != ':')
        {
            time = WrittenTime.OfDate(WrittenTime.FullYear((int)year), month, (int)number);
            return true;
        }

        _at = after;
        if (digits <= 2 && TryReadClockBeforeYear(month, (int)number, out time))
        {
            return true;
        }

        time = WrittenTime.OfDate(WrittenTime.FullYear((int)number), month, 1) with { Months = 1 };
        return !isDay && (digits is 2 or 4);
    }

    /// <summary>The later month in <c>Jan-Feb 2016</c> and <c>December / January 2016</c>; how many there are from the first one on, which is one where there is no other.</summary>
    private short ReadLaterMonth(int month)
    {
        var start = _at;
        Skip($" ./&+{Dashes}");
        if (_at > start && char.IsLetter(Next) && MonthNames.Find(ReadWord()) is > 0 and var last && last != month)
        {
            return (short)(last - month + (last > month ? 1 : PartsOfYear.MonthsOfYear + 1));
        }

        _at = start;
        return 1;
    }

    /// <summary>The rest of <c>Jan  1 00:15:00 2016</c>, with or without a zone before the year.</summary>
    private bool TryReadClockBeforeYear(int month, int day, out WrittenTime time)
    {
        time = default;
        var start = _at;
        Skip(" ");
        if (TryReadClock(out var ofDay) && Next == ' ' && TryReadOffset(out var offset))
        {
            Skip(" ");
            var from = _at;
            if (TryReadNumber(out var year) && _at - from == 4)
            {
                time = WrittenTime.OfDate((int)year, month, day) with { OfDay = ofDay, OffsetMinutes = offset };
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary><c>2016-01-31</c>, <c>2016 Jan 31</c>, <c>2016. 1. 31.</c>, <c>2016-01</c>, <c>2016M01</c>, <c>2016年1月31日</c>.</summary>
    private bool TryReadYearFirst(int year, out WrittenTime time)
    {
        time = default;
        var separator = Next;
        var start = _at;
        Skip("-/. Mm年년");
        var isNamed = _text[start.._at].ContainsAny('年', '년');
        ReadOnlySpan<char> word = char.IsLetter(Next) ? ReadWord() : [];
        if (word.Length > 0 && !isNamed && TryReadPartOf(year, word, out time))
        {
            return true;
        }

        var month = word.Length > 0 ? MonthNames.Find(word) : TryReadNumber(out var number, 2) ? (int)number : 0;
        if (month == 0 || (isNamed && !SkipMark("月월")))
        {
            return false;
        }

        var after = _at;
        if (isNamed || Next == separator || Next == '-')
        {
            _at += isNamed ? 0 : 1;
            Skip(isNamed || separator == '.' ? " " : "");
            if (TryReadNumber(out var day, 2) && (isNamed ? SkipMark("日일号") : Next != ':'))
            {
                // Korean dates have a dot behind the day too.
                Skip(separator == '.' ? "." : "");
                time = WrittenTime.OfDate(year, month, (int)day);
                return true;
            }
        }

        _at = after;
        time = WrittenTime.OfDate(year, month, 1) with { Months = 1 };
        return separator is not '.' && month <= 12 && year is > 1900 and < 2200;
    }

    private bool SkipMark(string marks)
    {
        Skip(" ");
        var isMark = !AtEnd && marks.Contains(Next, StringComparison.Ordinal);
        _at += isMark ? 1 : 0;
        return isMark;
    }

    /// <summary><c>1/2/2016</c> in either order, <c>1. Februar 2016</c>, <c>1 de febrero de 2016</c>, <c>01/2016</c>.</summary>
    private bool TryReadDayOrMonthFirst(int first, out WrittenTime time)
    {
        time = default;
        var separator = Next;
        Skip(separator == '.' ? ". " : "-/ ");
        var start = _at;
        if (char.IsLetter(Next))
        {
            SkipWords(TimeWords.InDates);
            var word = ReadWord();
            if (MonthsOf(word) is { } months)
            {
                return TryReadYearOf(months, first, out time);
            }

            var month = MonthNames.Find(word);
            Skip(" .-/,'");
            SkipWords(TimeWords.InDates);
            start = _at;
            var named = month > 0 && TryReadNumber(out var namedYear) && _at - start is 2 or 4 && Next != ':' ? (int)namedYear : -1;
            time = WrittenTime.OfDate(WrittenTime.FullYear(named), Math.Max(month, 0), first);
            return named >= 0;
        }

        if (separator is not ('-' or '/' or '.' or ' ') || !TryReadNumber(out var second))
        {
            return false;
        }

        if (_at - start == 4)
        {
            time = WrittenTime.OfDate((int)second, first, 1) with { Months = 1 };
            return separator is '-' or '/' && first is >= 1 and <= 12;
        }

        var isPair = _at - start <= 2 && Next == separator;
        _at++;
        start = _at;
        if (!isPair || !TryReadNumber(out var year) || _at - start is not (2 or 4) || (_at - start == 4 && year == 1))
        {
            return false;
        }

        time = new WrittenTime((short)first, (short)second, (short)year, DateOrder.Unknown) { IsDotted = separator == '.' };
        return true;
    }

    private static bool TrySplit(long digits, out WrittenTime time)
    {
        time = WrittenTime.OfDate((int)(digits / 10_000), (int)(digits / 100 % 100), (int)(digits % 100));
        return time.First is > 1900 and < 2200 && time.Second is >= 1 and <= 12 && time.Third is >= 1 and <= 31;
    }

    private static bool TrySplitWithClock(ReadOnlySpan<char> digits, out WrittenTime time)
    {
        var seconds = digits.Length == 14 ? TwoDigits(digits[12..]) : 0;
        if (!TrySplit(long.Parse(digits[..8], NumberStyles.None, CultureInfo.InvariantCulture), out time)
            || !ClockTime.TryMake(TwoDigits(digits[8..]), TwoDigits(digits[10..]), seconds, out var ofDay))
        {
            return false;
        }

        time = time with { OfDay = ofDay };
        return true;

        static int TwoDigits(ReadOnlySpan<char> text) => ((text[0] - '0') * 10) + text[1] - '0';
    }
}
