namespace Ems.Ingestion.Imports.Times;

/// <content>Columns of times that say what another one says of the same rows, or less.</content>
internal sealed partial class TimeColumnFinder
{
    private const int FewestAgain = 3;

    /// <summary>Without serial numbers of the times that stand beside them in words, and without dates of bills where one column has both ends of what they are for.</summary>
    private IReadOnlyList<TimeColumn> WithoutAgain(IReadOnlyList<TimeColumn> times)
    {
        if (times.Where(HoldsRanges).ToList() is [var period] && times.All(time => time == period || IsOfBills(time)))
        {
            return [period];
        }

        var written = times.Where(time => time.Numbers == NumberTimes.None).ToList();
        return [.. times.Where(time => time.Numbers == NumberTimes.None || !written.Exists(other => ExcelSerials.AreOf(table, time.Index, other, table.Is1904)))];
    }

    private bool IsOfBills(TimeColumn time) => _words[time.Index] is var words && (words.AreAdministrative || words.NameReadDate || words.Except(OfBills).Count == 0)
        && words.Label is null && table.Filled(time.Index).All(cell => !time.TryRead(cell, out var at) || (at.OfDay == TimeSpan.Zero && !at.IsRange));

    /// <summary>Whether the cells of a column have the dates of both ends of intervals: of some rows that a file told, of most others.</summary>
    private bool HoldDateRanges(int column) => table.Told is not null ? table.Filled(column).Any(cell => DateRanges.Are(cell)) : table.Mostly(column, cell => DateRanges.Are(cell));

    /// <summary>The ends of intervals in the cells that have their beginnings too; null where they have one date.</summary>
    private static TimeColumn? EndWithin(TimeColumn column) => column.Range == RangeEnd.First ? column with { Range = RangeEnd.Last } : null;

    private bool HoldsRanges(TimeColumn time) => time.Range == RangeEnd.First || HoldsTimeRanges(time);

    private bool HoldsTimeRanges(TimeColumn time) => table.Filled(time.Index).Where(cell => time.TryRead(cell, out _)).ToList() is { Count: >= FewestAgain } cells
        && cells.TrueForAll(cell => time.TryRead(cell, out var at) && at.IsRange);

    /// <summary>Whether each of the columns has values behind it, up to the next one.</summary>
    private bool StandSideBySide(IReadOnlyList<TimeColumn> times)
    {
        List<int> starts = [.. times.Select(time => time.Index).Order()];
        return times.All(time => LabelIn(time.Index) is null)
            && starts.Zip(starts.Skip(1).Append(table.Headers.Count), (start, next) => Enumerable.Range(start + 1, next - start - 1).Any(column => table.HoldsNumbers(column))).All(hasValues => hasValues);
    }
}
