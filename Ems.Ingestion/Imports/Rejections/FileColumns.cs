using System.Globalization;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>What a column was taken for in the file that rejected rows are of.</summary>
internal enum FileColumn
{
    None, Value,

    /// <summary>A value whose decimal sign is the comma.</summary>
    Comma,

    /// <summary>A value that has its unit with it, whatever the unit of other rows is.</summary>
    Marked,
    MarkedComma,
    Date, Year, Month, Day, Week, YearDay, Clock, End, EndClock, Equipment, Name, Site, SiteName, Type, Metric, Unit, Part, Quality, Days,

    /// <summary>The metric behind the name of its device.</summary>
    Devices,

    /// <summary>Minutes of the hours of a clock.</summary>
    Minute,

    /// <summary>How far from UTC the times are.</summary>
    Offset,
}

/// <summary>Writes what the columns of a file were taken for, and reads it again: <c>date, 3 value, unit</c>.</summary>
internal static class FileColumns
{
    private static readonly Dictionary<string, FileColumn> Names = Enum.GetValues<FileColumn>().ToDictionary(NameOf);

    /// <param name="count">How many columns the file has.</param>
    public static string Write(SheetFacts facts, int count)
    {
        var columns = new FileColumn[count];
        foreach (var (index, column) in Of(facts))
        {
            columns[index] = column;
        }

        var said = new List<string>();
        for (int i = 0, next; i < count; i = next)
        {
            for (next = i + 1; next < count && columns[next] == columns[i]; next++)
            {
            }

            said.Add(next == i + 1 ? NameOf(columns[i]) : string.Create(CultureInfo.InvariantCulture, $"{next - i} {NameOf(columns[i])}"));
        }

        return string.Join(", ", said);
    }

    /// <summary>Null where it is of another number of columns, or not said.</summary>
    public static IReadOnlyList<FileColumn>? Read(string? said, int count)
    {
        var columns = new List<FileColumn>(count);
        foreach (var part in (said ?? "").Split(", "))
        {
            var words = part.Split(' ');
            if (words.Length > 2 || !Names.TryGetValue(words[^1], out var column)
                || !int.TryParse(words.Length == 2 ? words[0] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var times) || times > count - columns.Count)
            {
                return null;
            }

            columns.AddRange(Enumerable.Repeat(column, times));
        }

        return columns.Count == count ? columns : null;
    }

    private static IEnumerable<(int Index, FileColumn Column)> Of(SheetFacts facts)
    {
        var (layout, time, subject) = (facts.Layout, facts.Layout.Time, facts.Layout.Subject);
        // A name that serves as the id tells meters of one name apart.
        (int?, FileColumn)[] all =
        [
            (time.Date?.Index, FileColumn.Date), (time.Year, FileColumn.Year), (time.Month, FileColumn.Month), (time.Day, FileColumn.Day), (time.Week, FileColumn.Week), (time.YearDay, FileColumn.YearDay),
            (time.Clock?.Index, FileColumn.Clock), (time.Clock?.Minutes?.Index, FileColumn.Minute), (time.End is { Range: RangeEnd.None } end ? end.Index : null, FileColumn.End), (time.EndClock?.Index, FileColumn.EndClock), (time.Offsets?.Index, FileColumn.Offset), (facts.MoreDays is null ? null : time.Days, FileColumn.Days),
            (subject.Site, FileColumn.Site), (subject.SiteName, FileColumn.SiteName), (subject.Type, FileColumn.Type), (subject.Metric, subject.MetricNamesDevices ? FileColumn.Devices : FileColumn.Metric), (subject.Unit, FileColumn.Unit),
            (subject.Part, FileColumn.Part), (subject.Equipment, FileColumn.Equipment), (subject.Name, FileColumn.Name),
            .. subject.Quality.Select(column => ((int?)column.Index, FileColumn.Quality)),
            .. layout.Matrix.Count > 0 ? layout.Matrix.Select(column => ((int?)column.Index, ValueOf(facts, 0))) : layout.Columns.Select((column, i) => ((int?)column.Index, ValueOf(facts, i))),
        ];
        return from entry in all where entry.Item1 is not null select (entry.Item1!.Value, entry.Item2);
    }

    public static bool IsValue(FileColumn was) => was is FileColumn.Value or FileColumn.Comma or FileColumn.Marked or FileColumn.MarkedComma;

    private static FileColumn ValueOf(SheetFacts facts, int column) => (facts.Layout.Columns[column].Index == facts.Layout.Subject.WithUnits, facts.DecimalComma[column]) switch
    {
        (true, var comma) => comma ? FileColumn.MarkedComma : FileColumn.Marked,
        (false, var comma) => comma ? FileColumn.Comma : FileColumn.Value,
    };

    private static string NameOf(FileColumn column) => column.ToString().ToLowerInvariant();
}
