using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Reads times as people and programs write them: <c>2016-01-01T00:15:00+01:00</c>, <c>1/2/16 12:15 AM</c>, <c>01.02.2016 24:00</c>,
/// <c>Friday, January 1, 2016</c>, <c>Jan-16</c>, <c>20160101 0015</c>, <c>11/04/2018 02:00 DST</c>, <c>27.10.2024 2B:00</c>.
/// </summary>
internal ref partial struct TimeText
{
    private const int LongestText = 64;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Weekdays = new[]
    {
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
        "sonntag", "lun", "mer", "jeu", "ven", "sam", "dim", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> OfClocks = SearchValues.Create("0123456789:");

    private const string Dashes = "-–—~～〜";

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private bool _isOffsetOrEnd;
    private bool _isSecondHour;

    private TimeText(ReadOnlySpan<char> text) => _text = text;

    public static bool TryParse(ReadOnlySpan<char> text, out WrittenTime time)
    {
        time = default;
        text = text.Trim();
        return text.Length is >= 5 and <= LongestText && (new TimeText(text).TryRead(out time) || (text.Contains('年') && new TimeText(WithDashes(text.ToString())).TryRead(out time)));
    }

    /// <summary>2024年1月5日 with dashes.</summary>
    private static string WithDashes(string text) => YearMonthDay().Replace(
        text,
        date => string.Join('-', date.Groups.Values.Skip(1).Where(group => group.Success).Select(group => group.Value.PadLeft(2, '0'))) + (date.Index + date.Length == text.Length ? "" : " "));

    [GeneratedRegex(@"^(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?\s*", RegexOptions.CultureInvariant)]
    private static partial Regex YearMonthDay();

    /// <summary>Reads a time of day alone: <c>00:15</c>, <c>12:15 AM</c>, <c>24:00</c>, <c>00:00 - 00:15</c>.</summary>
    public static bool TryParseClock(ReadOnlySpan<char> text, out ClockTime clock)
    {
        clock = default;
        text = text.Trim();
        return text.Length is >= 3 and <= LongestText && new TimeText(text).TryReadClockAlone(out clock);
    }

    private readonly bool AtEnd => _at >= _text.Length;

    /// <summary>Blanks that do not break a line, or are thin, are blanks.</summary>
    private readonly char Next => AtEnd ? '\0' : _text[_at] is '\u00A0' or '\u2009' or '\u202F' ? ' ' : _text[_at];

    private bool TryRead(out WrittenTime time)
    {
        time = default;
        SkipWeekday();
        if (!TryReadDate(out time))
        {
            return false;
        }

        Skip(" T,t_");
        SkipDashBeforeClock(time.IsMonth);
        if (char.IsAsciiDigit(Next))
        {
            if (time.IsMonth || !TryReadClock(out var ofDay))
            {
                return false;
            }

            time = time with { OfDay = ofDay };
        }

        return TryReadOffset(out var offset) && Finish(ref time, offset);
    }

    /// <summary>In <c>13/01/2024 - 00:00</c> the dash only parts the date from its time of day.</summary>
    private void SkipDashBeforeClock(bool isMonth)
    {
        var start = _at;
        if (isMonth || !Dashes.Contains(Next) || After != ' ')
        {
            return;
        }

        _at++;
        Skip(" ");
        _at = _text[_at..].IndexOf(':') is 1 or 2 && char.IsAsciiDigit(Next) ? _at : start;
    }

    private bool Finish(ref WrittenTime time, short? offset)
    {
        var marked = ReadMark() || _isSecondHour;
        var range = ReadRange();
        time = time with { OffsetMinutes = offset, IsMarked = marked, IsRange = range, IsOffsetOrEnd = _isOffsetOrEnd && !range };
        return AtEnd;
    }

    private bool TryReadClockAlone(out ClockTime clock)
    {
        clock = default;
        if (!char.IsAsciiDigit(Next) || !TryReadClock(out var ofDay))
        {
            return false;
        }

        var marked = ReadMark() || _isSecondHour;
        Skip(" ");
        var range = Dashes.Contains(Next) && ReadRange();
        clock = new ClockTime(ofDay, marked, range);
        return AtEnd;
    }

    private void SkipWeekday()
    {
        var start = _at;
        if (char.IsLetter(Next) && Weekdays.Contains(ReadWord()))
        {
            Skip("., ");
        }
        else
        {
            _at = start;
        }
    }

    private bool TryReadClock(out TimeSpan ofDay)
    {
        ofDay = default;
        var start = _at;
        if (!TryReadNumber(out var number))
        {
            return false;
        }

        var (hour, minute, second, ticks) = ((int)number, 0, 0, 0L);
        var digits = _at - start;
        if (digits <= 2 && Next is 'A' or 'B' && After == ':')
        {
            _isSecondHour = Next == 'B';
            _at++;
        }

        switch (digits)
        {
            case 4:
                (hour, minute) = (hour / 100, hour % 100);
                break;
            case 6:
                (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100);
                break;
            case 1 or 2 when Next is ':' or '.' or 'h':
                if (!TryReadMinutes(Next, out minute, out second, out ticks))
                {
                    return false;
                }

                break;
            case > 2:
                return false;
        }

        return TryReadHalf(ref hour) && ClockTime.TryMake(hour, minute, second, out ofDay) && (ofDay += TimeSpan.FromTicks(ticks)) <= ClockTime.Day;
    }

    private bool TryReadMinutes(char separator, out int minute, out int second, out long ticks)
    {
        (minute, second, ticks) = (0, 0, 0);
        _at++;
        var start = _at;
        if (!TryReadNumber(out var minutes) || _at - start != 2)
        {
            return false;
        }

        minute = (int)minutes;
        if (Next != separator || !char.IsAsciiDigit(After))
        {
            return true;
        }

        _at++;
        start = _at;
        if (!TryReadNumber(out var seconds) || _at - start != 2)
        {
            return false;
        }

        second = (int)seconds;
        if (Next is '.' or ',' && char.IsAsciiDigit(After))
        {
            _at++;
            var weight = TimeSpan.TicksPerSecond / 10;
            for (; char.IsAsciiDigit(Next); _at++, weight /= 10)
            {
                ticks += (Next - '0') * weight;
            }
        }

        return true;
    }

    private readonly char After => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private bool TryReadHalf(ref int hour)
    {
        var start = _at;
        Skip(" ");
        var isAfternoon = Next is 'P' or 'p';
        if (!isAfternoon && Next is not ('A' or 'a'))
        {
            _at = start;
            return true;
        }

        _at++;
        // Spanish: a. m.
        Skip(". ");
        if (Next is not ('M' or 'm'))
        {
            _at = start;
            return true;
        }

        _at++;
        Skip(".");
        if (hour is < 1 or > 12)
        {
            return false;
        }

        hour = (hour % 12) + (isAfternoon ? 12 : 0);
        return true;
    }

    /// <summary>False for what looks like an offset and is none.</summary>
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
        if (Next is '+' or '-' && char.IsAsciiDigit(After) && (!mayBeRange || EndsWithOffset(isBehindName: minutes == 0, mayBeZero: isClock)))
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

            minutes = (short)(sign * ((hours * 60) + rest));
            return hours <= 18 && rest < 60;
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
        return minutes is "00" or "30" && int.TryParse(rest[..(colon > 0 ? colon : Math.Min(rest.Length, 2))], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours <= 12 && (hours > 0 || mayBeZero);
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
            if (new TimeText(_text[_at..]).TryReadClockAlone(out _) || TryParse(_text[_at..], out _))
            {
                _at = _text.Length;
                return true;
            }
        }

        _at = start;
        return false;
    }

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
