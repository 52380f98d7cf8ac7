using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Tells columns that number something from those that measure it.</summary>
internal sealed class NumberingColumns(SheetTable table)
{
    private const int LastWeek = 53;

    /// <summary>Whether the header says that the column numbers something, and its numbers may.</summary>
    public bool Contains(int column) => CountsWeeks(column) || HeaderReader.Read(table.HeaderOf(column)).Unit is null && new HeaderWords(table.HeaderOf(column)) is var words
        && words.Any(SubjectFinder.Ids) && !(words.HaveNumber && MayBeMeasured(column));

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
