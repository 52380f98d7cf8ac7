using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Finds a column of texts that nobody takes for the meter, though its cells tell meters apart: the rows of each text go on by
/// themselves, at the times of the rows of another.
/// </summary>
internal sealed partial class ApartColumns(SheetTable table, MappedTable told, TimeColumns time, SubjectColumns subject)
{
    private const int FewestRows = 3;

    /// <exception cref="ImportFaultException">There is one: only the sender knows what its texts are.</exception>
    public void RefuseUnknownMeters(IReadOnlyCollection<int> values)
    {
        if (table.Told is not null)
        {
            return;
        }

        var taken = values.Concat(time.Indexes).Concat(subject.Indexes).ToHashSet();
        var rows = table.Rows.Select(row => (Row: row, Time: TimeOf(row))).Where(row => row.Time is not null).ToList();
        foreach (var column in table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && HoldsTexts(column)))
        {
            if (rows.GroupBy(row => KeyOf(row.Row)).Select(group => FindTwo([.. group.Select(row => (TextAt(row.Row, column), row.Time!.Value))])).FirstOrDefault(two => two is not null) is var (one, other))
            {
                throw Ambiguous(column, one, other);
            }
        }
    }

    private bool HoldsTexts(int column) => new HeaderWords(table.HeaderOf(column)) is { NamePrice: false } && !table.HoldsNumbers(column)
        && table.HoldsTexts(column, text => !TimeText.TryParse(text, out _) && !TimeText.TryParseClock(text, out _));

    /// <summary>Two texts of the column that are of the same times; null where there are none.</summary>
    private static (string One, string Other)? FindTwo(List<(string Text, LocalDateTime Time)> rows)
    {
        var series = rows.Where(row => row.Text.Length > 0).GroupBy(row => row.Text)
            .Select(group => (Text: group.Key, Times: group.Select(row => row.Time).Distinct().Order().ToList())).Where(one => one.Times.Count >= FewestRows).ToList();
        if (series.Count < 2 || series.Sum(one => one.Times.Count) * 10 < rows.Count * 8)
        {
            return null;
        }

        var all = rows.Select(row => row.Time).Distinct().Order().ToList();
        var repeat = all.Count * 10 <= rows.Count * 7;
        // Days of the week, tariffs and states come again and again too, but the rows of all together go on in one step.
        var goOn = series.TrueForAll(one => IsWhole(one.Times) || NamePoints(one.Text)) && !IsWhole(all);
        if (!repeat && !goOn)
        {
            return null;
        }

        var first = series[0];
        return series.Skip(1).Where(other => repeat ? other.Times.Intersect(first.Times).Count() * 2 >= first.Times.Count : Overlap(first.Times, other.Times))
            .Select(other => ((string, string)?)(first.Text, other.Text)).FirstOrDefault();
    }

    private static bool NamePoints(string text) => Point().IsMatch(text);

    private static bool IsWhole(List<LocalDateTime> times)
    {
        var steps = times.Zip(times.Skip(1), (a, b) => Period.Between(a, b, PeriodUnits.Ticks).ToDuration()).ToList();
        var step = steps.GroupBy(found => found).MaxBy(group => group.Count())!.Key;
        var length = Period.Between(times[0], times[^1], PeriodUnits.Ticks).ToDuration();
        return times.Count >= 0.8 * ((length / step) + 1);
    }

    private static bool Overlap(List<LocalDateTime> one, List<LocalDateTime> other) =>
        one.Count(at => at >= other[0] && at <= other[^1]) * 2 > one.Count && other.Count(at => at >= one[0] && at <= one[^1]) * 2 > other.Count;

    private string KeyOf(SampleRow row) => string.Join('\n', subject.Indexes.Except(subject.Quality.Select(quality => quality.Index)).Select(column => HeaderTexts.TextOf(row[column])));

    private static string TextAt(SampleRow row, int column) => MissingMarkers.IsMissing(row[column]) ? "" : HeaderTexts.TextOf(row[column]);

    /// <summary>The order of its dates is not known yet; to tell times apart any will do.</summary>
    private LocalDateTime? TimeOf(SampleRow row)
    {
        if (time.Date is not { } date || !date.TryRead(row[date.Index], out var written) || (written.ToLocal(DateOrder.DayMonthYear) ?? written.ToLocal(DateOrder.MonthDayYear)) is not { } local)
        {
            return null;
        }

        return time.Clock is not { } clock ? local : clock.Cells.TryRead(row[clock.Index], out var ofDay) ? local.PlusTicks(ofDay.OfDay.Ticks) : null;
    }

    private ImportFaultException Ambiguous(int column, string one, string other)
    {
        var header = table.HeaderOf(column);
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The rows of {ImportFault.Shorten(one)} and {ImportFault.Shorten(other)} in the column {header} are of the same times. Give {header} the role equipment in the mapping if it names the meters, or another one.",
            table.Sheet, table.HeaderRow, header, [.. table.Columns.Select(table.HeaderOf)])
        {
            Guess = new ImportMapping
            {
                Columns = [new MappedColumn(header) { Role = ColumnRole.Equipment, Confidence = 0.6, Reason = "its cells tell rows of the same times apart" }],
            },
        });
    }

    [GeneratedRegex(@"[\p{L}\p{N}][./:\\_][\p{L}\p{N}]", RegexOptions.CultureInvariant)]
    private static partial Regex Point();
}
