using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Columns of months, those that are written as numbers among them: <c>202501</c>, <c>01.2025</c>.</summary>
internal sealed partial class TimeColumnFinder
{
    private static readonly string[] Quarters = ["quarter", "quartal", "trimestre", "kwartaal", "kvartal", "qtr"];

    private const int FirstYear = 1990;
    private const int LastYear = 2100;

    // Of a year; what is greater is none, be day and month exchanged.
    private const int LastMonth = 12;

    /// <summary>Without months in numbers where other columns say the time: they are those of a bill or a day, or say it once more.</summary>
    private IReadOnlyList<TimeColumn> WithoutMonthsOfOthers(IReadOnlyList<TimeColumn> times)
    {
        var others = times.Where(time => time.Numbers is not (NumberTimes.Months or NumberTimes.ShortMonths) || IsMapped(time)).ToList();
        return others.Count == times.Count || others.Count > 0 ? others
            : FindNumbers() is not null || _words.Any(column => column.Value.Any(Days) && HoldsNumbers(column.Key, 1, 31)) ? []
            : times;
    }

    /// <summary>As one of the years or months that end with the one day that all rows have, where the header says so (<c>Year Ending</c>): nothing else shows how long they are.</summary>
    private TimeColumn WithMonthsTo(TimeColumn time)
    {
        var words = _words[time.Index];
        var months = !words.Any("ending", "ended") ? (short)0
            : words.Except(["ending", "ended", "date", "fiscal", "calendar", "reporting"]).ToList() switch { ["year"] => (short)12, ["month"] => (short)1, _ => (short)0 };
        // A register is read at the date itself.
        return months > 0 && DayCounts.Find(table) is null && !table.Columns.Any(column => HeaderReader.Read(table.HeaderOf(column)).Metric?.Kind == QuantityKind.Register) && table.Filled(time.Index).Distinct().ToList() is [var only] && time.TryRead(only, out var written) && TimeColumn.LastDay(written) is not null && AreOfOtherMeters(time.Index)
            ? time with { MonthsTo = months } : time;
    }

    /// <summary>Whether the rows of the one date differ in something that is no time and no value: several of one meter are shorter.</summary>
    private bool AreOfOtherMeters(int date)
    {
        var names = table.Columns.Where(column => column != date && !(_words.TryGetValue(column, out var words) && words.NameTime) && HeaderReader.Read(table.HeaderOf(column)) is { Metric: null, Unit: null }).ToList();
        var rows = table.Rows.Where(row => row[date].Kind != CellKind.Empty).Take(SheetTable.EnoughRows).Select(row => string.Join('\n', names.Select(name => HeaderTexts.TextOf(row[name])))).ToList();
        return rows.Distinct().Count() == rows.Count;
    }

    /// <summary>
    /// Whether its header names months, and its cells go on from each to the next one across the turn of a year, as <c>12/23</c> and <c>01/24</c> do: they are no days of a
    /// month then. The rows of a file that told it are of it.
    /// </summary>
    private bool HoldsShortMonths(int column)
    {
        if (!_words[column].Any((IEnumerable<string>)MonthsOfBills) && !_words[column].Any((IEnumerable<string>)Periods))
        {
            return false;
        }

        var months = table.Filled(column).Select(cell => TimeCells.ShortMonthIn(cell)).OfType<(int Year, int Month)>().Distinct().ToList();
        var numbers = months.ConvertAll(month => (12 * month.Year) + month.Month);
        return months.Count > 0 && (table.Told is not null || (table.Mostly(column, cell => TimeCells.ShortMonthIn(cell) is not null)
            && months.Select(month => month.Year).Distinct().Count() > 1 && numbers.Max() - numbers.Min() == numbers.Count - 1 && months.TrueForAll(month => month.Year % 100 > LastMonth)));
    }

    /// <summary>Whether several months of rows lie between the same two dates, as those of a contract do: a bill has one.</summary>
    private bool AreWithin(TimeColumn month, TimeColumn start, TimeColumn end) => table.Rows.Select(row => (From: DateAt(row, start), To: DateAt(row, end), Month: DateAt(row, month)))
        .Where(row => row.From?.With(DateAdjusters.StartOfMonth) <= row.Month && row.Month <= row.To).GroupBy(row => (row.From, row.To), row => row.Month).Any(same => same.Distinct().Count() > 1);

