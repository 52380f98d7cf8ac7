using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Tells whether those who are supplied have a meter each, where nothing else names one, or are one after the other those of one meter.</summary>
/// <param name="times">Columns of times.</param>
/// <param name="time">Null where they are not read yet.</param>
internal sealed class CustomerColumn(SheetTable table, IReadOnlyCollection<int> times, TimeColumns? time)
{
    /// <summary>Whether a header names them, and nothing else.</summary>
    public static bool AreNamedBy(HeaderWords header) => header.Any((IEnumerable<string>)SubjectFinder.Customers) && header.Except([.. SubjectFinder.Customers, .. SubjectFinder.Ids]).Count == 0;

    /// <summary>Different texts of such a column.</summary>
    public static HashSet<string> CustomersIn(SheetTable table, int column) => [.. table.Rows.Select(row => row[column]).Where(cell => !MissingMarkers.IsMissing(cell)).Select(HeaderTexts.TextOf)];

    /// <summary>Whether several of them are at most times, or one begins before another has ended, or they are supplied with different things.</summary>
    /// <param name="type">The column that says what flows; null where there is none.</param>
    public bool TellsApart(int column, int? type) =>
        CustomersIn(table, column).Count > 1 && (ShareTimes(column) || Overlap(column) || (type is { } service && HaveOther(column, service)));

    private bool ShareTimes(int column) => table.Rows.GroupBy(row => string.Join('\n', times.Select(of => HeaderTexts.TextOf(row[of])))).ToList() is var all
        && all.Count(rows => rows.Select(row => HeaderTexts.TextOf(row[column])).Distinct().Skip(1).Any()) * 2 > all.Count;

    /// <summary>In either order, where the dates leave it open: that they follow each other is what would tell it.</summary>
    private bool Overlap(int column) => time is not null
        && (time.OrderIn(table.Rows) is { } order ? Overlap(column, time, order) : Overlap(column, time, DateOrder.DayMonthYear) || Overlap(column, time, DateOrder.MonthDayYear));

    private bool Overlap(int column, TimeColumns read, DateOrder order)
    {
        var last = LocalDateTime.MinIsoValue;
        foreach (var (first, end) in table.Rows.Select(row => (Customer: HeaderTexts.TextOf(row[column]), Start: read.LocalOf(row, order), End: EndOf(row, read, order)))
            .Where(row => row.Customer.Length > 0 && row.Start is not null).GroupBy(row => row.Customer)
            .Select(rows => (First: rows.Min(row => row.Start!.Value), Last: rows.Max(row => row.End ?? row.Start!.Value))).OrderBy(span => span.First))
        {
            if (first < last)
            {
                return true;
            }

            last = LocalDateTime.Max(last, end);
        }

        return false;
    }

    private static LocalDateTime? EndOf(SampleRow row, TimeColumns read, DateOrder order) =>
        read is { End: { } end, EndClock: null } && end.TryRead(row[end.Index], out var written) ? written.ToLocal(order) : null;

    /// <summary>Whether none of them has what another has.</summary>
    private bool HaveOther(int column, int type) => table.Rows.Select(row => (Customer: HeaderTexts.TextOf(row[column]), Carrier: Carriers.Find(HeaderTexts.TextOf(row[type])))).Distinct()
        .Where(row => row.Carrier is not null).ToList() is { Count: > 1 } services && services.DistinctBy(row => row.Customer).Count() == services.Count && services.DistinctBy(row => row.Carrier).Count() > 1;
}
