using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>
/// Texts in the row below times of headers, which say what each of the columns of one time holds: <c>Cost | kWh | Cost | kWh</c>. The
/// cells of the times may be merged.
/// </summary>
internal static class SubHeaders
{
    /// <summary>The times above the columns that hold what is wanted; null where no such row stands below them.</summary>
    /// <param name="wanted">What the request says that the values are.</param>
    public static TimeHeaders? Find(SheetSample sample, int index, Metric? wanted)
    {
        var (row, below) = (sample.Rows[index], sample.Rows[index + 1]);
        var groups = GroupsOf(row, below)
            .Select(group => (group.Text, Times: TimeHeaders.FindAbove(row with { Cells = TimesAbove(row, group.Columns) })))
            .Where(group => group.Times is not null && group.Times.Columns.Count(column => sample.Rows.Skip(index + 2).Any(values => DecimalColumn.IsNumber(values[column.Index]))) * 2 > group.Times.Columns.Count)
            .Select(group => new Group(group.Text, group.Times!, HeaderReader.Read(group.Text))).ToList();
        // Days of the week below dates, or what is planned behind what was, have times of their own.
        groups = groups.FindAll(group => groups.Exists(other => other != group && HaveTimesInCommon(group, other)));
        if (groups.Count < 2)
        {
            return null;
        }

        var choice = Choose(groups, wanted);
        var chosen = choice ?? groups[0];
        List<string> metrics = choice is not null ? [] : [.. MetricCatalogue.All.Where(metric => Choose(groups, metric) is not null).Select(metric => metric.Name)];
        return chosen.Times with
        {
            Unit = chosen.Reading.Unit,
            Text = chosen.Text,
            Beside = [.. groups.Where(group => group != chosen).Select(group => (group.Text, (IReadOnlyList<int>)[.. group.Times.Columns.Select(column => column.Index)], WhyNot(group, chosen)))],
            Fault = choice is not null ? null : new ImportFault(
                metrics.Count == 0 ? ImportFault.DataValidationFailed : ImportFault.AmbiguousMapping,
                $"Below each time stand several columns of values: {string.Join(", ", groups.Select(group => group.Text))}. "
                + (metrics.Count == 0 ? "Put each on a sheet of its own." : "Send the metric of the one to take, or put each on a sheet of its own."),
                sample.Name, below.Number, chosen.Text, metrics.Count == 0 ? null : metrics),
        };
    }

    private static bool HaveTimesInCommon(Group group, Group other) =>
        group.Times.Columns.Count(column => other.Times.Columns.Any(beside => beside.Part == column.Part)) * 2 > group.Times.Columns.Count;

    /// <summary>The texts that come again and again, with their columns; none where the row is one of values.</summary>
    private static List<(string Text, List<int> Columns)> GroupsOf(SampleRow row, SampleRow below)
    {
        if (Array.Exists(below.Cells, cell => cell.Kind is CellKind.Number or CellKind.Time || (cell.Kind == CellKind.Text && (MissingMarkers.IsMissing(cell) || DecimalColumn.LooksNumeric(cell.Text!)))))
        {
            return [];
        }

        var groups = Enumerable.Range(0, below.Cells.Length).Where(column => below[column].Kind == CellKind.Text)
            .GroupBy(column => below[column].Text!.Trim(), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => (Text: group.Key, Columns: group.ToList())).ToList();
        var first = groups.Count == 0 ? 0 : groups.Min(group => group.Columns[0]);
        // Names stand in one of the rows.
        var isOfValues = Enumerable.Range(0, first).Any(column => row[column].Kind != CellKind.Empty && below[column].Kind != CellKind.Empty
            && !HeaderTexts.TextOf(row[column]).Equals(HeaderTexts.TextOf(below[column]), StringComparison.OrdinalIgnoreCase));
        return isOfValues ? [] : groups;
    }

    /// <summary>The row with the header of each of these columns, or the nearest on its left, and nothing else.</summary>
    private static Cell[] TimesAbove(SampleRow row, List<int> columns)
    {
        var times = new Cell[columns[^1] + 1];
        foreach (var column in columns)
        {
            var at = column;
            while (at > 0 && row[at].Kind == CellKind.Empty)
            {
                at--;
            }

            times[column] = row[at];
        }

        return times;
    }

    /// <summary>What is wanted, else amounts before what registers showed; energy before others. No money.</summary>
    private static Group? Choose(List<Group> groups, Metric? wanted)
    {
        var values = groups.FindAll(group => !group.IsMoney);
        var amounts = values.FindAll(group => !group.IsReading);
        var left = amounts.Count > 0 ? amounts : values;
        var fitting = left.FindAll(group => wanted is not null && group.Reading.Unit?.Dimension == wanted.Dimension);
        left = fitting.Count > 0 ? fitting : left;
        return left is [var only] ? only
            : left.FindAll(group => group.Reading.Unit?.Dimension == Dimension.Energy) is [var energy] && left.TrueForAll(group => group.Reading.Unit is not null) ? energy : null;
    }

    private static string WhyNot(Group group, Group chosen) => group.IsMoney ? "it is money"
        : group.IsReading && !chosen.IsReading ? "what was used between the readings stands beside it"
        : $"a table of times in headers has one quantity, here {chosen.Text}; send metric to take this one";

    private sealed record Group(string Text, TimeHeaders Times, HeaderReading Reading)
    {
        private readonly HeaderWords _words = new(Text);

        public bool IsMoney => Reading.Unit is null && (_words.NamePrice || Text.Any(sign => char.GetUnicodeCategory(sign) == System.Globalization.UnicodeCategory.CurrencySymbol));

        public bool IsReading => RegisterReadings.AreNamedBy(_words) && !RegisterReadings.NameAmounts(_words);
    }
}