    private static LocalDate? DateAt(SampleRow row, TimeColumn column) =>
        column.TryRead(row[column.Index], out var written) ? written.DateIn(DateOrder.DayMonthYear) ?? written.DateIn(DateOrder.MonthDayYear) : null;

    private bool NamesMonths(int column, TimeColumn time) =>
        table.Filled(column).Select(cell => time.TryRead(cell, out var written) ? written.IsMonth : (bool?)null).OfType<bool>().Distinct().ToList() is [true];

    /// <summary>A column of years that go on into the next one.</summary>
    public int? FinancialYearColumn() => _words.Keys.Cast<int?>().FirstOrDefault(column => table.Mostly(column!.Value, cell => FinancialYears.In(cell) is not null));

    /// <summary>A column of names of months and one of years beside it, whatever their headers are called; null where there are none.</summary>
    private (int Month, int Year)? MonthAndYear(int? year, int? month)
    {
        var named = month ?? _words.Keys.Where(column => told.Find(column) is null && table.HoldsTexts(column, text => MonthNames.Find(text) > 0)).Cast<int?>().FirstOrDefault();
        return named is not { } months || (year is not null && month is not null) ? null
            : (year ?? new[] { months - 1, months + 1 }.Where(column => _words.ContainsKey(column) && told.Find(column) is null && HoldsNumbers(column, FirstYear, LastYear) && HeaderReader.Read(table.HeaderOf(column)) is { Metric: null, Unit: null })
                .Cast<int?>().FirstOrDefault()) is { } years && table.HoldsTexts(months, text => MonthNames.Find(text) > 0) ? (months, years) : null;
    }

    /// <summary>Whether a header of years or months is of a language whose countries write a comma in front of decimals.</summary>
    public static bool NamesMonthsAbroad(string header) => new HeaderWords(header).Any([.. Years.Skip(1), .. Months.Skip(1)]);

    private bool NumbersQuarters(int column) => _words[column] is { Count: 1 } words && words.Any(Quarters) && table.Mostly(column, cell => PartsOfYear.OfQuarter(cell) is not null);

    /// <summary>Feeders and breakers are called Q1, too.</summary>
    private bool HoldsPartsOfYear(int column) => (_words[column].Any((IEnumerable<string>)PartsOfYears) || _words[column].Any((IEnumerable<string>)Periods) || _words[column].Any((IEnumerable<string>)MonthsOfBills)) && table.Mostly(column, cell => PartsOfYear.Find(cell) is not null);

    /// <summary>Whether the column has its first cell filled and more blank cells than filled ones below.</summary>
    public bool FillsDown(int column)
    {
        var filled = table.Rows.Count(row => row[column].Kind != CellKind.Empty);
        return table.Rows[0][column].Kind != CellKind.Empty && filled * 2 <= table.Rows.Count(row => row.Filled > 1);
    }

    /// <summary>
    /// Whether the values are those of whole years: a column is headed so, no other names a part of a time, and what the rows are of comes once
    /// in each year. Years that each row has of its own are those in which something was built.
    /// </summary>
    private bool IsYearAlone(int? year, int? other)
    {
        if (year is not { } column || other is not null || table.Named is not null || table.Headers.Any(header => MonthNames.Find(header) > 0) || told.Find(column) is not null and not { Purpose: ColumnRole.Time }
            || _words[column].Except(OfYears).Count > 0 || _words.Any(entry => entry.Key != column && (entry.Value.NameTime || entry.Value.Any(PartsOfYears))))
        {
            return false;
        }

        var names = table.Columns.Where(other => !new HeaderWords(table.HeaderOf(other)).Any((IEnumerable<string>)SubjectFinder.Remarks)).ToList();
        var rows = table.Rows.Take(SheetTable.EnoughRows).Where(row => row[column].Kind == CellKind.Number)
            .Select(row => (Year: row[column].Number, Subject: string.Join('\n', names.Select(name => row[name]).Where(IsName).Select(cell => cell.Text)))).ToList();
        return rows.Distinct().Count() == rows.Count
            && (rows.Select(row => row.Year).Distinct().Count() == 1 || rows.Select(row => row.Subject).Distinct().Count() * 2 <= rows.Count);
    }

    /// <summary>Amounts with a decimal comma or a unit are texts, too.</summary>
    private static bool IsName(Cell cell) => cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!) && MarkedNumber.Find(cell.Text!) is null && !MissingMarkers.IsMissing(cell);
}
