using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <content>Columns of times of day beside those of dates.</content>
internal sealed partial class TimeColumnFinder
{
    private static readonly TimeSpan LatestBeginning = TimeSpan.FromHours(1);

    private static readonly string[] Durations = ["runtime", "elapsed", "duration", "laufzeit", "dauer", "durée", "duración", "durata", "duur"];

    private static readonly string[] Operating = ["operating", "operation", "run", "running", "working", "worked", "on"];

    /// <summary>The columns of times of day beside a date: that of the start or the only one, the nearest to the date; and that of the end.</summary>
    private (ClockColumn? Clock, ClockColumn? End) FindClocks(int? date, IReadOnlyCollection<int?> except)
    {
        var clocks = _words.Keys.Where(column => column != date && !except.Contains(column)).OrderBy(column => Math.Abs(column - (date ?? -1)))
            .Select(column => ClockAt(column, date)).OfType<ClockColumn>().ToList();
        // Minutes that are said to be of times are those of the hours beside them.
        clocks = clocks.Where(clock => MinuteColumn.Of(table, clock.Index) is null).ToList() is { Count: > 0 } hours ? hours : clocks;
        if (clocks.Count == 0)
        {
            return default;
        }

        bool Begins(ClockColumn clock) => IsFor(clock.Index, ColumnRole.Time, LabelMeaning.Start);
        bool Ends(ClockColumn clock) => IsFor(clock.Index, ColumnRole.End, LabelMeaning.End);

        var found = clocks.FindIndex(clock => Begins(clock) && (told.Find(clock.Index) is not null || Ends(clocks[0]))) is >= 0 and var begin ? clocks[begin] : clocks[0];
        // A plain time of day begins what ends at another, unless others say where it begins.
        var pairs = Begins(found) || (!Ends(found) && !clocks.Exists(Begins) && found.Cells.Numbers == ClockNumbers.Clock);
        var end = clocks.FindIndex(clock => clock.Index != found.Index && Ends(clock) && (Begins(found) || clock.Cells.Numbers == ClockNumbers.Clock));
        var ends = pairs && end >= 0 ? clocks[end] : (ClockColumn?)null;
        return (ends is null ? WithMinutes(found, [.. except.Append(date).OfType<int>()]) : found, ends);
    }

    /// <summary>With the column of minutes that stands beside one of hours.</summary>
    private ClockColumn WithMinutes(ClockColumn hours, IReadOnlyCollection<int> dates) => hours.Cells.Numbers == ClockNumbers.Undecided
        && MinuteColumn.Find(table, told, _words.Keys.Where(column => column != hours.Index && !dates.Contains(column)), dates, hours.Index) is { } minutes
            ? hours with { Cells = new ClockCells(ClockNumbers.HourMinute), Minutes = minutes } : hours;

    /// <summary>Whether the mapping gives the column the role, or without one its header says as much.</summary>
    private bool IsFor(int column, ColumnRole role, LabelMeaning label) =>
        told.Find(column) is { } said ? said.Purpose == role : LabelIn(column) == label;

    private bool ShowsTimesOfDay(int column) => ClockAt(column) is { Cells.Numbers: ClockNumbers.Clock };

    /// <summary>A column of times of day. One that is headed as an end of intervals alone must show them as such: counts of something are small numbers too.</summary>
    /// <param name="date">The column of its dates, if any.</param>
    private ClockColumn? ClockAt(int column, int? date = null)
    {
        var isTime = told.Find(column) is not null;
        if (!_words.TryGetValue(column, out var words) || (!(isTime |= words.NameTime || AreShiftHours(column, words)) && !words.NameAnEndAlone && !Paired.ContainsKey(column)) || TimeAt(column) is not null || (told.Find(column) is null && AreOfDays(column, words, date)))
        {
            return null;
        }

        var cells = table.Filled(column).ToList();
        return CellsOf(cells, mayGoOn: table.GoesOn && words.NameIntervals && DatesRepeat(date)) is { } clock && (isTime || (clock.Numbers == ClockNumbers.Clock && cells.TrueForAll(cell => cell.Kind != CellKind.Number)))
            ? new ClockColumn(column, table.HeaderOf(column), clock) : null;
    }

