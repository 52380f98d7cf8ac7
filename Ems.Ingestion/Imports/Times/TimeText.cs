using System.Buffers;
using System.Globalization;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Reads times as people and programs write them: <c>2016-01-01T00:15:00+01:00</c>, <c>1/2/16 12:15 AM</c>, <c>01.02.2016 24:00</c>,
/// <c>Friday, January 1, 2016</c>, <c>Jan-16</c>, <c>20160101 0015</c>, <c>11/04/2018 02:00 DST</c>, <c>27.10.2024 2B:00</c>,
/// <c>1 de enero de 2016 a las 10:00</c>, <c>2016年1月1日 午後1時15分</c>, <c>Fri Jan  1 00:15:00 2016</c>.
/// </summary>
internal ref partial struct TimeText
{
    private const int LongestText = 80;

    // Minutes from UTC.
    private const int LeastOffset = -12 * 60;
    private const int GreatestOffset = 14 * 60;

    private static readonly SearchValues<char> OfClocks = SearchValues.Create("0123456789:");

    private const int MostMonths = 24;
    private const string Dashes = "-–—~～〜";

    private static readonly DateOrder[] Orders = [DateOrder.YearMonthDay, DateOrder.DayMonthYear, DateOrder.MonthDayYear];

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private bool _isOffsetOrEnd;
    private bool _isSecondHour;
    private bool _isHyphened;
    private bool _hasHour;
    private bool _hasClock;
    private bool? _isAfternoon;

    private TimeText(ReadOnlySpan<char> text) => _text = text;

    public static bool TryParse(ReadOnlySpan<char> text, out WrittenTime time)
    {
        time = default;
        text = WithoutQuotes(text.Trim());
        if (text.Length is < 5 or > LongestText)
        {
            return false;
        }

        if (new TimeText(text).TryRead(out time))
        {
            return true;
        }

        var isRange = DateRanges.TryRead(text, RangeEnd.First, out time);
        time = time with { IsRange = isRange };
        return isRange;
    }

    /// <summary>Reads a time of day alone: <c>00:15</c>, <c>12:15 AM</c>, <c>24:00</c>, <c>00:00 - 00:15</c>.</summary>
    public static bool TryParseClock(ReadOnlySpan<char> text, out ClockTime clock)
    {
        clock = default;
        text = text.Trim();
        return text.Length is >= 2 and <= LongestText && (text.Length > 2 || HourMarks.Contains(text[1])) && new TimeText(text).TryReadClockAlone(out clock);
    }

    /// <summary>In apostrophes, as some loggers write them: <c>'2016-01-01 00:15:00'</c>.</summary>
    private static ReadOnlySpan<char> WithoutQuotes(ReadOnlySpan<char> text) => text is ['\'', .. var quoted, '\''] ? quoted : text;

    private readonly bool AtEnd => _at >= _text.Length;

    /// <summary>Blanks that do not break a line, or are thin, are blanks.</summary>
    private readonly char Next => AtEnd ? '\0' : _text[_at] is '\u00A0' or '\u2009' or '\u202F' ? ' ' : _text[_at];

    private readonly char After => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private bool TryRead(out WrittenTime time)
    {
        time = default;
        SkipWeekday();
        if (!TryReadDate(out time))
        {
            return false;
        }

        SkipWeekdayBehind();
        Skip(" T,t_");
        SkipDashBeforeClock(time);
        SkipWordsBeforeClock(TimeWords.BeforeClocks);
        if (char.IsAsciiDigit(Next))
        {
            var start = _at;
            if (time.IsMonth || !TryReadClock(out var ofDay) || (_at - start <= 2 && Next == '-' && !TryReadHyphens(ref ofDay)))
            {
                return false;
            }

            time = time with { OfDay = ofDay };
        }

        return TryReadOffset(out var offset) && Finish(ref time, offset ?? time.OffsetMinutes);
    }

    /// <summary>In <c>13/01/2024 - 00:00</c>, <c>13.01.2024-00:00</c>, <c>20240113-0015</c> and <c>2024-01-13-00.15.00</c> the dash only parts the date from its time of day.</summary>
    private void SkipDashBeforeClock(in WrittenTime date)
    {
        var start = _at;
        if (date.IsMonth || _hasClock || !Dashes.Contains(Next))
        {
            return;
        }

        _at++;
        Skip(" ");
        var isApart = _at > start + 1;
        var digits = _text[_at..].IndexOfAnyExceptInRange('0', '9');
        var isClock = digits is 1 or 2 ? _text[_at + digits] == ':' || (!isApart && IsOfSeconds(date, _text[..start], _text[_at..])) : !isApart && digits < 0 && _text.Length - _at is 4 or 6;
        _at = isClock && char.IsWhiteSpace(_text[start - 1]) == isApart ? _at : start;
    }

    /// <summary>Whether behind a date with hyphens and a whole year what follows is a time of day, to the second, and no date at which a range ends: <c>10-06-2024-16-06-24</c>.</summary>
    private static bool IsOfSeconds(in WrittenTime date, ReadOnlySpan<char> written, ReadOnlySpan<char> rest) => written.Length == "2024-01-13".Length && written.Contains('-')
        && rest is [_, _, '-' or '.', _, _, '-' or '.', _, _, ..] && rest[2] == rest[5] && char.IsAsciiDigit(rest[7]) && (rest.Length == 8 || !char.IsAsciiDigit(rest[8]))
        && !(rest.Length == 8 && (rest[2] == '-' || date.Order == DateOrder.Unknown) && TryParse(rest, out var end) && EndsRange(date, end));

    private static bool EndsRange(WrittenTime date, WrittenTime end) => Array.Exists(Orders, order => date.DateIn(order) is { } from
        && Array.Exists(Orders, other => end.DateIn(other) is { } to && to > from && to <= from.PlusYears(1)));

    private bool Finish(ref WrittenTime time, short? offset)
    {
        var marked = ReadMark() || _isSecondHour;
        if (offset is not null)
        {
            SkipNameOfZone();
        }

        time = time.IsMonth ? time with { Months = ReadLastMonth(time) } : time;
        var range = ReadRange();
        time = time with { OffsetMinutes = offset, IsMarked = marked, IsRange = range, IsOffsetOrEnd = _isOffsetOrEnd && !range, IsHyphened = _isHyphened };
        return AtEnd;
    }

    private void SkipWeekday()
    {
        var start = _at;
        if (char.IsLetter(Next) && TimeWords.Weekdays.Contains(ReadWord()))
        {
            Skip("., ");
        }
        else
        {
            _at = start;
        }
    }

    /// <summary>Behind the date too: <c>2016-01-01 Fri</c>, <c>2016年1月1日(金)</c>.</summary>
    private void SkipWeekdayBehind()
    {
        var start = _at;
        Skip(" (,");
        if (!char.IsLetter(Next))
        {
            _at = start;
            return;
        }

        var word = _at;
        SkipWeekday();
        if (_at == word)
        {
            _at = start;
            return;
        }

        Skip(")");
    }

    /// <summary>Skips words of a set, and the blanks behind them; false where there are none.</summary>
    private bool SkipWords(in WordSet words)
    {
        var isAny = false;
        while (char.IsLetter(Next))
        {
            var start = _at;
            if (!words.Contains(ReadWord()))
            {
                _at = start;
                break;
            }

            isAny = true;
            Skip(" ");
        }

        return isAny;
    }

    /// <summary>Behind an offset in brackets, or of the tz database: <c>GMT+0100 (Central European Standard Time)</c>, <c>-05:00 New_York</c>.</summary>
    private void SkipNameOfZone()
    {
        var rest = _text[_at..].Trim(' ');
        if (Next == ' ' && ZoneNames.IsPlace(rest))
        {
            _at = _text.Length;
            return;
        }

        if (rest is ['(', .. var name, ')'])
        {
            foreach (var c in name)
            {
                if (!char.IsLetter(c) && c != ' ')
                {
                    return;
                }
            }

            _at = _text.Length;
        }
    }

    /// <summary>False for what looks like an offset and is none. Without a name of a zone one with a hyphen stands behind a time of day with minutes: behind a date or an hour it may part these.</summary>
    private bool TryReadOffset(out short? minutes)
    {
        minutes = null;
        var start = _at;
        Skip(" (");
        var isApart = _at > start;
        if (char.IsLetter(Next))
        {
            minutes = ZoneNames.Find(ReadWord());
            if (minutes is null)
            {
                _at = start;
                return true;
            }

            Skip(")");
        }

        // A range goes on with a dash too: 00:00 - 00:15, 00:00 CET-00:15 CET, and 00:00-00:15 where that is no offset.
        var isClock = Next == '-' && !isApart && minutes is null && GoesOnWithClock();
        var mayBeRange = Next == '-' && (isApart || isClock || minutes is not null);
        if (Next is '+' or '-' && char.IsAsciiDigit(After) && (_hasClock || Next == '+' || minutes is not null) && (!mayBeRange || EndsWithOffset(isBehindName: minutes == 0, mayBeZero: isClock)))
        {
            _isOffsetOrEnd = isClock;
            var sign = Next == '-' ? -1 : 1;
            _at++;
            var from = _at;
            TryReadNumber(out var hours);
            long rest = 0;
            if (_at - from == 4)
            {
                (hours, rest) = (hours / 100, hours % 100);
            }
            else if (Next == ':')
            {
                _at++;
                TryReadNumber(out rest);
            }

            var offset = sign * ((hours * 60) + rest);
            minutes = (short)offset;
            return offset is >= LeastOffset and <= GreatestOffset && rest < 60;
        }

        if (minutes is null)
        {
            _at = start;
        }

        return true;
    }

    /// <summary>Whether nothing but a time of day follows the next character.</summary>
    private readonly bool GoesOnWithClock()
    {
        var rest = _text[(_at + 1)..].TrimEnd(" Uhr");
        return rest.Contains(':') && !rest.ContainsAnyExcept(OfClocks);
    }

    /// <summary>Whether the text ends with an offset west of UTC: <c>-05:00</c>, <c>-5:00</c>, <c>-0330</c>, <c>UTC-5</c>. None is of odd minutes.</summary>
    /// <param name="mayBeZero">Some write <c>-00:00</c> for UTC.</param>
    private readonly bool EndsWithOffset(bool isBehindName, bool mayBeZero)
    {
        var rest = _text[(_at + 1)..].TrimEnd(')');
        var colon = rest.IndexOf(':');
        var minutes = colon is 1 or 2 ? rest[(colon + 1)..] : rest.Length == 4 ? rest[2..] : isBehindName && rest.Length <= 2 ? "00" : [];
        return minutes is "00" or "30" && int.TryParse(rest[..(colon > 0 ? colon : Math.Min(rest.Length, 2))], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && (hours < 12 || (hours == 12 && minutes is "00")) && (hours > 0 || mayBeZero);
    }

    private bool ReadMark()
    {
        var start = _at;
        Skip(" (");
        if (Next == '*')
        {
            _at++;
            return true;
        }

        var word = ReadWord();
        var isMark = word is "DST" or "dst" or "B" or "b" or "S" or "SZ";
        if (isMark || word is "A" or "a" or "ST" or "STD" or "W" or "WZ" or "Uhr" or "h" or "hrs")
        {
            Skip(") ");
            return isMark;
        }

        _at = start;
        return false;
    }

    private bool ReadRange()
    {
        var start = _at;
        Skip($" to{Dashes}");
        if (_at > start && !AtEnd)
        {
            if ((_hasHour && new TimeText(EndOfRange(_text[_at..])).TryReadClockAlone(out _)) || TryParse(_text[_at..], out _))
            {
                _at = _text.Length;
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary>How many months there are to the end of a later one: <c>Jan 2023 - Mar 2023</c>; as many as before where there is none.</summary>
    private short ReadLastMonth(in WrittenTime first)
    {
        var start = _at;
        Skip($" to{Dashes}");
        if (_at > start && char.IsLetter(Next) && TryParse(_text[_at..], out var last) && last.IsMonth
            && ((last.First - first.First) * 12) + last.Second - first.Second + last.Months is var months && months > first.Months && months <= MostMonths)
        {
            _at = _text.Length;
            return (short)months;
        }

        _at = start;
        return first.Months;
    }

    /// <summary>An hour that ends one may have its mark: <c>00-01h</c>, <c>00h-01h</c>.</summary>
    private static ReadOnlySpan<char> EndOfRange(ReadOnlySpan<char> text) => text is [.. var hour, 'h'] && hour.Length <= MostOfHour && !hour.ContainsAnyExceptInRange('0', '9') ? hour : text;

    private bool TryReadNumber(out long number, int mostDigits = 14)
    {
        number = 0;
        var start = _at;
        while (_at - start < mostDigits && char.IsAsciiDigit(Next))
        {
            number = (number * 10) + Next - '0';
            _at++;
        }

        return _at > start;
    }

    private ReadOnlySpan<char> ReadWord()
    {
        var start = _at;
        while (char.IsLetter(Next))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private void Skip(string characters)
    {
        while (!AtEnd && characters.Contains(Next, StringComparison.Ordinal))
        {
            _at++;
        }
    }
}
