using System.Globalization;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>How the numbers of a column, or of a row of headers, name times of day.</summary>
internal enum ClockNumbers
{
    /// <summary>As texts or fractions of a day: <c>00:15</c>, 0.0104.</summary>
    Clock,

    /// <summary>Hours by their start: 0 to 23.</summary>
    HourStarting,

    /// <summary>Hours by their end: 1 to 24.</summary>
    HourEnding,

    /// <summary>Hours and minutes as digits: 0015, 1300.</summary>
    HourMinute,

    /// <summary>Numbered intervals of half an hour or less: each has its length whatever the clocks do.</summary>
    Period,

    /// <summary>Whole numbers, of which only the whole column tells what they count.</summary>
    Undecided,
}

/// <summary>Reads cells that hold times of day.</summary>
/// <param name="Length">Of a period.</param>
internal readonly record struct ClockCells(ClockNumbers Numbers, TimeSpan Length = default)
{
    /// <summary>Of hours and minutes as digits.</summary>
    public const int GreatestNumber = 2400;

    private const int LongestWord = 12;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Number of the first period of a day.</summary>
    public int First { get; init; } = 1;

    /// <summary>How these cells name times of day; null when they do not.</summary>
    /// <param name="cells">The first of one column.</param>
    /// <param name="mayGoOn">Whether these may be the first of the numbered intervals of a day, and others follow.</param>
    public static ClockCells? Of(IReadOnlyList<Cell> cells, bool mayGoOn = false)
    {
        if (cells.Count == 0)
        {
            return null;
        }

        var clock = new ClockCells(ClockNumbers.Clock);
        if (cells.All(cell => clock.TryRead(cell, out _)) && cells.Any(cell => cell.Kind != CellKind.Number || cell.Number % 1 != 0))
        {
            return clock;
        }

        var numbers = new ClockNumbering();
        var marked = -1;
        foreach (var cell in cells)
        {
            if (!HourMarks.TryIndex(cell, out var index, out _))
            {
                return null;
            }

            // A day has the marks of one hour: 1A, 1B, 2A and 2B are flats.
            if (HourMarks.Without(cell).IsMarked)
            {
                if (marked >= 0 && marked != index)
                {
                    return null;
                }

                marked = index;
            }

            numbers.Note(index);
        }

        return numbers.Decide(mayGoOn) is not null ? new ClockCells(ClockNumbers.Undecided) : null;
    }

    /// <summary>The number that an undecided time of day stands for.</summary>
    public static int NumberOf(TimeSpan undecided) => (int)undecided.TotalSeconds;

    public bool TryRead(in Cell cell, out ClockTime clock)
    {
        clock = default;
        switch (cell.Kind)
        {
            case CellKind.Time when Numbers != ClockNumbers.Undecided:
                // Workbooks keep a time of day as a time on their day zero, and 24:00 as the end of that day.
                clock = new ClockTime(cell.Time - Cell.DayZero, false, false);
                return clock.OfDay >= TimeSpan.Zero && clock.OfDay <= ClockTime.Longest;
            case CellKind.Text when Numbers == ClockNumbers.Clock:
                return TimeText.TryParseClock(cell.Text, out clock);
            case CellKind.Number when Numbers == ClockNumbers.Clock:
                var seconds = Math.Round(cell.Number * 86_400);
                var isOfDay = seconds is >= 0 and <= 86_400;
                clock = isOfDay ? new ClockTime(TimeSpan.FromSeconds(seconds), false, false) : default;
                return isOfDay;
            default:
                var isHour = HourMarks.TryIndex(cell, out var index, out var isSecond) && TryRead(index, out clock);
                clock = clock with { IsMarked = isSecond };
                return isHour;
        }
    }

    /// <summary>Reads the number of a time of day.</summary>
    public bool TryRead(int number, out ClockTime clock)
    {
        clock = new ClockTime(OfDay(number), false, false);
        return clock.OfDay >= TimeSpan.Zero && clock.OfDay <= Latest && (Numbers != ClockNumbers.HourMinute || number % 100 < 60);
    }

    /// <summary>Only a day of 25 hours has more than 24, or an interval that begins at the 24th.</summary>
    private TimeSpan Latest => Numbers switch
    {
        ClockNumbers.HourEnding => ClockTime.Day + Hour,
        ClockNumbers.Period => ClockTime.Day + Hour - Length,
        _ => ClockTime.Day,
    };

    /// <summary>The number of an hour of the day that is named by its place among them; null where the cells name times by the clock.</summary>
    public int? HourOf(TimeSpan ofDay) => Numbers switch
    {
        ClockNumbers.HourEnding => (int)ofDay.TotalHours - 1,
        ClockNumbers.HourStarting => (int)ofDay.TotalHours,
        _ => null,
    };

    private TimeSpan OfDay(int index) => Numbers switch
    {
        ClockNumbers.HourMinute => new TimeSpan(index / 100, index % 100, 0),
        ClockNumbers.Period => (index - First) * Length,
        // In the order of what they count, and no times of day.
        ClockNumbers.Undecided => TimeSpan.FromSeconds(index),
        _ => index * Hour,
    };

    /// <summary>A whole number, alone or with the word for hour: 1, <c>HE01</c>, <c>Hour 1</c>.</summary>
    public static bool TryIndex(in Cell cell, out int index)
    {
        index = -1;
        if (cell.Kind == CellKind.Number)
        {
            index = cell.Number % 1 == 0 && cell.Number is >= 0 and <= GreatestNumber ? (int)cell.Number : -1;
            return index >= 0;
        }

        var text = (cell.Text ?? "").AsSpan();
        var digits = text.IndexOfAnyInRange('0', '9');
        return digits is >= 0 and <= LongestWord && text.Length - digits <= 4
            && int.TryParse(text[digits..], NumberStyles.None, CultureInfo.InvariantCulture, out index) && index <= GreatestNumber;
    }
}
