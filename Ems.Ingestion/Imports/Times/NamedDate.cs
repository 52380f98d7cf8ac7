using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>The year, and perhaps the month, that the name of a sheet, a title or the name of a file says of times that lack it.</summary>
/// <param name="Where">What says it.</param>
internal sealed partial record NamedDate(int Year, int? Month, string Where)
{
    private const int MostTitleRows = 10;
    private const int FewestMonths = 3;
    private const int MostNamed = 4;
    private const string OfFile = "the file's name";

    /// <summary>Two years that are named together, as those of a financial year are.</summary>
    private NamedDate? Both { get; init; }

    /// <summary>Whether both years are named and none alone.</summary>
    private bool IsBoth { get; init; }

    /// <summary>Whether what names the year calls it a financial one, which may be called by the year that it begins or ends in.</summary>
    private bool IsFinancial { get; init; }

    /// <summary>Whether nothing but the name of the file says it, which may be the time of its export.</summary>
    public bool IsOfFile => Where == OfFile;

    /// <summary>Whether it is the calendar year of each of its months.</summary>
    public bool IsOfOneYear => !IsBoth && !IsFinancial;

    /// <summary>The month of the year that the others follow: those before it are of the next year.</summary>
    private int FirstMonth { get; init; } = 1;

    /// <summary>Whether that is said, by a title (<c>April 2025 to March 2026</c>) or the file that the rows are of, and not to be seen from them.</summary>
    private bool IsTold { get; init; }

    /// <summary>As <see cref="Parse"/> reads it: year, first month, and the month if there is one.</summary>
    public string Written => string.Create(CultureInfo.InvariantCulture, $"{Year}-{FirstMonth:00}{(Month is { } month ? $"-{month:00}" : "")}");

    /// <summary>What <see cref="Written"/> says; null for anything else.</summary>
    public static NamedDate? Parse(string? text) => text is not null && WrittenDate().Match(text) is { Success: true } match
        ? new NamedDate(Number(match.Groups["year"]), match.Groups["month"].Success ? Number(match.Groups["month"]) : null, "the file that these rows are of")
        {
            FirstMonth = Number(match.Groups["first"]),
            IsTold = true,
        }
        : null;

