using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>A row of headers of which many are parts of a time.</summary>
/// <param name="Label">What times of day in the headers stand for.</param>
internal sealed partial record TimeHeaders(IReadOnlyList<MatrixColumn> Columns, (LabelMeaning Meaning, string Why)? Label = null)
{
    private const int FewestClocks = 12;
    private const int FewestNumbers = 23;
    private const int LongestNumber = 4;

    // Marks behind it are those of numbers.
    private const int LongestHour = 2;
    private const int FewestDates = 3;
    private const int FewestAbove = 2;
    private const int FewestYears = 2;
    private const int LongestMonth = 31;

    // Before a number.
    private const int LongestLetters = 3;

    private static readonly HashSet<string> OfIntervals = new(StringComparer.OrdinalIgnoreCase) { "h", "hh", "q", "sp", "int" };

    /// <summary>The unit of the values, where each header has it; null where they have none.</summary>
    public Unit? Unit { get; init; }

    /// <summary>What stands below each of the headers, where other columns of their times hold something else; null where none do.</summary>
    public string? Text { get; init; }

    /// <summary>The other columns of their times, and why they are left out.</summary>
    public IReadOnlyList<(string Text, IReadOnlyList<int> Columns, string Why)> Beside { get; init; } = [];

    /// <summary>All columns of their times.</summary>
    public IEnumerable<int> Cells => Columns.Select(column => column.Index).Concat(Beside.SelectMany(beside => beside.Columns));

    /// <summary>Why nobody can say which of the columns of their times to take; null where it is known.</summary>
    public ImportFault? Fault { get; init; }

    /// <summary>Those of a row, and the table below it or below the row of their units; null for a row of other headers.</summary>
    /// <param name="wanted">What the request says that the values are.</param>
    /// <param name="areFew">Whether a month is looked for, or two that follow each other.</param>
    public static (TimeHeaders Headers, SheetTable Table)? FindAt(SheetSample sample, int index, Metric? wanted, bool areFew)
    {
        if (areFew)
        {
            return index + 1 < sample.Rows.Count && FindFewMonths(sample.Rows[index]) is { } few ? few.Above(sample, index) : null;
        }

        if (index + 2 < sample.Rows.Count && MonthsOfYears.Find(sample.Rows[index], sample.Rows[index + 1]) is { } months)
        {
            return (months, SheetTable.Below(sample, index, hasSubHeaders: true));
        }

        RefuseRepeatedYears(sample, index);
        if (index + 2 < sample.Rows.Count && SubHeaders.Find(sample, index, wanted) is { } above)
        {
            return (above, SheetTable.Below(sample, index, hasSubHeaders: true));
        }

        if (index + 1 >= sample.Rows.Count || (Find(sample.Rows[index]) ?? FindDays(sample.Rows[index], sample.Named) ?? FindDaysOfMonths(sample.Rows[index]) ?? FewClocks.Find(sample.Rows[index], sample.Rows[index + 1])) is not { } found)
        {
            return null;
        }

        return found.Above(sample, index);
    }

    /// <summary>These, and the table below them or below the row of their units.</summary>
    private (TimeHeaders Headers, SheetTable Table) Above(SheetSample sample, int index)
    {
        var unit = index + 2 < sample.Rows.Count ? UnitIn(sample.Rows[index + 1]) : null;
        var table = SheetTable.Below(sample, index, hasSubHeaders: unit is not null);
        return ((DayHours.GoOn(Columns, table) ? DayHours.Of(Columns) : this) with { Unit = unit ?? Unit }, table);
    }

    /// <summary>Whether a row heads a matrix.</summary>
    public static bool Are(SampleRow row) => Find(row) is not null;

    /// <summary>Those of a row in which two times are enough, as they stand above several columns each.</summary>
    public static TimeHeaders? FindAbove(SampleRow row) => Find(row) ?? FindDates(row, FewestAbove) ?? FindMonths(row, FewestAbove);

