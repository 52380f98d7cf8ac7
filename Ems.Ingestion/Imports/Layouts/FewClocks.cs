using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>A few times of day in headers above numbers, as of shifts or of the rounds of somebody who reads a meter: <c>Date | 06:00 | 14:00 | 22:00</c>.</summary>
internal static class FewClocks
{
    private const int Fewest = 2;
    private const int Many = 12;
    private const int FewestRows = 2;
    private const int FewestReads = 6;
    private const double MostStep = 0.25;
    private const int FewestHours = 4;

    /// <summary>Those of a row in which no numbers stand, right above values; null where there are none, or as many as those of a day.</summary>
    public static TimeHeaders? Find(SampleRow row, SampleRow below)
    {
        if (Array.Exists(row.Cells, cell => DecimalColumn.IsNumber(cell)))
        {
            return null;
        }

        var reader = new ClockCells(ClockNumbers.Clock);
        var columns = new List<MatrixColumn>();
        var units = new HashSet<Unit?>();
        for (var column = 0; column < row.Cells.Length; column++)
        {
            var (cell, unit) = TimeHeaders.SplitUnit(row[column]);
            if ((cell.Kind == CellKind.Time || cell.Text?.Contains(':', StringComparison.Ordinal) == true) && reader.TryRead(cell, out var clock))
            {
                columns.Add(new MatrixColumn(column, new TimePart { Clock = clock }));
                units.Add(unit);
            }
        }

        if (columns is [.., { Part.Clock: { OfDay.Ticks: 0 } midnight } last])
        {
            columns[^1] = last with { Part = new TimePart { Clock = midnight with { OfDay = ClockTime.Day } } };
        }

        return columns.Count is >= Fewest and < Many && columns.TrueForAll(column => DecimalColumn.IsNumber(below[column.Index]) || MissingMarkers.IsMissing(below[column.Index])) && units.Count == 1 && StepsOf(columns).TrueForAll(step => step > TimeSpan.Zero)
            // The hours of tariffs are no shifts.
            && (columns.TrueForAll(column => !column.Part.Clock!.Value.IsRange) || (columns.TrueForAll(column => column.Part.Clock!.Value.IsRange) && MakeDay(columns))) ? new TimeHeaders(columns) { Unit = units.Single() } : null;
    }

    /// <summary>
    /// Whether they are so few, and values only grow, by little beside what they are, through the rows of each meter and from each row to its next one. Amounts may do so for a day;
    /// where a title says that they are, nothing makes them readings.
    /// </summary>
    /// <param name="meters">The column of those that the rows are of; null where there is none.</param>
    public static bool AreReadings(SheetTable table, TimeHeaders headers, int? meters, IReadOnlyList<string> titles)
    {
        if (!AreFew(headers) || titles.Any(title => RegisterReadings.NameAmounts(new HeaderWords(title))))
        {
            return false;
        }

        var all = table.Rows.Take(SheetTable.EnoughRows).GroupBy(row => meters is { } column ? HeaderTexts.TextOf(row[column]) : "")
            .Select(rows => rows.Select(row => headers.Columns.Select(column => DecimalColumn.NumberIn(row[column.Index], decimalComma: false)).OfType<double>().ToList()).Where(numbers => numbers.Count > 0).ToList()).ToList();
        return all.Exists(rows => rows.Count >= FewestRows && rows.Sum(numbers => numbers.Count) >= FewestReads && rows[^1][^1] > rows[0][0])
            && all.TrueForAll(rows => rows.SelectMany(numbers => numbers).ToList() is var numbers && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second >= pair.First && pair.Second - pair.First <= pair.First * MostStep));
    }

    public static ImportAssumption Assume(SheetTable table, TimeHeaders headers) =>
        new("kind", $"readings at {string.Join(", ", headers.Columns.Select(column => table.HeaderOf(column.Index)))}", "values never fall from one time to the next, as those of registers do; send metric=energy if they are amounts");

    /// <exception cref="ImportFaultException">They are so few, and nobody knows for how long an amount of each is.</exception>
    public static void RefuseUneven(SheetTable table, TimeHeaders headers, ValueColumn value)
    {
        if (!AreFew(headers) || value.Kind != QuantityKind.Interval || MakeDay(headers.Columns) || (headers.Columns.Count >= FewestHours && StepsOf(headers.Columns).Distinct().Count() == 1))
        {
            return;
        }

        var names = string.Join(", ", headers.Columns.Select(column => table.HeaderOf(column.Index)));
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{names} are times of the day of each row, and do not say for how long amounts are. If these are readings of a register, send metric=energy_import_register; else write rows of a start, an end and an amount.",
            table.Sheet, table.HeaderRow, table.HeaderOf(headers.Columns[0].Index), ["metric=energy_import_register"]));
    }

    /// <summary>Whether even steps from one to the next, and as long a one from the last, are a day.</summary>
    private static bool MakeDay(IReadOnlyList<MatrixColumn> columns) => StepsOf(columns).Distinct().ToList() is [var step] && step * columns.Count == ClockTime.Day;

    private static bool AreFew(TimeHeaders headers) => headers.Columns.Count < Many && headers.Columns[0].Part is { Clock: not null, IsCounted: false };

    private static List<TimeSpan> StepsOf(IReadOnlyList<MatrixColumn> columns) =>
        [.. columns.Zip(columns.Skip(1), (one, next) => next.Part.Clock!.Value.OfDay - one.Part.Clock!.Value.OfDay)];
}
