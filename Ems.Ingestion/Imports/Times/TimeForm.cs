using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Times;

/// <summary>What only all times of a sheet tell about how they are written.</summary>
/// <param name="Numbers">What the numbers of its times of day count; null where these are no numbers.</param>
/// <param name="EndNumbers">And those of the times of day at which intervals end.</param>
/// <param name="HasRanges">Whether what may be an offset or the end of an interval is such an end.</param>
/// <param name="OffsetMinutes">From UTC, where a header says it.</param>
internal readonly record struct TimeForm(ClockCells? Numbers, ClockCells? EndNumbers, bool HasRanges, short? OffsetMinutes)
{
    /// <summary>Whether <c>14-15</c> is a time of day, and no range of an hour.</summary>
    public bool HyphensAreMinutes { get; init; }

    /// <summary>Whether the numbers beside its dates are no times of day.</summary>
    public bool IsOfDates { get; init; }

    /// <summary>Whether 00:00 is the 24:00 of its date.</summary>
    public bool MidnightEndsDay { get; init; }

    /// <summary>The subjects whose 00:00 begins its date all the same; null where there are none.</summary>
    public IReadOnlySet<int>? LoneMidnights { get; init; }

    /// <summary>The time of day before which times are of the day after their date; zero where none are.</summary>
    public TimeSpan NextDayBefore { get; init; }

    /// <summary>Reads the times of a spooled row again.</summary>
    public void Settle(SpooledRow row)
    {
        if (row.Time is not { } time)
        {
            return;
        }

        if (HasRanges && time.IsOffsetOrEnd)
        {
            row.Time = time = time with { OffsetMinutes = OffsetMinutes, IsRange = true, IsOffsetOrEnd = false };
        }

        if (HyphensAreMinutes)
        {
            row.Time = time = WithMinutes(time);
            row.End = row.End is { } last ? WithMinutes(last) : null;
        }

        if (MidnightEndsDay && time.OfDay == TimeSpan.Zero && LoneMidnights?.Contains(row.Subject) != true)
        {
            row.Time = time = time with { OfDay = ClockTime.Day };
        }

        if (IsOfDates)
        {
            row.Time = time with { OfDay = TimeSpan.Zero };
            return;
        }

        row.Time = Read(Numbers, time, row);
        row.End = row.Time is not null && row.End is { } end ? Read(EndNumbers, end, row) : null;
        row.Time = row.BadTime is null ? row.Time : null;
        row.Time = row.Time is { } read && read.OfDay < NextDayBefore ? read with { IsOfNextDay = true } : row.Time;
    }

    /// <summary>What was read as the next hour is the minutes.</summary>
    private static WrittenTime WithMinutes(in WrittenTime time) => !time.IsRange ? time : time with { OfDay = time.OfDay + TimeSpan.FromMinutes(time.OfDay.Hours + 1), IsRange = false };

    /// <summary>Null where the number is none of the day's.</summary>
    private static WrittenTime? Read(ClockCells? numbers, in WrittenTime time, SpooledRow row)
    {
        if (numbers is not { } clock)
        {
            return time;
        }

        var number = ClockCells.NumberOf(time.OfDay);
        if (clock.TryRead(number, out var read))
        {
            return time with { OfDay = read.OfDay, IsElapsed = clock.Numbers == ClockNumbers.Period };
        }

        row.BadTime = number.ToString(CultureInfo.InvariantCulture);
        return null;
    }
}

/// <summary>Finds it out.</summary>
/// <param name="isTold">Whether the rows are of another file, which says when its days end.</param>
internal sealed class TimeFormFinder(TimeColumns columns, bool isTold)
{
    public const string NoTimesOfDates = "no two rows of a meter have the same date, as those of several times of a day have";
    public const string MidnightsAreLast = "it comes last in the rows of its date, one step after the time before";
    public const string DaysGoOn = "the rows of a date begin then and go on past midnight: those from midnight on are of the day after their date";
    public const string NoTimes = "its numbers count no hours or equal parts of hours of a day";

    // Of more dates than these it is not looked whether they are all different.
    private const int MostDates = 1_000_000;

    private readonly ClockNumbering? _numbers = Begin(columns.Clock);
    private readonly ClockNumbering? _endNumbers = Begin(columns.EndClock);
    private readonly LastMidnights? _midnights = isTold || columns.HasEnds || columns.Clock is { Cells.Numbers: ClockNumbers.Undecided } ? null : new();
    // Times that stand with their dates may be sorted by something else, once.
    private readonly NextDays? _nextDays = isTold || columns.HasEnds ? null : new(columns.Clock is null ? 2 : 1);
    private readonly HashSet<(int Subject, WrittenTime Date)> _dates = [];
    private bool _datesRepeat;
    private bool _mayBeRanges = true;
    private bool _areRanges;
    private TimeSpan? _length;
    private short? _offset;
    private readonly HyphenedTimes? _hyphens = isTold ? null : new();