    /// <summary>Among thousands of values some always look like times that go on.</summary>
    private static TimeHeaders? Find(SampleRow row) =>
        (FindPlain(row) ?? FindBeforeUnits(row)) is { } found && row.Cells.Count(cell => cell.Kind == CellKind.Number) <= 2 * found.Columns.Count ? found : null;

    /// <summary>The unit that stands below each of the headers, in a row that has nothing else there; null where there is none.</summary>
    private Unit? UnitIn(SampleRow below)
    {
        var units = Columns.Select(column => below[column.Index]).Where(cell => cell.Kind != CellKind.Empty)
            .Select(cell => cell.Kind == CellKind.Text && Units.TryParse(cell.Text, out var unit) ? unit : null).ToList();
        return units.Count * 2 > Columns.Count && units.Distinct().ToList() is [{ } only] ? only : null;
    }

    private static TimeHeaders? FindPlain(SampleRow row) => FindClocks(row) ?? FindNumbers(row) ?? FindDigits(row) ?? FindFinancialYears(row) ?? FindDates(row) ?? FindMonths(row) ?? FindPartsOfYear(row) ?? FindYears(row) ?? FindNamedYears(row);

    /// <summary>Times that go on with one unit: <c>00:00 (kWh)</c>, <c>12:30 AM kWh</c>, <c>Hour 1 [kWh]</c>.</summary>
    private static TimeHeaders? FindBeforeUnits(SampleRow row)
    {
        if (row.Cells.Any(cell => cell.Kind is CellKind.Number or CellKind.Time))
        {
            return null;
        }

        var units = new Unit?[row.Cells.Length];
        var plain = new Cell[row.Cells.Length];
        for (var column = 0; column < plain.Length; column++)
        {
            (plain[column], units[column]) = SplitUnit(row[column]);
        }

        return FindPlain(row with { Cells = plain }) is { } found && found.Columns.Select(column => units[column.Index]).Distinct().ToList() is [{ } unit]
            // Meter 1 (kWh) to Meter 24 (kWh) are no hours.
            && found.Columns.All(column => !column.Part.IsCounted || NumbersInterval(plain[column.Index].Text!))
            ? found with { Unit = unit } : null;
    }

    /// <summary>What stands before the unit at the end of a header, and the unit.</summary>
    public static (Cell Time, Unit? Unit) SplitUnit(Cell cell)
    {
        var text = cell.Text?.TrimEnd(' ', ')', ']') ?? "";
        var at = text.LastIndexOfAny([' ', '_', '(', '[']);
        return at > 0 && text.Length - at > 2 && Units.TryParse(text[(at + 1)..], out var unit)
            ? (new Cell(CellKind.Text, Text: text[..at].TrimEnd(' ', '_', '(', '[')), unit) : (cell, null);
    }

    /// <summary>What stands before the unit at the end of a header.</summary>
    public static string WithoutUnit(string header) => SplitUnit(new Cell(CellKind.Text, Text: header)).Time.Text!;

    private static bool NumbersInterval(string header) =>
        header[..header.AsSpan().IndexOfAnyInRange('0', '9')].TrimEnd(' ', '_', '-', '.') is var word && (word.Length == 0 || OfIntervals.Contains(word) || new HeaderWords(word).NameIntervals);

    /// <summary>Meter 1 to Meter 24 are no hours; <c>kWh 1</c>, <c>Value 1</c> and <c>P1</c> may be.</summary>
    private static bool MayNumberInterval(string header) =>
        NumbersInterval(header) || header.AsSpan().IndexOfAnyInRange('0', '9') <= LongestLetters || GeneralNames.Have(header);

    private static TimeHeaders? FindClocks(SampleRow row)
    {
        var clocks = new List<(int Column, ClockTime Clock)>();
        var reader = new ClockCells(ClockNumbers.Clock);
        for (var column = 0; column < row.Cells.Length; column++)
        {
            // Of whole numbers, 0 is the midnight that clocks begin with, and 1 the one that they end with.
            if ((row[column].Kind != CellKind.Number || row[column].Number % 1 != 0 || row[column].Number == (clocks.Count == 0 ? 0 : 1))
                && HourMarks.Without(row[column]) is not { Cell.Text.Length: <= LongestHour, IsMarked: true }
                && ((reader.TryRead(row[column], out var clock) && clock.OfDay <= ClockTime.Day) || DayHours.TryReadNext(row[column], reader, clocks, out clock)))
            {
                clocks.Add((column, clock));
            }
        }

        return clocks.Count < FewestClocks ? null : OfDay(clocks);
    }

