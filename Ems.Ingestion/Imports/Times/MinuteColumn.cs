using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>A column of minutes beside one of hours: 0, 15, 30, 45, or of their quarters, 1 to 4.</summary>
internal readonly record struct MinuteColumn(int Index, bool IsOfQuarters)
{
    private const int Quarter = 15;
    private const int MinutesOfHour = 60;

    // Of one in so many hours nothing is concluded: clocks that are set back, and rows that are there twice.
    private const int Few = 10;

    private static readonly string[] OfMinutes = ["minute", "minutes", "min", "mins", "minuten", "minuto", "minutos", "minuti", "minuut"];
    private static readonly string[] OfQuarters = ["quarter", "viertelstunde", "viertel", "kwartier"];
    private static readonly string[] Beside = ["max", "maximum", "mean", "avg", "average", "mittel", "mittelwert", "moyenne", "media"];

    /// <summary>The one that tells rows of the same hour apart, or is said to be of times; null where none is.</summary>
    /// <param name="told">What the sender says about the columns.</param>
    /// <param name="columns">Of those that may be of times.</param>
    /// <param name="dates">Of the dates, or of their numbers.</param>
    /// <exception cref="ImportFaultException">It tells them apart, and cannot be read with the hours.</exception>
    public static MinuteColumn? Find(SheetTable table, MappedTable told, IEnumerable<int> columns, IReadOnlyCollection<int> dates, int hour)
    {
        foreach (var column in columns)
        {
            if (Of(table, column) is not { } found || !table.Filled(column).All(cell => IsNumber(cell)))
            {
                continue;
            }

            var isSaid = told.Find(column) is { Purpose: ColumnRole.Time };
            if (!isSaid && !found.TellsRowsApart(table, dates, hour))
            {
                continue;
            }

            var hours = table.Rows.Select(row => row[hour]).Where(cell => cell.Kind != CellKind.Empty).Select(cell => ClockCells.TryIndex(cell, out var number) ? number : int.MaxValue).ToList();
            var areRead = table.Filled(column).All(cell => found.MinuteOf(cell) is not null) && hours.TrueForAll(number => number < 24);
            // Hours that are counted from 1 may begin or end with their number.
            if (areRead && (isSaid || (hours.Contains(0) && found.HasOneStep(table, dates, hour))))
            {
                return found;
            }

            MappedColumn[] both = [new(table.HeaderOf(hour)) { Role = ColumnRole.Time }, new(table.HeaderOf(column)) { Role = ColumnRole.Time }];
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"The column {table.HeaderOf(column)} tells apart rows of the same {table.HeaderOf(hour)}, and only hours from 0 to 23 with minutes from 0 to 59 or quarters from 1 to 4, each a step after the one before, are read together. "
                + (areRead ? $"If {table.HeaderOf(hour)} is 13 from 13:00 on, send {ImportMapping.Written(both)}; else put" : "Put")
                + $" the time of day of each row into one column, as 13:15. If {table.HeaderOf(column)} is no part of the time, give it the role ignored.",
                table.Sheet, table.HeaderRow, table.HeaderOf(column))
            {
                Guess = areRead ? new ImportMapping { Columns = [.. both.Select(one => one with { Confidence = 0.4, Reason = "they may be the hours and minutes of the clock; this is a guess" })] } : null,
            });
        }

        return null;
    }

    /// <summary>Of a column that is headed so; null for others.</summary>
    public static MinuteColumn? Of(SheetTable table, int column)
    {
        var words = new HeaderWords(table.HeaderOf(column));
        var isOfQuarters = words is { Count: 1 } && words.Any(OfQuarters);
        // Beside a greatest value or a mean, Min is the least one.
        return isOfQuarters || (words is { Count: 1 } && words.Any(OfMinutes) && !(words.Any("min") && table.Headers.Any(header => new HeaderWords(header).Any(Beside))))
            ? new MinuteColumn(column, isOfQuarters) : null;
    }

    /// <summary>Null for what is none.</summary>
    public int? MinuteOf(in Cell cell) => !IsNumber(cell) ? null
        : IsOfQuarters ? cell.Number is >= 1 and <= 4 ? ((int)cell.Number - 1) * Quarter : null
        : cell.Number is >= 0 and < MinutesOfHour ? (int)cell.Number : null;

    private static bool IsNumber(Cell cell) => cell.Kind == CellKind.Number && cell.Number % 1 == 0;

    /// <summary>Whether rows of the same hour and meter (or whatever else has a name) have different numbers. How long something ran in the hour, or its least value, is there once.</summary>
    private bool TellsRowsApart(SheetTable table, IReadOnlyCollection<int> dates, int hour)
    {
        var column = Index;
        var names = table.Columns.Where(other => other != column && other != hour && !dates.Contains(other)
            && (SubjectFinder.NamesPoints(table.HeaderOf(other)) || table.Filled(other).Any(cell => cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!) && !MissingMarkers.IsMissing(cell)))).ToList();
        var hours = table.Rows.Where(row => IsNumber(row[column])).GroupBy(row => TextOf(row, [.. dates, hour, .. names]), row => row[column].Number).ToList();
        return hours.Count(same => same.Distinct().Count() > 1) * Few > hours.Count;
    }

    /// <summary>Whether the times of a day, as they follow each other, are a step of less than an hour apart, but for a few.</summary>
    private bool HasOneStep(SheetTable table, IReadOnlyCollection<int> dates, int hour)
    {
        var found = this;
        var steps = table.Rows.GroupBy(row => TextOf(row, dates))
            .Select(day => day.Select(row => ClockCells.TryIndex(row[hour], out var number) && found.MinuteOf(row[found.Index]) is { } minute ? (number * MinutesOfHour) + minute : -1).Where(time => time >= 0).Distinct().ToList())
            .SelectMany(times => times.Zip(times.Skip(1), (one, next) => Math.Abs(next - one))).CountBy(step => step).OrderByDescending(step => step.Value).ToList();
        return steps.Count > 0 && steps[0].Key < MinutesOfHour && steps[0].Value * 4 >= steps.Sum(step => step.Value) * 3;
    }

    private static string TextOf(SampleRow row, IEnumerable<int> columns) => string.Join('\n', columns.Select(column => HeaderTexts.TextOf(row[column])));
}