    /// <param name="subject">What the row is about.</param>
    public void Note(in WrittenTime time, int subject)
    {
        if (_numbers is not null)
        {
            _numbers.Note(ClockCells.NumberOf(time.OfDay));
            NoteDate(time with { OfDay = TimeSpan.Zero }, subject);
        }

        NoteRange(time);
        _hyphens?.Note(time);
        _midnights?.Note(time, subject);
        _nextDays?.Note(time, subject);
    }

    public void NoteEnd(in WrittenTime time) => _endNumbers?.Note(ClockCells.NumberOf(time.OfDay));

    /// <param name="goOn">Whether these were the first times of more.</param>
    /// <exception cref="ImportFaultException">Numbers of times of day count nothing of a day.</exception>
    public TimeForm Decide(string sheet, int headerRow, bool goOn)
    {
        // Numbers of periods may be those of weeks, months or bills: of a day there are several.
        var isOfDates = _numbers is { Range.First: >= 0 } && columns.EndClock is null && !_datesRepeat
            && (!new HeaderWords(columns.Clock!.Value.Header).NameTimeOfDay || _numbers.Decide(goOn: false) is null);
        var clocks = isOfDates ? null : Decide(_numbers, columns.Clock);
        return new TimeForm(clocks, Decide(_endNumbers, columns.EndClock), _mayBeRanges && _areRanges, columns.Offset?.Minutes)
        {
            HyphensAreMinutes = _hyphens?.AreMinutes(columns, sheet, headerRow) == true,
            IsOfDates = isOfDates,
            MidnightEndsDay = _midnights is { AreFound: true },
            LoneMidnights = _midnights is { AreFound: true } ? _midnights.Lone : null,
            NextDayBefore = isOfDates || _midnights is { AreFound: true } ? TimeSpan.Zero
                : _nextDays?.Find(time => _numbers is null ? time : clocks?.TryRead(ClockCells.NumberOf(time), out var read) == true ? read.OfDay : null) ?? TimeSpan.Zero,
        };

        ClockCells? Decide(ClockNumbering? numbers, ClockColumn? clock) =>
            numbers?.Decide(goOn) ?? (numbers?.Range is not ( >= 0, _) range ? null : throw Ask(sheet, headerRow, clock!.Value.Header, $"{range.First} to {range.Last}"));
    }

    private static ImportFaultException Ask(string sheet, int headerRow, string header, string numbers)
    {
        var ignored = ImportMapping.Written(new MappedColumn(header) { Role = ColumnRole.Ignored });
        return new(new ImportFault(
            ImportFault.AmbiguousMapping, $"The numbers of the column {header} go from {numbers}: no day has so many hours or equal parts of hours. Send {ignored} if it counts something else.",
            sheet, headerRow, header, [ignored])
        {
            Guess = new ImportMapping { Columns = [ColumnProposals.Ignored(header, NoTimes)] },
        });
    }

    private static ClockNumbering? Begin(ClockColumn? clock) => clock is { Cells.Numbers: ClockNumbers.Undecided } ? new() : null;

    private void NoteDate(in WrittenTime date, int subject)
    {
        if (!_datesRepeat && (!_dates.Add((subject, date)) || _dates.Count > MostDates))
        {
            _datesRepeat = true;
            _dates.Clear();
            _dates.TrimExcess();
        }
    }

    /// <summary>
    /// <c>00:45-01:00</c> is a range where all times go on so, and the ends go with the times, always as far behind them. An offset stays
    /// the same, or changes twice a year.
    /// </summary>
    private void NoteRange(in WrittenTime time)
    {
        if (!time.IsOffsetOrEnd)
        {
            _mayBeRanges &= time.IsRange;
            _areRanges |= time.IsRange;
            return;
        }

        var end = TimeSpan.FromMinutes(-time.OffsetMinutes!.Value);
        var length = end < time.OfDay ? end + ClockTime.Day - time.OfDay : end - time.OfDay;
        _mayBeRanges &= length > TimeSpan.Zero && length == (_length ?? length);
        _areRanges |= time.OffsetMinutes != (_offset ?? time.OffsetMinutes);
        (_length, _offset) = (length, time.OffsetMinutes);
    }
}
