
namespace Ems.Ingestion.Imports.Times;

/// <summary>Columns of months, those that are written as numbers among them: <c>202501</c>, <c>01.2025</c>.</summary>
internal sealed partial class TimeColumnFinder
{
    /// <summary>Without months in numbers where other columns say the time: they are those of a bill or a day, or say it once more.</summary>
    private IReadOnlyList<TimeColumn> WithoutMonthsOfOthers(IReadOnlyList<TimeColumn> times)
    {
        var others = times.Where(time => time.Numbers != NumberTimes.Months || IsMapped(time)).ToList();
        return others.Count == times.Count || others.Count > 0 ? others
            : FindNumbers() is not null || _words.Any(column => column.Value.Any(Days) && HoldsNumbers(column.Key, 1, 31)) ? []
            : times;
    }

    private bool NamesMonths(int column, TimeColumn time) =>
        table.Filled(column).Select(cell => time.TryRead(cell, out var written) ? written.IsMonth : (bool?)null).OfType<bool>().Distinct().ToList() is [true];
}
