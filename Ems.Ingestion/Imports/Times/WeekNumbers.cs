using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Tells numbers of weeks beside a year from powers, which are headed <c>KW</c> as well.</summary>
internal static class WeekNumbers
{
    private static readonly string[] Beside = ["nr", "no", "n", "num", "nummer", "número", "iso"];

    /// <summary>Whether the column is called after weeks and nothing else, and goes on from one to the next within a year, as no list of powers does.</summary>
    public static bool Are(SheetTable table, int column, int year)
    {
        if (new HeaderWords(table.HeaderOf(column)) is var words && !(words.Any((IEnumerable<string>)TimeWords.WeeksOfMondays) && words.Except([.. TimeWords.WeeksOfMondays, .. Beside]).Count == 0))
        {
            return false;
        }

        var names = table.Columns.Where(other => other != column && other != year && !new HeaderWords(table.HeaderOf(other)).Any((IEnumerable<string>)SubjectFinder.Remarks)).ToList();
        var last = 0d;
        var steps = table.Rows.Where(row => row[column].Kind == CellKind.Number)
            .Select(row => (Year: last = row[year].Kind == CellKind.Number ? row[year].Number : last, Week: row[column].Number, Of: string.Join('\n', names.Where(name => IsName(table, row, name)).Select(name => HeaderTexts.TextOf(row[name])))))
            .GroupBy(row => (row.Year, row.Of)).SelectMany(rows => rows.Zip(rows.Skip(1), (before, next) => next.Week - before.Week)).ToList();
        return steps.Count > 0 && (steps.TrueForAll(step => step > 0) || steps.TrueForAll(step => step < 0)) && steps.Count(step => Math.Abs(step) == 1) * 2 > steps.Count;
    }

    /// <summary>Meters and places may be numbered. Rows of days are none of weeks.</summary>
    private static bool IsName(SheetTable table, SampleRow row, int column) => row[column].Kind == CellKind.Text
        ? !DecimalColumn.LooksNumeric(row[column].Text!) && !MissingMarkers.IsMissing(row[column]) && !TimeWords.Weekdays.Contains(row[column].Text!) : SubjectFinder.NamesSubject(table.HeaderOf(column));
}