    /// <summary>Whether hours beside days or weeks of one row each say how long something ran: several of them, or such as are called so. Registers are read at an hour.</summary>
    private bool AreOfDays(int column, HeaderWords words, int? date) => date is not null && !DatesRepeat(date) && (words.Any((IEnumerable<string>)Durations)
        || (words.Any("hours") && (words.Any((IEnumerable<string>)Operating) || table.Filled(column).All(cell => TimeCells.NumberIn(cell) is not null)) && table.Filled(column).Distinct().Skip(1).Any()
            && !table.Columns.Any(other => RegisterReadings.AreReadings(new HeaderWords(table.HeaderOf(other))))));

    /// <summary>Whether shifts are called by the hours that they last. A register may be read at either end of them.</summary>
    private bool AreShiftHours(int column, HeaderWords words) => words.Any((IEnumerable<string>)ApartColumns.Shifts)
        && table.Filled(column).Distinct().Count() > 1 && table.Filled(column).All(cell => cell.Kind == CellKind.Text && TimeText.TryParseClock(cell.Text, out var clock) && clock.IsRange)
        && !table.Columns.Any(other => RegisterReadings.AreReadings(new HeaderWords(table.HeaderOf(other))));

    /// <summary>The only column of times of day, where no header says that it is one: the rows of a date go on by it from each to the next. Peaks of days do not, nor do two columns of it.</summary>
    private ClockColumn? ClockByRows(int date) =>
        _words.Keys.Where(column => column != date && told.Find(column) is null && !_words[column].Any((IEnumerable<string>)Durations) && HoldsClocks(column)).Take(2).ToList() is [var only] && GoOnBy(only, date)
            ? new ClockColumn(only, table.HeaderOf(only), new ClockCells(ClockNumbers.Clock)) { IsByRows = true } : null;

    private bool HoldsClocks(int column) => TryClock(table.Rows[0][column], out _)
        && table.Rows.Take(SheetTable.EnoughRows).Count(row => TryClock(row[column], out _)) * 10 >= Math.Min(table.Rows.Count, SheetTable.EnoughRows) * 9;

    /// <summary>Numbers may be of anything.</summary>
    private static bool TryClock(in Cell cell, out ClockTime clock)
    {
        clock = default;
        return (cell.Kind == CellKind.Time || (cell.Kind == CellKind.Text && cell.Text!.Contains(':', StringComparison.Ordinal))) && new ClockCells(ClockNumbers.Clock).TryRead(cell, out clock);
    }

    /// <summary>Whether most rows of a date, and of what else they name, are in the order of these times of day, and begin with the day: lists of who was read when begin later.</summary>
    private bool GoOnBy(int clock, int date)
    {
        var names = table.Columns.Where(column => column != date && column != clock && (table.HoldsNumbers(column)
            ? SubjectFinder.NamesPoints(table.HeaderOf(column)) && table.Filled(column).Distinct().Count() * 2 <= table.Rows.Count
            : table.HoldsTexts(column, _ => true))).ToList();
        var day = "";
        var days = table.Rows.GroupBy(row => string.Join('\n', names.Select(name => HeaderTexts.TextOf(row[name])).Prepend(day = HeaderTexts.TextOf(row[date]) is { Length: > 0 } said ? said : day)));
        var clocks = days.Select(rows => rows.Select(row => TryClock(row[clock], out var time) ? time.OfDay : (TimeSpan?)null).OfType<TimeSpan>().ToList()).Where(times => times.Count > 0).ToList();
        var steps = clocks.SelectMany(times => times.Zip(times.Skip(1), (one, next) => next.CompareTo(one))).ToList();
        return steps.Count * 2 >= table.Rows.Count && clocks.Count(times => times.Min() <= LatestBeginning) * 2 >= clocks.Count && Math.Max(steps.Count(step => step > 0), steps.Count(step => step < 0)) * 10 >= steps.Count * 9;
    }

    /// <summary>Numbers of intervals of a day stand beside the same date again and again; those of weeks or bills do not.</summary>
    private bool DatesRepeat(int? date) => date is not { } column || table.Filled(column).Distinct().Count() < Math.Min(table.Rows.Count, SheetTable.EnoughRows);

    /// <summary>A few rows of a file do not show what its numbers count, and some of them may be no times yet.</summary>
    private ClockCells? CellsOf(List<Cell> cells, bool mayGoOn) =>
        table.Told is { HasNoClock: true } ? null : table.Told?.Clock is { } told && cells.Exists(cell => told.TryRead(cell, out _)) ? told : ClockCells.Of(cells, mayGoOn);
}
