using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>A column of times.</summary>
/// <param name="Numbers">What its numbers count.</param>
internal readonly record struct TimeColumn(int Index, NumberTimes Numbers);

/// <summary>A column of times of day.</summary>
internal readonly record struct ClockColumn(int Index, ClockCells Cells);

/// <summary>The columns that say which time a row is of: a time or a date, a date's numbers, with or without a time of day or an end.</summary>
/// <param name="Header">Of the column that a fault is shown at.</param>
internal sealed record TimeColumns(string Header)
{
    public TimeColumn? Date { get; init; }
    public int? Year { get; init; }
    public int? Month { get; init; }
    public int? Day { get; init; }
    public ClockColumn? Clock { get; init; }
    public TimeColumn? End { get; init; }

    /// <summary>Whether the header says that the times are UTC.</summary>
    public bool IsUtc { get; init; }

    /// <summary>What the file says about its labels in headers, and where; null when it does not.</summary>
    public (LabelMeaning Meaning, string Why)? Label { get; init; }

    /// <summary>Whether a blank date is that of the row above: its cells are merged.</summary>
    public bool DateFillsDown { get; init; }

    public IEnumerable<int> Indexes
    {
        get
        {
            int?[] all = [Date?.Index, Year, Month, Day, Clock?.Index, End?.Index];
            return all.OfType<int>();
        }
    }
}

/// <summary>Finds the columns of a table that say which time a row is of.</summary>
/// <param name="told">What the sender says about the columns.</param>
/// <param name="except">Columns that are something else.</param>
internal sealed class TimeColumnFinder(SheetTable table, MappedTable told, IReadOnlyCollection<int>? except = null)
{
    private readonly Dictionary<int, HeaderWords> _words = table.Columns
        .Where(column => except?.Contains(column) != true && told.Allows(column, ColumnRole.Time, ColumnRole.End))
        .ToDictionary(column => column, column => new HeaderWords(table.HeaderOf(column)));

    /// <summary>Columns of whole times and dates, from the first row on.</summary>
    public IReadOnlyList<TimeColumn> Times() => [.. _words.Keys.Select(TimeAt).OfType<TimeColumn>()];

    /// <summary>A column of years.</summary>
    public int? YearColumn() => _words.Keys.Cast<int?>().FirstOrDefault(column => HoldsNumbers(column!.Value, 1900, 2199));

    /// <summary>A column of months without years.</summary>
    public int? MonthColumn() => _words.Keys.Cast<int?>().FirstOrDefault(column => HoldsMonths(column!.Value) || HoldsAllMonths(column.Value));

    /// <summary>A column of times of day in a sheet whose headers have the dates.</summary>
    public ClockColumn? FindClock() => FindClock(-1, []);

    /// <summary>Null when no column says it.</summary>
    /// <exception cref="ImportFaultException">More than one can.</exception>
    public TimeColumns? Find()
    {
        var times = Times();
        if (times.Count == 0)
        {
            return FindNumbers();
        }

        if (told.Of(ColumnRole.Time).Any() && !times.Any(IsTold))
        {
            return FindNumbers() ?? throw NoTimes(told.Of(ColumnRole.Time).First());
        }

        var (date, end) = Choose(times);
        var words = _words[date.Index];
        var clock = IsDateOnly(date) ? FindClock(date.Index, []) : null;
        return new TimeColumns(table.HeaderOf(date.Index))
        {
            Date = date,
            End = end,
            Clock = clock,
            IsUtc = words.NameUtc || (clock is { } c && _words[c.Index].NameUtc),
            Label = LabelOf(date, clock, end),
            DateFillsDown = clock is not null && FillsDown(date.Index),
        };
    }

    /// <summary>Whether the column has its first cell filled and more blank cells than filled ones below.</summary>
    public bool FillsDown(int column)
    {
        var filled = table.Rows.Count(row => row[column].Kind != CellKind.Empty);
        return table.Rows[0][column].Kind != CellKind.Empty && filled * 2 <= table.Rows.Count(row => row.Filled > 1);
    }

    private TimeColumn? TimeAt(int column)
    {
        var named = _words[column].NameTime || told.Find(column) is not null;
        var numbers = named && table.Filled(column).FirstOrDefault(cell => cell.Kind == CellKind.Number) is { Kind: CellKind.Number } number
            ? TimeCells.MeaningOf(number.Number) : NumberTimes.None;
        return IsTime(table.Rows[0][column]) && table.Mostly(column, IsTime) ? new TimeColumn(column, numbers) : null;

        // A time of day is a time of 1899.
        bool IsTime(Cell cell) => TimeCells.TryRead(cell, numbers, out _) && cell is not { Kind: CellKind.Time, Time.Year: 1899 };
    }

    private bool IsTold(TimeColumn time) => told.Find(time.Index)?.Purpose == ColumnRole.Time;

