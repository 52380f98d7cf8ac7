namespace Ems.Ingestion.Imports.Times;

/// <summary>Finds out what the whole numbers of a column count: hours of the day, half hours and shorter intervals, or hours and minutes.</summary>
internal sealed class ClockNumbering
{
    // What comes less often than this share of the usual is a mistake, or the hour of a clock change.
    private const int RareShare = 4;

    // One in so many may be a mistake among few.
    private const int AlmostAll = 10;

    // In minutes.
    private static readonly int[] Lengths = [30, 15, 10, 5, 1];

    private readonly int[] _counts = new int[ClockCells.GreatestNumber + 1];

    public void Note(int number) => _counts[number]++;

    /// <summary>The first and the last number that is no exception.</summary>
    public (int First, int Last) Range
    {
        get
        {
            var usual = Usual();
            return usual.Count == 0 ? (-1, -1) : (usual[0], usual[^1]);
        }
    }

    /// <summary>Null where they count nothing of a day.</summary>
    /// <param name="goOn">Whether these may be the first of more: what begins with 1 is then counted, and the longest intervals of which a day has as many are meant.</param>
    public ClockCells? Decide(bool goOn)
    {
        var usual = Usual();
        if (usual.Count == 0)
        {
            return null;
        }

        var (first, last) = (usual[0], usual[^1]);
        var areMinutes = usual.Count(number => number % 100 < 60) * AlmostAll >= usual.Count * (AlmostAll - 1);
        var haveGaps = usual.Count < last - first + 1;
        return (first, last) switch
        {
            (_, >= 100) when areMinutes => new ClockCells(ClockNumbers.HourMinute),
            // The first of hours and minutes: 0, 15, 30.
            (0, <= 59) when goOn && haveGaps && usual.TrueForAll(number => number % 5 == 0) => new ClockCells(ClockNumbers.HourMinute),
            // From 0 on, the 24th begins the last hour of a day of 25.
            (0, 24) => new ClockCells(ClockNumbers.HourStarting),
            (_, 24 or 25) => new ClockCells(ClockNumbers.HourEnding),
            (1, <= 23) when goOn => new ClockCells(ClockNumbers.HourEnding),
            ( > 0, <= 23) when _counts[24] > 0 => new ClockCells(ClockNumbers.HourEnding),
            ( >= 0, <= 23) => new ClockCells(ClockNumbers.HourStarting),
            (0, _) when haveGaps => null,
            (0 or 1, _) when PeriodOf(first, last, goOn: false) is { } period => period,
            (0, <= 59) when goOn => new ClockCells(ClockNumbers.HourMinute),
            (0 or 1, _) when goOn => PeriodOf(first, last, goOn),
            _ => null,
        };
    }

    /// <summary>The intervals of which a day has as many, or where they go on, more.</summary>
    private static ClockCells? PeriodOf(int first, int last, bool goOn)
    {
        foreach (var minutes in Lengths)
        {
            var (inHour, inDay) = (60 / minutes, 24 * 60 / minutes);
            var count = last - first + 1;
            var off = Math.Abs(count - inDay);
            // Of a few rows the last numbers may be missing; the shorter intervals are, the more often something else goes as far.
            var isDay = off == 0 || off == inHour || (first == 1 && minutes >= 15 && off < inHour);
            if (isDay || (goOn && count < inDay + inHour))
            {
                return new ClockCells(ClockNumbers.Period, TimeSpan.FromMinutes(minutes)) { First = first };
            }
        }

        return null;
    }

    private List<int> Usual()
    {
        var counts = _counts.Where(count => count > 0).Order().ToList();
        var usual = counts.Count == 0 ? 0 : counts[counts.Count / 2];
        return [.. Enumerable.Range(0, _counts.Length).Where(number => _counts[number] > 0 && _counts[number] * RareShare >= usual)];
    }
}