    /// <summary>Hours and minutes as digits, which make a day in even steps: 0000, 0030 … 2330.</summary>
    private static TimeHeaders? FindDigits(SampleRow row)
    {
        var clocks = new List<(int Column, ClockTime Clock)>();
        var reader = new ClockCells(ClockNumbers.HourMinute);
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if ((row[column].Kind == CellKind.Number || (row[column].Kind == CellKind.Text && char.IsAsciiDigit(row[column].Text![0])))
                && ((ClockCells.TryIndex(row[column], out var number) && reader.TryRead(number, out var clock)) || DayHours.TryReadNext(row[column], reader, clocks, out clock)))
            {
                clocks.Add((column, clock));
            }
        }

        var steps = clocks.Zip(clocks.Skip(1), (a, b) => (b.Clock.OfDay - a.Clock.OfDay + ClockTime.Day).Ticks % ClockTime.Day.Ticks).Distinct().ToList();
        return clocks.Count >= FewestNumbers && steps is [var step] && (step * clocks.Count) - ClockTime.Day.Ticks is 0 or TimeSpan.TicksPerHour ? OfDay(clocks) : null;
    }

    /// <summary>Whether a header may be a time of day or a number of one.</summary>
    public static bool MayBeTime(string header) =>
        TimeText.TryParseClock(header, out _) || (header.Length <= LongestNumber && header.All(char.IsAsciiDigit));

    /// <summary>Whether digits that might be hours and minutes are no times of intervals of five minutes or more, as the numbers of flats are none: 101, 102.</summary>
    public static bool AreNumbersOfPlaces(IReadOnlyList<string> headers) => headers.All(header => header.Length is 3 or 4 && header.All(char.IsAsciiDigit))
        && headers.Select(header => int.Parse(header, CultureInfo.InvariantCulture)).Any(number => number % 5 != 0 || number % 100 >= 60 || number > 2400);

    private static TimeHeaders? OfDay(List<(int Column, ClockTime Clock)> clocks)
    {
        // The last of 00:15, 00:30 … 00:00 is midnight at the day's end.
        if (clocks[^1].Clock.OfDay == TimeSpan.Zero && clocks[0].Clock.OfDay > TimeSpan.Zero)
        {
            clocks[^1] = clocks[^1] with { Clock = clocks[^1].Clock with { OfDay = ClockTime.Day } };
        }

        if (!AreSteps(clocks.ConvertAll(entry => entry.Clock.OfDay)))
        {
            return null;
        }

        // One zone behind all times is theirs. Several say only which of two equal times comes first: rows of other days have either.
        var offsets = clocks.Select(entry => entry.Clock.OffsetMinutes).Distinct().ToList();
        short? offset = offsets is [var only] ? only : null;

        if (offsets.Count > 1)
        {
            clocks = [.. clocks.GroupBy(entry => entry.Clock.OfDay).SelectMany(same => same.All(entry => entry.Clock.OffsetMinutes is not null) ? same.OrderByDescending(entry => entry.Clock.OffsetMinutes) : same.AsEnumerable())];
        }

        // Of two equal times the first column has the first hour, whichever of them is marked.
        var seen = new HashSet<TimeSpan>();
        var pairs = clocks.GroupBy(entry => entry.Clock.OfDay).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var columns = clocks.ConvertAll(entry =>
        {
            var isSecond = !seen.Add(entry.Clock.OfDay) || (entry.Clock.IsMarked && !pairs.Contains(entry.Clock.OfDay));
            return new MatrixColumn(entry.Column, new TimePart { Clock = entry.Clock with { IsMarked = isSecond, OffsetMinutes = offset }, IsExtra = isSecond });
        });
        if (clocks.Exists(entry => entry.Clock.OfDay > ClockTime.Day) || (clocks[0].Clock.IsRange && clocks[^1].Clock.OfDay == ClockTime.Day))
        {
            return DayHours.Of(columns);
        }

        var isEnd = clocks.Exists(entry => entry.Clock.OfDay == ClockTime.Day) && !clocks[0].Clock.IsRange;
        return new TimeHeaders(DayHours.WithNextDay(columns), isEnd
            ? (LabelMeaning.End, "the times of day in the headers end with 24:00")
            : (LabelMeaning.Start, "the headers name the intervals of a day"));
    }

    /// <summary>Fractions of any kind can be read as times of day, but only those of a matrix go on in one step.</summary>
    private static bool AreSteps(List<TimeSpan> clocks)
    {
        var steps = clocks.Zip(clocks.Skip(1), (a, b) => b - a).ToList();
        var step = steps.GroupBy(found => found).MaxBy(group => group.Count())!;
        return step.Key > TimeSpan.Zero && ClockTime.Day.Ticks % step.Key.Ticks == 0 && step.Count() * 5 >= steps.Count * 4;
    }

    /// <summary>
    /// Numbered hours, halves or quarters: 1 to 24, <c>HE1</c> to <c>HE25</c>, 1 to 48. A number that comes twice, the second time with a mark
    /// (<c>HE3A</c> and <c>HE3B</c>), is that of an hour that the clock shows twice: then all name hours by the clock.
    /// </summary>
    private static TimeHeaders? FindNumbers(SampleRow row)
    {
        var (plain, marked) = (FindNumbers(row, mayBeMarked: false), FindNumbers(row, mayBeMarked: true));
        return marked?.Columns.Count > (plain?.Columns.Count ?? 0) ? marked : plain;
    }

    /// <param name="mayBeMarked">Whether numbers have marks, of which a day has those of one hour: 1A to 24A and 1B to 24B are flats.</param>
    private static TimeHeaders? FindNumbers(SampleRow row, bool mayBeMarked)
    {
        var numbers = new List<(int Column, int Number)>();
        var again = new List<(int Column, int Number)>();
        var withMark = new HashSet<int>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            var (cell, isMarked) = mayBeMarked ? HourMarks.Without(row[column]) : (row[column], false);
            if (!ClockCells.TryIndex(cell, out var number) || (cell.Kind == CellKind.Text && !MayNumberInterval(cell.Text!)))
            {
                continue;
            }

            if (isMarked)
            {
                withMark.Add(number);
            }

            if (numbers.Count == 0 ? number is 0 or 1 : number == numbers[^1].Number + 1)
            {
                numbers.Add((column, number));
            }
            else if (isMarked && numbers.Count > 0 && number >= numbers[0].Number && number <= numbers[^1].Number)
            {
                again.Add((column, number));
            }
        }

        if (numbers.Count < FewestNumbers)
        {
            return null;
        }

        var perHour = numbers.Count switch { <= 26 => 1, >= 46 and <= 50 => 2, >= 92 and <= 100 => 4, _ => 0 };
        var first = numbers[0].Number;
        var areOfClock = again.Count == perHour && numbers.Count == 24 * perHour;
        return perHour == 0 || withMark.Count > perHour || (again.Count > 0 && !areOfClock) ? null : new TimeHeaders(
            [.. numbers.Concat(areOfClock ? again : []).OrderBy(entry => entry.Column).Select(entry => new MatrixColumn(entry.Column, new TimePart
            {
                Clock = new ClockTime(TimeSpan.FromHours(1.0 / perHour) * (entry.Number - first), areOfClock && again.Contains(entry), false),
                IsCounted = !areOfClock,
                IsExtra = areOfClock ? again.Contains(entry) : entry.Number - first >= 24 * perHour,
            }))],
            (LabelMeaning.Start, "the headers number the intervals of a day"));
    }
}
