using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>
/// Recognises a column in which a program has taken the day for the month where it could: its dates are of the days up to the 12th, the texts that were
/// left of those after it, and only the other way round do the rows follow each other.
/// </summary>
internal sealed class SwappedDates
{
    private const int Months = 12;

    private readonly DateOrderFinder.Sequence _asTheyStand = new(DateOrder.YearMonthDay);
    private readonly DateOrderFinder.Sequence _swapped = new(DateOrder.YearMonthDay);
    private int _firstDateRow;
    private int _firstTextRow;
    private bool _areOthers;
    private int? _subject;

    /// <param name="subject">Null for the end of an interval, which is of the row of its start.</param>
    public void Note(in WrittenTime text, int row, int? subject)
    {
        if (_areOthers)
        {
            return;
        }

        var isText = text.Order == DateOrder.Unknown;
        _subject = subject ?? _subject;

        if (isText ? Math.Max(text.First, text.Second) <= Months : text.Order != DateOrder.YearMonthDay || text.Third > Months || text.IsMonth)
        {
            _areOthers = true;
            return;
        }

        ref var first = ref isText ? ref _firstTextRow : ref _firstDateRow;
        first = first == 0 ? row : first;
        var date = !isText ? text : text with
        {
            First = (short)WrittenTime.FullYear(text.Third),
            Second = Math.Min(text.First, text.Second),
            Third = Math.Max(text.First, text.Second),
            Order = DateOrder.YearMonthDay,
        };
        _asTheyStand.Note(date, _subject);
        _swapped.Note(isText ? date : date with { Second = date.Third, Third = date.Second }, _subject);
    }

    /// <exception cref="ImportFaultException">The column is one.</exception>
    public void Refuse(string sheet, string header)
    {
        if (_areOthers || _firstDateRow == 0 || _firstTextRow == 0 || _asTheyStand.IsInOrder || !_swapped.IsInOrder)
        {
            return;
        }

        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The column {header} has dates of the days 1 to 12 (row {_firstDateRow}) beside texts of later days (row {_firstTextRow}), and the rows follow each other only where day and month of those dates change places: "
            + "a program that opened the file before took the day for the month where it could. Send the file as it was exported, without opening and saving it in another program, or write all dates of the column as 2024-01-31.",
            sheet, _firstDateRow, header));
    }
}
