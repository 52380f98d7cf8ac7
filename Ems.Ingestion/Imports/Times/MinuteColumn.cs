using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>A column of minutes beside one of hours: 0, 15, 30, 45, or of their quarters, 1 to 4.</summary>
internal readonly record struct MinuteColumn(int Index, bool IsOfQuarters)
{
    private const int Quarter = 15;
    private const int QuartersOfHour = 4;
    private const int MinutesOfHour = 60;

    private static readonly string[] OfMinutes = ["minute", "minutes", "min"];
    private static readonly string[] OfQuarters = ["quarter"];

    /// <summary>The one that tells rows of the same hour apart; null where none does.</summary>
    /// <param name="columns">Of those that may be of times.</param>
    /// <param name="date">Of the dates, if there is one.</param>
    /// <exception cref="ImportFaultException">It does, and cannot be read with the hours.</exception>
    public static MinuteColumn? Find(SheetTable table, IEnumerable<int> columns, int? date, int hour)
    {
        if (!new HeaderWords(table.HeaderOf(hour)).Any("hour", "hours"))
        {
            return null;
        }

        foreach (var column in columns)
        {
            if (Of(table, column) is not { } found || !TellsRowsApart(table, found, date, hour))
            {
                continue;
            }

            var (hours, minutes) = (table.Filled(hour).ToList(), table.Filled(column).ToList());
            if (!minutes.TrueForAll(IsNumber))
            {
                continue;
            }

            // Hours that are counted from 1 may begin or end with their number.
            if (minutes.TrueForAll(cell => found.MinuteOf(cell) is not null) && hours.TrueForAll(cell => ClockCells.TryIndex(cell, out var number) && number < 24)
                && hours.Exists(cell => ClockCells.TryIndex(cell, out var number) && number == 0))
            {
                return found;
            }

            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"The column {table.HeaderOf(column)} tells apart rows of the same {table.HeaderOf(hour)}, and only hours from 0 to 23 with minutes from 0 to 59 or quarters from 1 to 4 are read together. "
                + $"Put the time of day of each row into one column, as 13:15. If {table.HeaderOf(column)} is no part of the time, give it the role ignored.",
                table.Sheet, table.HeaderRow, table.HeaderOf(column)));
        }

        return null;
    }

    /// <summary>Of a column that is headed so; null for others.</summary>
    public static MinuteColumn? Of(SheetTable table, int column)
    {
        var words = new HeaderWords(table.HeaderOf(column));
        var isOfQuarters = words is { Count: 1 } && words.Any(OfQuarters);
        // Beside a greatest value, Min is the least one.
        return isOfQuarters || (words is { Count: 1 } && words.Any(OfMinutes) && !(words.Any("min") && table.Headers.Any(header => new HeaderWords(header).Any("max", "maximum"))))
            ? new MinuteColumn(column, isOfQuarters) : null;
    }

    /// <summary>Null for what is none.</summary>
    public int? MinuteOf(in Cell cell) => !IsNumber(cell) ? null
        : IsOfQuarters ? cell.Number is >= 1 and <= 4 ? ((int)cell.Number - 1) * Quarter : null
        : cell.Number is >= 0 and < 60 ? (int)cell.Number : null;

    private static bool IsNumber(Cell cell) => cell.Kind == CellKind.Number && cell.Number % 1 == 0;

    /// <summary>
    /// Whether its numbers are the steps of an hour, and of those of a date, an hour and a meter (or whatever else is a text) none is there twice. How long something ran in the hour, or its least value, is no such number.
    /// </summary>
    private static bool TellsRowsApart(SheetTable table, MinuteColumn minutes, int? date, int hour)
    {
        var steps = table.Filled(minutes.Index).Where(IsNumber).Select(cell => cell.Number).Distinct().Order().ToList();
        var step = minutes.IsOfQuarters ? 1 : steps.Count == 0 ? 0 : MinutesOfHour / steps.Count;
        if (steps.Count < 2 || step * steps.Count != (minutes.IsOfQuarters ? QuartersOfHour : MinutesOfHour) || (steps[0] != 0 && steps[0] != step) || steps.Where((number, i) => number != steps[0] + (i * step)).Any())
        {
            return false;
        }

        var run = 0;
        var hours = table.Rows.Select((row, i) => (Minute: row[minutes.Index], Hour: (i > 0 && !AreOfHour(table.Rows[i - 1], row) ? ++run : run,
            string.Join('\n', table.Columns.Where(column => column != date && row[column].Kind == CellKind.Text).Select(column => row[column].Text))))).GroupBy(one => one.Hour, one => one.Minute).ToList();
        return hours.Exists(same => same.Count() > 1) && hours.TrueForAll(same => same.Distinct().Count() == same.Count());

        bool AreOfHour(SampleRow one, SampleRow other) => one[hour].Equals(other[hour]) && (date is not { } day || one[day].Equals(other[day]));
    }
}
