using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;
using NodaTime;
using NodaTime.Calendars;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Finds columns of whole numbers that say again, in another form, what the times of their rows say.</summary>
internal sealed class TimesAgain(SheetTable table, TimeColumns time)
{
    private const int FewestRows = 3;

    // A counter of so many rows may start with the hours by chance; with more it does not.
    private const int EnoughRows = 12;
    private const double FirstSecond = 1e9;
    private const double LastSecond = 4e9;
    private const long SecondsOfQuarterHour = 900;

    private static readonly string[] Parts = ["year", "jahr", "leto", "rok", "año", "année", "anno", "jaar", "mesec", "dan", "ura", "week", "woche", "semaine", "weekday", "wochentag", "dow", "minute"];

    private static readonly Func<LocalDateTime, long>[] Forms =
    [
        at => at.Month, at => at.Day, at => at.Hour, at => at.Hour + 1, at => at.Minute, at => (int)at.DayOfWeek, at => (int)at.DayOfWeek - 1, at => (int)at.DayOfWeek % 7,
        at => ((int)at.DayOfWeek % 7) + 1, at => WeekYearRules.Iso.GetWeekOfWeekYear(at.Date),
    ];

    private readonly List<(SampleRow Row, LocalDateTime? At)> _rows = [.. table.Rows.Take(SheetTable.EnoughRows).Select(row => (row, time.LocalOf(row)))];

    public bool IsTime(int column)
    {
        if (WasWrittenThen(column) || ExcelSerials.AreOf(table, column, table.Is1904, (row, order) => time.LocalOf(row, order)))
        {
            return true;
        }

        var found = _rows.Where(row => row.At is not null && row.Row[column].Kind != CellKind.Empty).ToList();
        if (found.Count < FewestRows || !found.TrueForAll(row => row.Row[column] is { Kind: CellKind.Number } cell && cell.Number % 1 == 0))
        {
            return false;
        }

        var rows = found.ConvertAll(row => (Number: (long)row.Row[column].Number, At: row.At!.Value));
        return rows.TrueForAll(row => row.Number == row.At.Year) || IsEpoch(rows, 1) || IsEpoch(rows, 1_000)
            || ((NamesPart(column) || (rows.Count >= EnoughRows && rows.Select(row => row.Number).Distinct().Count() >= FewestRows))
                && Array.Exists(Forms, form => rows.TrueForAll(row => row.Number == form(row.At))));
    }

    /// <summary>Whether they are the seconds since 1970 at which somebody wrote the rows: <c>created_ts</c>.</summary>
    private bool WasWrittenThen(int column) => new HeaderWords(table.HeaderOf(column)) is { AreAdministrative: true, NameTime: true }
        && table.Filled(column).All(cell => cell.Kind == CellKind.Number && cell.Number is >= FirstSecond and <= LastSecond);

    private bool NamesPart(int column) => new HeaderWords(table.HeaderOf(column)) is var words && (words.NameTime || words.Any((IEnumerable<string>)Parts));

    /// <summary>Whether they are seconds, or parts of them, since 1970, in whatever zone; the clocks may change between rows.</summary>
    private static bool IsEpoch(List<(long Number, LocalDateTime At)> rows, long parts) => rows.TrueForAll(row =>
        Math.Abs((row.Number / parts) - row.At.InUtc().ToInstant().ToUnixTimeSeconds()) is var apart && apart <= NodaConstants.SecondsPerDay && apart % SecondsOfQuarterHour == 0);
}
