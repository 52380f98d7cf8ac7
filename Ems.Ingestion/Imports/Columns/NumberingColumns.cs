using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Tells columns that number something from those that measure it.</summary>
internal sealed class NumberingColumns(SheetTable table)
{
    private const int LastWeek = 53;

    // With fewer digits they may be measured.
    private const int LeastOfMeter = 10_000;

    // One may be changed for another.
    private const int MostOfPoint = 2;

    /// <summary>Whose the values are.</summary>
    public SubjectColumns Subject { get; set; } = new();

    /// <summary>Whether the header says that the column numbers something, and its numbers may.</summary>
    public bool Contains(int column) => CountsWeeks(column) || NumbersMeters(column) || HeaderReader.Read(table.HeaderOf(column)).Unit is null && new HeaderWords(table.HeaderOf(column)) is var words
        && words.Any(SubjectFinder.Ids) && !(words.HaveNumber && MayBeMeasured(column));

    /// <summary>Whether a column <c>Meter</c>, beside one that names what the rows are of, has the number of the meter there, which comes again and again beside other values.</summary>
    private bool NumbersMeters(int column)
    {
        if (Subject.Equipment is not { } point || point == column || !(SubjectFinder.NamesSubjectAlone(table.HeaderOf(column)) || new HeaderWords(table.HeaderOf(column)) is { Count: 1 } words && words.Any("teller", "toestel", "logger")) || table.HeaderOf(column).Any(char.IsDigit))
        {
            return false;
        }

        var rows = table.Rows.Where(row => !MissingMarkers.IsMissing(row[column])).Select(row => (Point: HeaderTexts.TextOf(row[point]), Number: DecimalColumn.NumberIn(row[column], decimalComma: false))).ToList();
        return rows.TrueForAll(row => row.Number >= LeastOfMeter && row.Number % 1 == 0) && rows.Distinct().Count() * 2 <= rows.Count
            && rows.Distinct().GroupBy(row => row.Point).All(numbers => numbers.Count() <= MostOfPoint)
            && table.Columns.Any(other => other != column && other != point && table.HoldsNumbers(other) && !SubjectFinder.NamesSubjectAlone(table.HeaderOf(other)));
    }

    /// <summary>Whether a column <c>KW</c> counts weeks (Kalenderwoche): its numbers go up by one from time to time, and begin anew with the year.</summary>
    private bool CountsWeeks(int column)
    {
        if (table.HeaderOf(column).Trim() != "KW")
        {
            return false;
        }

        var numbers = table.Filled(column).Select(cell => DecimalColumn.NumberIn(cell, decimalComma: false)).ToList();
        var steps = numbers.Zip(numbers.Skip(1), (week, next) => (next - week) ?? double.NaN).ToList();
        return numbers.TrueForAll(week => week is >= 1 and <= LastWeek && week % 1 == 0) && steps.TrueForAll(step => step is 0 or 1 or 1 - LastWeek or 2 - LastWeek) && steps.Exists(step => step != 0);
    }

    /// <summary>Whether they are none of the numbers of a thing or of the rows: those do not change, or go up by one.</summary>
    private bool MayBeMeasured(int column)
    {
        var numbers = table.Filled(column).Select(cell => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true)).OfType<double>().ToList();
        return numbers.TrueForAll(number => number == 0) || numbers.Exists(number => number % 1 != 0)
            || (numbers.Distinct().Count() > 1 && numbers.Zip(numbers.Skip(1)).Any(pair => pair.Second - pair.First != 1));
    }
}
