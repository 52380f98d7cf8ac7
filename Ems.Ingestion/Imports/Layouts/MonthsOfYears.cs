using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Two rows of headers, one of years and one of their months or quarters: <c>2022</c> above <c>Jan | Feb | … | Dec</c>, or each month above
/// <c>2022 | 2023</c>. The cells of the upper row may be merged.
/// </summary>
internal static partial class MonthsOfYears
{
    private const int FewestTimes = 4;

    /// <summary>The months, each with its year; null where the rows are of something else.</summary>
    public static TimeHeaders? Find(SampleRow row, SampleRow below)
    {
        var columns = FindIn(row, below);
        var dates = columns.ConvertAll(column => column.Part.Date!.Value);
        return columns.Count >= FewestTimes && dates.Distinct().Count() == dates.Count
            && dates.Select(date => date.First).Distinct().Count() > 1 && dates.Select(date => date.Second).Distinct().Count() > 1 ? new TimeHeaders(columns) : null;
    }

    /// <summary>Whether a row has a year that goes on into the next one, and a month of it.</summary>
    public static bool AreNamedIn(SampleRow row) => Array.Exists(row.Cells, cell => MonthNames.Find(cell.Text) > 0) && Array.Exists(row.Cells, cell => FinancialYears.In(cell) is not null);

    private static List<MatrixColumn> FindIn(SampleRow row, SampleRow below)
    {
        var columns = new List<MatrixColumn>();
        var above = Cell.Empty;
        int? firstMonth = null;
        for (var column = 0; column < below.Cells.Length; column++)
        {
            if (row[column].Kind != CellKind.Empty)
            {
                above = row[column];
                firstMonth = null;
            }

            if (below[column].Kind != CellKind.Empty && above.Kind != CellKind.Empty && TimeOf(above, below[column], ref firstMonth) is { } date)
            {
                columns.Add(new MatrixColumn(column, new TimePart { Date = date }));
            }
        }

        return columns;
    }

    /// <param name="firstMonth">Of a financial year, which those before it are the next calendar year of.</param>
    private static WrittenTime? TimeOf(in Cell above, in Cell below, ref int? firstMonth)
    {
        if (FinancialYears.In(above) is { } first)
        {
            var month = PartsOfYear.In(below, first);
            firstMonth ??= month?.Second;
            return month?.Second < firstMonth ? PartsOfYear.In(below, first + 1) : month;
        }

        return YearIn(above) is { } year ? PartsOfYear.In(below, year) : YearIn(below) is { } own ? PartsOfYear.In(above, own) : null;
    }

    private static int? YearIn(in Cell cell) =>
        HeaderTexts.TextOf(cell) is { Length: > 0 } text && Year().Match(text) is { Success: true } found ? int.Parse(found.Groups["year"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^\s*((calendar\s+)?year|(kalender)?jahr|année|año|anno|ano|(kalender)?jaar|rok|år|vuosi)?\s*(?<year>(19|20)\d\d)\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year();
}
