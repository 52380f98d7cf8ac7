namespace Ems.Ingestion.Imports.Times;

/// <summary>Finds out what the whole numbers of a column count: hours of the day, half hours, quarters, or hours and minutes.</summary>
internal sealed class ClockNumbering
{
    // What comes less often than this share of the usual is a mistake, or the hour of a clock change.
    private const int RareShare = 4;

    private readonly int[] _counts = new int[ClockCells.GreatestNumber + 1];

    public void Note(int number) => _counts[number]++;

    /// <summary>The first and the last number that is no exception.</summary>
    public (int First, int Last) Range
    {
        get
        {
            var counts = _counts.Where(count => count > 0).Order().ToList();
            var usual = counts.Count == 0 ? 0 : counts[counts.Count / 2];
            bool IsUsual(int count) => count > 0 && count * RareShare >= usual;
            return (Array.FindIndex(_counts, IsUsual), Array.FindLastIndex(_counts, IsUsual));
        }
    }

    /// <summary>Null where they count nothing of a day.</summary>
    /// <param name="goOn">Whether these may be the first of more: what begins with 1 is then counted, and the shortest day decides of what.</param>
    public ClockCells? Decide(bool goOn) => Range switch
    {
        (1, >= 46 and <= 50) => new ClockCells(ClockNumbers.Period, TimeSpan.FromMinutes(30)),
        (1, >= 92 and <= 100) => new ClockCells(ClockNumbers.Period, TimeSpan.FromMinutes(15)),
        (_, >= 100 and var last) when last % 100 < 60 => new ClockCells(ClockNumbers.HourMinute),
        // From 0 on, the 24th begins the last hour of a day of 25.
        (0, 24) => new ClockCells(ClockNumbers.HourStarting),
        (_, 24 or 25) => new ClockCells(ClockNumbers.HourEnding),
        (1, <= 23) when goOn => new ClockCells(ClockNumbers.HourEnding),
        ( > 0, <= 23) when _counts[24] > 0 => new ClockCells(ClockNumbers.HourEnding),
        ( >= 0, <= 23) => new ClockCells(ClockNumbers.HourStarting),
        (0 or 1, <= 50) when goOn => new ClockCells(ClockNumbers.Period, TimeSpan.FromMinutes(30)),
        (0 or 1, <= 100) when goOn => new ClockCells(ClockNumbers.Period, TimeSpan.FromMinutes(15)),
        _ => null,
    };
}
