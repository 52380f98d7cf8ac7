using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>The year, and perhaps the month, that the name of a sheet, a title or the name of a file says of times that lack it.</summary>
/// <param name="Where">What says it.</param>
internal sealed partial record NamedDate(int Year, int? Month, string Where)
{
    private const int MostTitleRows = 10;
    private const int FewestMonths = 3;

    /// <summary>Null where nothing names one year alone.</summary>
    public static NamedDate? Find(SheetSample sample, string fileName)
    {
        var titles = string.Join(" ; ", sample.Rows.Take(MostTitleRows).SelectMany(row => row.Cells).Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text));
        var found = In(sample.Name, "the sheet's name") ?? In(titles, "a title") ?? In(fileName, "the file's name");
        return found is { Month: null } && Words().Matches(sample.Name) is [var word] && MonthNames.Find(word.Value) is > 0 and var month
            ? found with { Month = month, Where = $"{found.Where} with that of the sheet" } : found;
    }

    public IEnumerable<ImportAssumption> Assume(TimeColumns time)
    {
        if (time.Given is not null)
        {
            yield return new ImportAssumption(
                time.Month is null && Month is not null && time.Day is not null ? "month" : "year",
                time.Month is null && Month is not null && time.Day is not null ? string.Create(CultureInfo.InvariantCulture, $"{Year}-{Month:00}") : $"{Year}", $"{Where} says it, and the times themselves do not");
        }
    }

    /// <summary>Why months that nothing gives a year are no times; null where the sheet has no such months.</summary>
    public static ImportFault? FindMissing(SheetSample sample)
    {
        var across = sample.Rows.FirstOrDefault(row => row.Cells.Count(IsMonth) >= FewestMonths);
        var down = Enumerable.Range(0, sample.Rows.Max(row => row.Cells.Length)).Cast<int?>().FirstOrDefault(column => sample.Rows.Count(row => IsMonth(row[column!.Value])) >= FewestMonths);
        var first = across ?? (down is { } at ? sample.Rows.First(row => IsMonth(row[at])) : null);
        return first is null ? null : new ImportFault(
            ImportFault.MissingRequiredColumns,
            $"The months {(across is null ? "from" : "in")} row {first.Number}{(across is null ? " on" : "")} have no year: write it into them (Jan-24), or call the sheet by it (2024).",
            sample.Name, first.Number, HeaderTexts.Letters(first.Cells.Length)[Array.FindIndex(first.Cells, IsMonth)]);
    }

    private static bool IsMonth(Cell cell) => cell.Kind == CellKind.Text && MonthNames.Find(cell.Text) > 0;

    private static NamedDate? In(string text, string where)
    {
        if (TimeText.TryParse(text, out var time) && time is { Months: 1, Order: DateOrder.YearMonthDay })
        {
            return new NamedDate(time.First, time.Second, where);
        }

        var years = Year4().Matches(text).Select(match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).Distinct().ToList();
        if (years is not [var year])
        {
            return null;
        }

        var months = Words().Matches(text).Select(word => MonthNames.Find(word.Value))
            .Concat(YearMonth().Matches(text).Select(match => int.Parse(match.Groups["month"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)))
            .Where(month => month > 0).Distinct().ToList();
        return new NamedDate(year, months is [var month] ? month : null, where);
    }

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year4();

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}[-_.](?<month>0[1-9]|1[0-2])(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex YearMonth();

    [GeneratedRegex(@"\p{L}{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
