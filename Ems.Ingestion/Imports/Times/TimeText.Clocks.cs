namespace Ems.Ingestion.Imports.Times;

/// <summary>The time of day: <c>00:15</c>, <c>12.15 PM</c>, <c>10h30</c>, <c>2B:00</c>, <c>午後1時15分</c>.</summary>
internal ref partial struct TimeText
{
    private const string HourMarks = "時时点點시";
    private const int MostOfHour = 2;

    private bool TryReadClockAlone(out ClockTime clock)
    {
        clock = default;
        SkipWordsBeforeClock(TimeWords.HalvesOfDay);
        if (!char.IsAsciiDigit(Next) || !TryReadClock(out var ofDay))
        {
            return false;
        }

        var offset = ReadZone();
        var marked = ReadMark() || _isSecondHour;
        Skip(" ");
        var range = Dashes.Contains(Next) && ReadRange();
        clock = new ClockTime(ofDay, marked, range) { OffsetMinutes = offset };
        return AtEnd;
    }

    /// <summary>In <c>02:00 CEST</c> and <c>02:00 (CET)</c>.</summary>
    private short? ReadZone()
    {
        var start = _at;
        Skip(" (");
        var offset = ZoneNames.Find(ReadWord());
        if (offset is null)
        {
            _at = start;
        }

        Skip(")");
        return offset;
    }

    /// <summary>In <c>1 January at 10:00</c> and <c>오전 10:00</c>; not where no time of day follows.</summary>
    private void SkipWordsBeforeClock(in WordSet words)
    {
        var start = _at;

        // The t before is that of "to" then, and none before a time of day.
        if (start > 0 && _text[start - 1] is 't' or 'T')
        {
            return;
        }

        while (char.IsLetter(Next) || Next == '@')
        {
            if (Next == '@')
            {
                _at++;
            }
            else
            {
                var at = _at;
                var word = ReadWord();
                if (!words.Contains(word))
                {
                    _at = at;
                    break;
                }

                _isAfternoon = TimeWords.HalfOf(word) ?? _isAfternoon;
            }

            Skip(". ");
        }

        if (!char.IsAsciiDigit(Next))
        {
            _at = start;
            _isAfternoon = null;
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
            case 1 or 2 when HourMarks.Contains(Next):
                _at++;
                (minute, second) = (ReadNamed("分분"), ReadNamed("秒초"));
                break;
            case 1 or 2 when start == 0 && Next == 'h' && Dashes.Contains(After):
                _at++;
                break;
            // 10h is an hour behind a date; alone it may be a length.
            case 1 or 2 when Next is ':' or '.' || (Next == 'h' && (start == 0 || char.IsAsciiDigit(After))):
                if (!TryReadMinutes(Next, out minute, out second, out ticks))
                {
                    return false;
                }

                break;
            case > 2:
                return false;
        }

        var isHour = _isAfternoon is { } isAfternoon ? TryApplyHalf(ref hour, isAfternoon) : TryReadHalf(ref hour);
        (_hasHour, _hasClock) = (true, _at - start > MostOfHour);
        return isHour && ClockTime.TryMake(hour, minute, second, out ofDay) && (ofDay += TimeSpan.FromTicks(ticks)) <= ClockTime.Longest;
    }

    /// <summary>
    /// Behind an hour of a date: <c>01-00-00</c>, <c>01-45</c>. What may be the next hour goes on as the end of a range (<c>01-02</c>), though only its whole column tells; false for an offset, as in <c>01-05:00</c>.
    /// </summary>
    private bool TryReadHyphens(ref TimeSpan ofDay)
    {
        var start = _at++;
        if (!TryReadNumber(out var minute) || _at - start - 1 > MostOfHour || Next == ':')
        {
            return false;
        }

        var hour = (int)ofDay.TotalHours;
        if (Next != '-' || !char.IsAsciiDigit(After))
        {
            var (isNext, isWhole) = (minute == hour + 1, _at - start - 1 == MostOfHour);
            _isHyphened = AtEnd;
            _at = isNext ? start : _at;
            _hasClock = !isNext;
            return isNext || (AtEnd && isWhole && ClockTime.TryMake(hour, (int)minute, 0, out ofDay));
        }

        var from = ++_at;
        TryReadNumber(out var second);
        _hasClock = _at - from == MostOfHour;
        return _hasClock && ClockTime.TryMake(hour, (int)minute, (int)second, out ofDay);
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
        return hour >= 1 && TryApplyHalf(ref hour, isAfternoon);
    }

    private static bool TryApplyHalf(ref int hour, bool isAfternoon)
    {
        if (hour > 12)
        {
            return false;
        }

        hour = (hour % 12) + (isAfternoon ? 12 : 0);
        return true;
    }

    /// <summary>The number before a mark; zero where there is none.</summary>
    private int ReadNamed(string marks)
    {
        var start = _at;
        Skip(" ");
        if (TryReadNumber(out var number, 2) && SkipMark(marks))
        {
            return (int)number;
        }

        _at = start;
        return 0;
    }
}