    /// <summary>Null where nothing names one year alone, or two that follow each other together.</summary>
    public static NamedDate? Find(SheetSample sample, string fileName)
    {
        var titles = string.Join(" ; ", sample.Rows.Take(MostTitleRows).SelectMany(row => row.Cells).Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text));
        // A year alone above a table is a title, though a number.
        var years = string.Join(" ; ", sample.Rows.Take(MostTitleRows).TakeWhile(row => row.Filled == 1).SelectMany(row => row.Cells).Where(cell => cell is { Kind: CellKind.Number, Number: >= 1990 and < 2100 }).Select(cell => HeaderTexts.TextOf(cell)));
        (string Text, string Where)[] said = [(sample.Name, "the sheet's name"), (years.Length > 0 ? $"{titles} ; {years}" : titles, "a title"), (fileName, OfFile)];
        var both = said.Select(one => BothIn(one.Text, one.Where)).FirstOrDefault(named => named is not null);
        var found = said.Select(one => In(one.Text, one.Where)).FirstOrDefault(named => named is not null);
        return found is null ? both
            : found is { Month: null } && Words().Matches(sample.Name) is [var word] && MonthNames.Find(word.Value) is > 0 and var month
                ? found with { Month = month, Where = $"{found.Where} with that of the sheet", Both = both } : found with { Both = both };
    }

    /// <summary>The year that a title names, and no other one; null where it names none.</summary>
    public static int? YearIn(string title) => In(title, "")?.Year;

    public bool Has(int year) => year == Year || (FirstMonth > 1 && year == Year + 1);

    public int YearOf(int? month) => month < FirstMonth ? Year + 1 : Year;

    /// <summary>The year of months that stand in this order.</summary>
    /// <exception cref="ImportFaultException">They go on into another year, and nothing says which two these are.</exception>
    public NamedDate For(IEnumerable<int> months)
    {
        if (IsTold)
        {
            return this;
        }

        var (first, goesOn) = MonthOrder.Of(months);
        return goesOn ? (Both ?? (IsBoth ? this : throw Ask("go on into another year"))) with { FirstMonth = first }
            : IsBoth ? throw Ask("do not go on into another year")
            : IsFinancial && first > 1 ? Both is { IsTold: true } both ? both : throw Ask("do not begin with January")
            : this;
    }

    public IEnumerable<ImportAssumption> Assume(TimeColumns time)
    {
        if (time.Given is not null)
        {
            var isMonth = time.Month is null && Month is not null && time.Day is not null;
            yield return new ImportAssumption(
                isMonth ? "month" : "year",
                isMonth ? string.Create(CultureInfo.InvariantCulture, $"{Year}-{Month:00}") : FirstMonth == 1 ? $"{Year}"
                    : string.Create(CultureInfo.InvariantCulture, $"{Year}-{FirstMonth:00} to {Year + 1}-{FirstMonth - 1:00}"),
                $"{Where} says it, and the times themselves do not");
        }
    }

    /// <summary>Why months that nothing gives a year are no times; null where the sheet has no such months.</summary>
    public static ImportFault? FindMissing(SheetSample sample)
    {
        var across = sample.Rows.FirstOrDefault(row => row.Cells.Count(IsMonth) >= FewestMonths);
        var down = Enumerable.Range(0, sample.Rows.Max(row => row.Cells.Length)).Cast<int?>().FirstOrDefault(column => sample.Rows.Count(row => IsMonth(row[column!.Value])) >= FewestMonths);
        var first = across ?? (down is { } at ? sample.Rows.First(row => IsMonth(row[at])) : null);
        var haveYearsAbove = across is null && sample.Rows.Any(row => row.Filled == 1 && Array.Exists(row.Cells, cell => TimeCells.TryReadYear(cell, out _)));
        var dated = first is null ? [] : sample.Rows.TakeWhile(row => row.Number < first.Number || row == first).SelectMany(row => row.Cells).Where(cell => cell.Kind == CellKind.Text && !IsMonth(cell) && Year4().IsMatch(cell.Text!)).Select(cell => cell.Text!).ToList();
        if (dated.SelectMany(text => Year4().Matches(text).Select(match => match.Value)).Distinct().Count() > 1 && dated.Count > 1)
        {
            return new ImportFault(
                ImportFault.MissingRequiredColumns,
                $"The months from row {first!.Number} on have no year, and the headers have several ({string.Join(", ", dated.Take(MostNamed).Select(SheetTable.Shown))}). Write a row for each month of each year (Jan-23, Jan-24), and a column for each of what is measured, without a year in its header.",
                sample.Name, first.Number, SheetTable.Shown(dated[0]));
        }

        return first is null ? null : new ImportFault(
            ImportFault.MissingRequiredColumns,
            $"The months {(across is null ? "from" : "in")} row {first.Number}{(across is null ? " on" : "")} have no year: write it into them (Jan-24){(haveYearsAbove ? " and delete the rows that have a year alone" : "")}, or call the sheet by it (2024), or by both where they go on into the next one (2024-25).",
            sample.Name, first.Number, HeaderTexts.Letters(first.Cells.Length)[Array.FindIndex(first.Cells, IsMonth)]);
    }

    private ImportFaultException Ask(string how) => new(new ImportFault(
        ImportFault.AmbiguousMapping,
        $"The months {how}, and {Where} names {(IsBoth ? $"{Year} and {Year + 1}" : $"{Year} alone")}: write the year into the months (Jan-24), or {(IsBoth ? $"call the sheet by the one that they are of ({Year} or {Year + 1})"
            : $"say in the sheet's name or a title from when to when the year is (Apr {Year} to Mar {Year + 1})")}.",
        Alternatives: IsBoth ? [$"{Year}", $"{Year + 1}"] : [$"Apr {Year} to Mar {Year + 1}", $"Apr {Year - 1} to Mar {Year}"]));

    private static bool IsMonth(Cell cell) => cell.Kind == CellKind.Text && MonthNames.Find(cell.Text) > 0;

    /// <summary>2025-26, 2025/2026, April 2025 to March 2026.</summary>
    private static NamedDate? BothIn(string text, string where) => OfJapan().Matches(text).Select(match => Number(match.Groups["first"])).Distinct().ToList() is [var fiscal] ? new NamedDate(fiscal, null, where) { IsBoth = true, FirstMonth = 4, IsTold = true }
        : BothYears().Matches(text).Where(AreBoth).Select(match => Number(match.Groups["first"])).Distinct().ToList() is [var year] ? new NamedDate(year, null, where)
        {
            IsBoth = true,
            FirstMonth = FirstIn(text) ?? 1,
            IsTold = FirstIn(text) is not null,
        }
        : null;

    /// <summary>The month before the first of two years: April 2025 to March 2026.</summary>
    private static int? FirstIn(string text) => BothYears().Matches(text).Where(AreBoth).Select(match => MonthNames.Find(match.Groups["from"].Value.Trim())).FirstOrDefault(month => month > 0) is > 0 and var month ? month : null;

    private static bool AreBoth(Match match) => (Number(match.Groups["first"]) + 1 - Number(match.Groups["second"])) % 100 == 0;

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static NamedDate? In(string text, string where)
    {
        if (TimeText.TryParse(text, out var time) && time is { Months: 1, Order: DateOrder.YearMonthDay })
        {
            return new NamedDate(time.First, time.Second, where);
        }

        text = BothYears().Replace(text, match => AreBoth(match) ? " " : match.Value);
        var years = Year4().Matches(text).Select(match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).Distinct().ToList();
        if (years is not [var year])
        {
            return null;
        }

        var months = Words().Matches(text).Select(word => MonthNames.Find(word.Value))
            .Concat(YearMonth().Matches(text).Select(match => int.Parse(match.Groups["month"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)))
            .Where(month => month > 0).Distinct().ToList();
        return new NamedDate(year, months is [var month] ? month : null, where) { IsFinancial = FinancialYear().IsMatch(text) };
    }

    [GeneratedRegex(
        @"(?<!\d)((?<from>(?<!\p{L})\p{L}{3,}\.?)\s+)?(?<first>(19|20)\d{2})\s*([-–—/_]|to|until|till|through|thru|bis|au|à|al?|tot|até|hasta)\s*(\p{L}{3,}\.?\s*)?(?<second>(19|20)?\d{2})(?!\d|[-_./]\d)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex BothYears();

    // From April on.
    [GeneratedRegex(@"(?<!\d)(?<first>(19|20)\d{2})\s*年度", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfJapan();

    [GeneratedRegex(@"(?<!\p{L})(FY|fiscal|financial|GJ|Geschäftsjahr|Wirtschaftsjahr|exercice|ejercicio|esercizio|boekjaar)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FinancialYear();

    [GeneratedRegex(@"^(?<year>\d{4})-(?<first>0[1-9]|1[0-2])(-(?<month>0[1-9]|1[0-2]))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex WrittenDate();

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year4();

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}[-_.](?<month>0[1-9]|1[0-2])(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex YearMonth();

    [GeneratedRegex(@"\p{L}{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