    private (TimeColumn Date, TimeColumn? End) Choose(IReadOnlyList<TimeColumn> times)
    {
        if (times.Any(IsTold))
        {
            return (times.First(IsTold), told.Of(ColumnRole.End).Cast<int?>().FirstOrDefault() is { } last ? EndAt(last) : null);
        }

        var left = times.Where(time => !_words[time.Index].AreAdministrative).ToList() is { Count: > 0 } metered ? metered : times;
        left = left.Where(time => _words[time.Index].NameUtc).ToList() is { Count: > 0 } utc ? utc : left;
        var starts = left.Where(time => _words[time.Index].Label == LabelMeaning.Start).ToList();
        var ends = left.Where(time => _words[time.Index].Label == LabelMeaning.End).ToList();
        var prior = left.Where(time => _words[time.Index].Any("prior", "previous", "prev", "vorherige", "vorheriges", "précédente", "precedente", "anterior")).ToList();
        if (starts.Count == 0 && prior.Count == 1 && left.Count == 2)
        {
            // Two readings of a meter are the ends of what was used between them.
            return (prior[0], left.Single(time => time != prior[0]));
        }

        return left.Count == 1 ? (left[0], null)
            : starts.Count == 1 && ends.Count == 1 && left.Count == 2 ? (starts[0], ends[0])
            : throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping, "More than one column holds timestamps. Give one the role time in the mapping, and the others another.",
                table.Sheet, table.HeaderRow, table.HeaderOf(left[0].Index), [.. left.Select(time => table.HeaderOf(time.Index))])
            {
                Guess = new ImportMapping
                {
                    Columns = [.. left.Select((time, i) => new MappedColumn(table.HeaderOf(time.Index))
                    {
                        Role = i == 0 ? ColumnRole.Time : ColumnRole.Ignored,
                        Confidence = 0.4,
                        Reason = "more than one column holds timestamps; this is a guess",
                    })],
                },
            });

        TimeColumn EndAt(int column) => times.Where(time => time.Index == column).Cast<TimeColumn?>().FirstOrDefault() ?? throw NoTimes(column);
    }

    private ImportFaultException NoTimes(int column) => new(new ImportFault(
        ImportFault.MissingRequiredColumns, $"The mapping says that the column {table.HeaderOf(column)} has times, but most of its cells have none.",
        table.Sheet, table.HeaderRow, table.HeaderOf(column)));

    /// <summary>Whether no cell of the column has a time of day.</summary>
    public bool IsDateOnly(TimeColumn column) => table.Filled(column.Index).All(cell =>
        !TimeCells.TryRead(cell, column.Numbers, out var time) || (time.OfDay == TimeSpan.Zero && !time.IsMonth));

    /// <summary>A column of times of day that its header names, the nearest to the date.</summary>
    private ClockColumn? FindClock(int date, IReadOnlyCollection<int?> except)
    {
        foreach (var column in _words.Keys.Where(column => column != date && !except.Contains(column) && _words[column].NameTime).OrderBy(column => Math.Abs(column - date)))
        {
            if (ClockCells.Of([.. table.Filled(column)]) is { } cells)
            {
                return new ClockColumn(column, cells);
            }
        }

        return null;
    }

    private (LabelMeaning Meaning, string Why)? LabelOf(TimeColumn date, ClockColumn? clock, TimeColumn? end)
    {
        if (end is { } last)
        {
            return (LabelMeaning.Start, $"the columns {table.HeaderOf(date.Index)} and {table.HeaderOf(last.Index)} have both ends of the intervals");
        }

        if (clock is { } hours)
        {
            return LabelOf(hours) ?? LabelOf(date.Index);
        }

        return LabelOf(date.Index);
    }

    /// <summary>What times of day say about the labels; null when they do not.</summary>
    public (LabelMeaning Meaning, string Why)? LabelOf(ClockColumn clock) => LabelOf(clock.Index) ?? clock.Cells.Numbers switch
    {
        ClockNumbers.HourEnding => (LabelMeaning.End, $"the hours of the column {table.HeaderOf(clock.Index)} go to 24"),
        ClockNumbers.HourStarting => (LabelMeaning.Start, $"the column {table.HeaderOf(clock.Index)} numbers the hours of a day"),
        ClockNumbers.Period => (LabelMeaning.Start, $"the column {table.HeaderOf(clock.Index)} numbers the intervals of a day"),
        _ => null,
    };

    private (LabelMeaning Meaning, string Why)? LabelOf(int column) =>
        _words[column].Label is { } said ? (said, $"the header {table.HeaderOf(column)} says so") : null;

    /// <summary>A date in columns of year, month and day.</summary>
    private TimeColumns? FindNumbers()
    {
        int? year = null, month = null, day = null;
        foreach (var (column, words) in _words)
        {
            year ??= words.Any("year", "jahr", "année", "año", "anno", "jaar", "fy") && HoldsNumbers(column, 1900, 2199) ? column : null;
            month ??= words.Any("month", "monat", "mois", "mes", "mese", "maand") && (HoldsNumbers(column, 1, 12) || HoldsMonths(column)) ? column : null;
            day ??= words.Any("day", "tag", "jour", "día", "giorno", "dag") && HoldsNumbers(column, 1, 31) ? column : null;
        }

        if (year is null || month is null)
        {
            return null;
        }

        var clock = day is { } date ? FindClock(date, [year, month]) : null;
        return new TimeColumns(table.HeaderOf(year.Value))
        {
            Year = year,
            Month = month,
            Day = day,
            Clock = clock,
            Label = clock is { } hours ? LabelOf(hours) : null,
        };
    }

    private bool HoldsNumbers(int column, int least, int greatest) => table.Mostly(column, cell =>
        cell.Kind == CellKind.Number && cell.Number % 1 == 0 && cell.Number >= least && cell.Number <= greatest);

    private bool HoldsAllMonths(int column) => HoldsNumbers(column, 1, 12) && table.Filled(column).Select(cell => cell.Number).Distinct().Count() == 12;

    private bool HoldsMonths(int column) => table.HoldsTexts(column, text => MonthNames.Find(text) > 0);
}
