using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <content>Headers that are days, dates, months and years.</content>
internal sealed partial record TimeHeaders
{
    private const int LongestNamedYear = 60;

    /// <summary>The days of a month that something else names.</summary>
    private static TimeHeaders? FindDays(SampleRow row, NamedDate? named)
    {
        if (named is not { Month: { } month, Year: var year })
        {
            return null;
        }

        var days = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (row[column].Kind == CellKind.Number && row[column].Number == days.Count + 1 && days.Count < DateTime.DaysInMonth(year, month))
            {
                days.Add(new MatrixColumn(column, new TimePart { Date = WrittenTime.OfDate(year, month, days.Count + 1) }));
            }
        }

        return days.Count == DateTime.DaysInMonth(year, month) ? new TimeHeaders(days, (LabelMeaning.Start, "the headers name whole days")) : null;
    }

    /// <summary>The days of months that the rows may name: 1 to 31.</summary>
    private static TimeHeaders? FindDaysOfMonths(SampleRow row)
    {
        var days = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length && days.Count < LongestMonth; column++)
        {
            if (ClockCells.TryIndex(row[column], out var number) && number == days.Count + 1 && (row[column].Kind == CellKind.Number || char.IsAsciiDigit(row[column].Text![0])))
            {
                days.Add(new MatrixColumn(column, new TimePart { Day = number }));
            }
        }

        return days.Count == LongestMonth ? new TimeHeaders(days) : null;
    }

    private static TimeHeaders? FindDates(SampleRow row, int fewest = FewestDates)
    {
        var columns = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (TimeCells.TryRead(row[column], NumberTimes.None, out var time))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Date = time }));
            }
        }

        // Beside months and quarters, halves sum up what there is of them so far.
        if (columns.Exists(column => column.Part.Date!.Value.Months is > 0 and < PartsOfYear.MonthsOfHalf))
        {
            columns.RemoveAll(column => column.Part.Date!.Value.Months == PartsOfYear.MonthsOfHalf);
        }

        var isAbove = fewest >= FewestDates && AreAbove(row, columns);
        var areYears = columns.TrueForAll(column => column.Part.Date!.Value.Months >= PartsOfYear.MonthsOfYear);
        return columns.Count >= (areYears ? Math.Min(fewest, FewestYears) : fewest) && !isAbove ? new TimeHeaders(columns) : null;
    }

    /// <summary>Above the months of a year stand its quarters: only without blanks between them have they values below.</summary>
    private static bool AreAbove(SampleRow row, List<MatrixColumn> columns) => columns.Count > 0 && columns.TrueForAll(column => column.Part.Date!.Value.Months > 1)
        && row.Cells[columns[0].Index..columns[^1].Index].Any(cell => cell.Kind == CellKind.Empty);

    private static TimeHeaders? FindMonths(SampleRow row, int fewest = FewestDates)
    {
        var columns = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (row[column].Kind == CellKind.Text && MonthNames.Find(row[column].Text) is > 0 and var month && !columns.Exists(other => other.Part.Month == month))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Month = month, Months = 1 }));
            }
        }

        return columns.Count >= fewest ? new TimeHeaders(columns) : FindRoman(row);
    }

    private static TimeHeaders? FindRoman(SampleRow row)
    {
        List<MatrixColumn> columns = [.. Enumerable.Range(0, row.Cells.Length).Where(column => MonthNames.FindRoman(row[column].Text) > 0).Select(column => new MatrixColumn(column, new TimePart { Month = MonthNames.FindRoman(row[column].Text), Months = 1 }))];
        return columns.Count == PartsOfYear.MonthsOfYear && columns.DistinctBy(column => column.Part.Month).Count() == columns.Count ? new TimeHeaders(columns) : null;
    }

    /// <summary>The quarters of a year, or pairs of its months.</summary>
    private static TimeHeaders? FindPartsOfYear(SampleRow row)
    {
        var columns = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length && columns.Count < PartsOfYear.MonthsOfYear; column++)
        {
            if (PartsOfYear.Find(row[column]) is var (month, months))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Month = month, Months = months }));
            }
        }

        return columns.Select(column => column.Part.Months).Distinct().ToList() is [var each] && columns.Select(column => column.Part.Month).Distinct().Count() == columns.Count && each * columns.Count == PartsOfYear.MonthsOfYear && !GoOn(row, columns) ? new TimeHeaders(columns) : null;
    }

    /// <summary>Whether a further column is numbered as the next part of a year would be: feeders and breakers are called Q1 to Q6.</summary>
    private static bool GoOn(SampleRow row, List<MatrixColumn> parts)
    {
        var last = HeaderTexts.TextOf(row[parts[^1].Index]);
        return last.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is var word && int.TryParse(last.AsSpan(word.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Array.Exists(row.Cells, cell => cell.Kind == CellKind.Text && cell.Text!.Trim().Equals($"{word}{number + 1}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>One month of a year, or two months that follow each other, of which dates may be the first days.</summary>
    private static TimeHeaders? FindFewMonths(SampleRow row)
    {
        // Months beside values are those of rows.
        if (row.Cells.Any(cell => DecimalColumn.IsNumber(cell) && !TimeCells.TryRead(cell, NumberTimes.None, out _)))
        {
            return null;
        }

        var dates = FindDates(row, fewest: 1)?.Columns ?? [];
        if (dates.All(column => column.Part.Date is { } date && (date.IsMonth ? date.Months == 1 : dates.Count > 1 && date.Order != DateOrder.Unknown && date.OfDay == TimeSpan.Zero && date.DateIn(date.Order)?.Day == 1)))
        {
            dates = [.. dates.Select(column => column with { Part = new TimePart { Date = column.Part.Date!.Value with { Months = 1 } } })];
            var numbers = dates.Select(column => column.Part.Date!.Value.DateIn(column.Part.Date.Value.Order)!.Value).Select(date => (date.Year * 12) + date.Month).ToList();
            if (numbers is [_] || (numbers is [var first, var second] && second == first + 1))
            {
                return new TimeHeaders(dates);
            }
        }

        return FindMonths(row, fewest: 2) is { Columns: [{ Part.Month: var one }, { Part.Month: var next }] } months && next == (one % 12) + 1 ? months : null;
    }

    private static TimeHeaders? FindFinancialYears(SampleRow row)
    {
        var columns = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (FinancialYears.In(row[column]) is { } year && (columns.Count == 0 || Math.Abs(year - columns[^1].Part.Year!.Value) == 1))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Year = year, IsFinancial = true }));
            }
        }

        return columns.Count >= FewestYears ? new TimeHeaders(columns) : null;
    }

    /// <exception cref="ImportFaultException">The same years come again in a row of headers, below something else each time: <c>Electricity | | Gas |</c> above <c>2023 | 2024 | 2023 | 2024</c>.</exception>
    private static void RefuseRepeatedYears(SheetSample sample, int index)
    {
        var row = sample.Rows[index];
        var years = row.Cells.Select((cell, column) => (Column: column, Year: HeaderTexts.TextOf(cell) is { Length: 4 } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and < 2200 ? year : 0)).Where(cell => cell.Year > 0).ToList();
        var blocks = years.GroupBy(cell => cell.Year).ToList();
        if (index == 0 || blocks.Count < FewestYears || !blocks.TrueForAll(block => block.Count() > 1 && block.Count() == blocks[0].Count())
            || sample.Rows[index - 1].Cells.Skip(years[0].Column).Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text!).ToList() is not { Count: > 1 } above || above.Count > blocks[0].Count() || !sample.Rows.Skip(index + 1).Take(1).Any(values => DecimalColumn.IsNumber(values[years[0].Column])))
        {
            return;
        }

        throw new ImportFaultException(new ImportFault(
            ImportFault.DataValidationFailed, $"Below each of {string.Join(", ", above)} stand the same years. Put each on a sheet of its own, with what stands above its years as the title, and the years in a row of headers once.", sample.Name, row.Number, above[0]));
    }

    private static TimeHeaders? FindYears(SampleRow row)
    {
        var columns = new List<MatrixColumn>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (int.TryParse(HeaderTexts.TextOf(row[column]), out var year) && year is >= 1900 and < 2200
                && !columns.Exists(other => other.Part.Year == year) && (columns.Count == 0 || Math.Abs(year - columns[^1].Part.Year!.Value) == 1))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Year = year }));
            }
        }

        return columns.Count >= FewestYears ? new TimeHeaders(columns) : null;
    }

    /// <summary>Years beside one and the same word for what was used: <c>Actual 2023</c>, <c>Verbrauch 2024 kWh</c>. Null where other words have years, too, but of plans and money.</summary>
    private static TimeHeaders? FindNamedYears(SampleRow row)
    {
        var years = new List<(int Column, int Year, string Name, Unit? Unit, bool IsOtherAmount)>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            if (row[column] is { Kind: CellKind.Text, Text: { Length: <= LongestNamedYear } text } && NamedYear().Match(text) is { Success: true } found && !new HeaderWords(text).NameMoney && !text.Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol))
            {
                var reading = HeaderReader.Read(text.Remove(found.Index, found.Length));
                years.Add((column, int.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), $"{Carriers.Find(text)} {reading.Rest}".Trim().ToUpperInvariant(), reading.IsRatio ? null : reading.Unit, OtherAmounts.AreNamedIn(text)));
            }
        }

        // What was planned for a year is none of what was used.
        return years.Where(year => !year.IsOtherAmount).GroupBy(year => (year.Name, year.Unit)).Select(same => same.ToList()).ToList() is [{ Count: >= FewestYears } named]
            && (OtherAmounts.AreUsed(named[0].Name) || PartNames.NameNoMeter(named[0].Name) || Carriers.Without(named[0].Name).Length == 0) && named.Zip(named.Skip(1)).All(pair => Math.Abs(pair.First.Year - pair.Second.Year) == 1)
            ? new TimeHeaders([.. named.Select(year => new MatrixColumn(year.Column, new TimePart { Year = year.Year }))]) { Unit = named[0].Unit } : null;
    }

    [GeneratedRegex(@"(?<![\d\p{L}-])(19|20)\d\d(?![\d\p{L}/-])", RegexOptions.CultureInvariant)]
    private static partial Regex NamedYear();
}
