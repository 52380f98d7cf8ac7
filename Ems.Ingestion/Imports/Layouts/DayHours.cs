using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Times of day in headers that go on past 24:00 by their step, as 24:30 and 25:00 do: of the last hour of a day of 25 hours, which other
/// days leave blank. All are then counted from midnight on, as numbered intervals are, in rows that have that hour.
/// </summary>
internal static partial class DayHours
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Reads a time of day after 24:00 that is one step after the last of these.</summary>
    /// <param name="reader">Of times up to 24:00.</param>
    public static bool TryReadNext(in Cell cell, in ClockCells reader, List<(int Column, ClockTime Clock)> before, out ClockTime clock)
    {
        clock = default;
        if (before.Count < 2 || !reader.TryRead(DayBefore(cell, reader.Numbers), out var early))
        {
            return false;
        }

        clock = early with { OfDay = early.OfDay + ClockTime.Day };
        return clock.OfDay - before[^1].Clock.OfDay == before[1].Clock.OfDay - before[0].Clock.OfDay && clock.OfDay <= ClockTime.Day + Hour;
    }

    private static Cell DayBefore(in Cell cell, ClockNumbers numbers) => cell.Kind switch
    {
        CellKind.Time => cell with { Time = cell.Time - ClockTime.Day },
        CellKind.Number => cell with { Number = cell.Number - (numbers == ClockNumbers.HourMinute ? ClockCells.GreatestNumber : 1) },
        CellKind.Text => cell with { Text = LateHour().Replace(cell.Text!, hour => $"0{hour.ValueSpan[1] - '4'}") },
        _ => cell,
    };

    /// <summary>Whether 24:00 comes behind a whole day that begins with 00:00, and few rows have it: it begins a 25th hour then, and ends no day.</summary>
    public static bool GoOn(IReadOnlyList<MatrixColumn> columns, SheetTable table) =>
        HaveBothMidnights(columns) && (table.Told is { } told ? told.Label == LabelMeaning.Start : table.Rows.Count(row => IsFilled(row, columns)) * 2 <= table.Rows.Count);

    /// <summary>These, or those of 25 hours where the rows that have 24:00 are all of one day that may have as many and the request says that times are starts.</summary>
    public static TimeHeaders Settle(TimeHeaders headers, SheetTable table, TimeColumns time, LabelMeaning? label)
    {
        if (table.Told is not null || label == LabelMeaning.End || !HaveBothMidnights(headers.Columns) || headers.Columns[0].Part.IsCounted
            || table.Rows.Where(row => IsFilled(row, headers.Columns)).Select(row => time.LocalOf(row)?.Date).Distinct().ToList() is not [{ } day] || !MayBeLong(day))
        {
            return headers;
        }

        return label is not null ? Of(headers.Columns) with { Unit = headers.Unit } : headers with
        {
            Fault = new ImportFault(
                ImportFault.AmbiguousMapping,
                string.Create(CultureInfo.InvariantCulture, $"The only day that has 24:00 is {day:uuuu-MM-dd}, when clocks are put back in many countries. Send timestamp_label=start if 24:00 begins its 25th hour, else timestamp_label=end."),
                table.Sheet, table.HeaderRow, table.HeaderOf(headers.Columns[^1].Index), ["timestamp_label=start", "timestamp_label=end"]),
        };
    }

    private static bool HaveBothMidnights(IReadOnlyList<MatrixColumn> columns) =>
        columns.Count == 25 && columns[0].Part.Clock?.OfDay == TimeSpan.Zero && columns[^1].Part.Clock?.OfDay == ClockTime.Day;

    private static bool IsFilled(SampleRow row, IReadOnlyList<MatrixColumn> columns) => row[columns[^1].Index].Kind != CellKind.Empty;

    /// <summary>In Europe, America, or Australia and New Zealand.</summary>
    private static bool MayBeLong(LocalDate day) => day.DayOfWeek == IsoDayOfWeek.Sunday && (day is { Month: 10, Day: >= 25 } or { Month: 11 or 4, Day: <= 7 });

    /// <summary>The headers, of which those behind 24 hours are of the 25th.</summary>
    public static TimeHeaders Of(IReadOnlyList<MatrixColumn> columns)
    {
        var first = columns[0].Part.Clock!.Value;
        var areStarts = first.IsRange || first.OfDay == TimeSpan.Zero;
        return new TimeHeaders(
            [.. columns.Select(column => column with
            {
                Part = column.Part with { IsCounted = true, IsExtra = column.Part.IsExtra || (areStarts ? column.Part.Clock!.Value.OfDay >= ClockTime.Day : column.Part.Clock!.Value.OfDay > ClockTime.Day) },
            })],
            areStarts ? (LabelMeaning.Start, "the times of day in the headers begin with 00:00 and go on to a 25th hour") : (LabelMeaning.End, "the times of day in the headers go on past 24:00, which ends a day"));
    }

    /// <summary>
    /// The headers, of which those behind midnight are of the day after that of the row, where they begin later in the day and go on in even steps to the time
    /// before the first, as those of a gas day do: <c>06:00</c> … <c>23:00</c>, <c>00:00</c> … <c>05:00</c>. What begins in the evening may be of the day that follows.
    /// </summary>
    public static List<MatrixColumn> WithNextDay(List<MatrixColumn> columns)
    {
        var times = columns.ConvertAll(column => column.Part.Clock!.Value.OfDay);
        var steps = times.Zip(times.Skip(1).Append(times[0]), (a, b) => TimeSpan.FromTicks((b - a + ClockTime.Day).Ticks % ClockTime.Day.Ticks)).Where(step => step > TimeSpan.Zero).ToList();
        var last = times.Zip(times.Skip(1)).ToList().FindIndex(pair => pair.Second < pair.First);
        return last < 0 || times[0] >= ClockTime.Day / 2 || steps.Distinct().Count() > 1 || steps[0] * steps.Count != ClockTime.Day ? columns
            : [.. columns.Take(last + 1), .. columns.Skip(last + 1).Select(column => column with { Part = column.Part with { Clock = column.Part.Clock!.Value with { OfDay = column.Part.Clock!.Value.OfDay + ClockTime.Day } } })];
    }

    /// <summary>What is said of headers that go on to the next day; null where these do not.</summary>
    public static ImportAssumption? Assume(TimeHeaders headers, SheetTable table) => headers.Columns[^1].Part is { IsCounted: false, Clock: { } last } && last.OfDay > ClockTime.Day
        ? new ImportAssumption("layout", $"{table.HeaderOf(headers.Columns[^1].Index)} is of the next day", $"the times in the headers go on past midnight, up to the one before {table.HeaderOf(headers.Columns[0].Index)}: those from midnight on are of the day after that of their row")
        : null;

    [GeneratedRegex(@"\b2[45](?=\D?\d\d\b)", RegexOptions.CultureInvariant)]
    private static partial Regex LateHour();
}
