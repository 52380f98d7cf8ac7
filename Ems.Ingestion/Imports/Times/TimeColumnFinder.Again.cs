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

    private bool HoldsRanges(TimeColumn time) => table.Filled(time.Index).Where(cell => time.TryRead(cell, out _)).ToList() is { Count: >= FewestAgain } cells
        && cells.TrueForAll(cell => time.TryRead(cell, out var at) && at.IsRange);
}
