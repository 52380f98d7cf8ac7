using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>Puts together what every column of a table was taken for.</summary>
internal static class ColumnProposals
{
    /// <param name="values">The columns that hold values or nothing, by index.</param>
    public static IReadOnlyList<MappedColumn> Of(SheetTable table, TimeColumns time, SubjectColumns subject, IReadOnlyDictionary<int, MappedColumn> values)
    {
        var found = new SortedDictionary<int, MappedColumn>(values.ToDictionary(entry => entry.Key, entry => entry.Value));
        foreach (var column in time.Indexes)
        {
            found[column] = (column == time.End?.Index && column != time.Date?.Index) || column == time.EndClock?.Index
                ? Named(table, column, ColumnRole.End, 0.9, "its cells are the ends of the intervals")
                : column == time.Offsets?.Index ? Named(table, column, ColumnRole.TimeZone, 0.9, "its cells say how far the times are from UTC")
                : Named(table, column, ColumnRole.Time, 0.95, "its cells are times, or parts of them");
        }

        foreach (var (role, index, reason) in Roles(subject))
        {
            if (index is { } column)
            {
                found[column] = Named(table, column, role, 0.8, reason);
            }
        }

        foreach (var quality in subject.Quality)
        {
            found[quality.Index] = Named(table, quality.Index, ColumnRole.Quality, 0.8, "its header and its cells say how good the values are");
        }

        var shared = MappedColumn.ByHeader(table).Where(columns => columns.Skip(1).Any()).SelectMany(columns => columns).ToHashSet();
        return
        [
            .. found.Select(entry => entry.Value.Column == ImportMapping.Matrix ? entry.Value : entry.Value with { Position = shared.Contains(entry.Key) ? entry.Key + 1 : null }),
            // Another file may have something below them.
            .. table.HeadersOfBlanks.Except(table.Headers).Distinct().Select(header => Ignored(header, "nothing stands below it")),
        ];
    }

    /// <summary>The columns of a matrix are one; the others that are neither time nor subject hold nothing.</summary>
    public static IReadOnlyDictionary<int, MappedColumn> OfMatrix(SheetTable table, MappedTable told, TimeHeaders headers, ValueColumn value)
    {
        var cells = headers.Cells.ToHashSet();
        var proposals = table.Columns.Where(column => !cells.Contains(column))
            .ToDictionary(column => column, column => Named(table, column, ColumnRole.Ignored, 0.8, "it is no interval of the matrix"));
        var all = new ColumnEvidence(table).Propose(value, told.OfMatrix);
        proposals[headers.Columns[0].Index] = all with
        {
            Column = ImportMapping.Matrix,
            Reason = $"the columns {table.HeaderOf(headers.Columns[0].Index)} to {table.HeaderOf(headers.Columns[^1].Index)}: {all.Reason}",
        };
        return proposals;
    }

    /// <summary>Those of all sheets; columns that mean the same on every sheet come once, for all of them.</summary>
    public static IReadOnlyList<MappedColumn> Join(IReadOnlyList<Layout> layouts)
    {
        var columns = layouts.SelectMany(layout => layout.Proposal.Select(column => column with { Sheet = layout.Sheet })).ToList();
        return
        [
            .. columns.GroupBy(column => (MappedColumn.Normal(column.Column).ToUpperInvariant(), column.Position)).SelectMany(group =>
                group.Select(Meaning).Distinct().Count() == 1 ? [group.MinBy(column => column.Confidence)! with { Sheet = null }] : group.ToList()),
        ];
    }

    public static MappedColumn Ignored(string header, string why) => new(header) { Role = ColumnRole.Ignored, Confidence = 0.8, Reason = why };

    /// <summary>A guess where several columns can be the same: the first of them.</summary>
    public static MappedColumn[] KeepFirst(IReadOnlyList<ValueColumn> columns) =>
    [
        .. columns.OrderBy(IsOfGas).Select((column, i) => (Column: column, IsKept: i == 0, Part: IsOfGas(column) && !columns.All(IsOfGas) ? Carriers.Gas : null)).Select(guess => new MappedColumn(guess.Column.Header)
        {
            Position = guess.Column.Index + 1,
            Role = guess.IsKept || guess.Part is not null ? ColumnRole.Value : ColumnRole.Ignored,
            Metric = (guess.IsKept || guess.Part is not null) && !guess.Column.IsSaidByRow ? guess.Column.Metric : null,
            Unit = (guess.IsKept || guess.Part is not null) && guess.Column is { IsSaidByRow: false, HasUnitOfRow: false } ? guess.Column.SourceUnit : null,
            Part = guess.Part,
            Confidence = 0.3,
            Reason = $"more than one column can be what {columns[0].Header} is; this is a guess",
        }),
    ];

    /// <summary>Suppliers of both bill gas in therms, and electricity in kWh.</summary>
    private static bool IsOfGas(ValueColumn column) => column is { Name.Length: 0, SourceUnit: "therm" or "Dth" };

    private static IEnumerable<(ColumnRole Role, int? Column, string Reason)> Roles(SubjectColumns subject) =>
    [
        (ColumnRole.Site, subject.Site, "its header names the id of a place"),
        (ColumnRole.SiteName, subject.SiteName, "its header names a place"),
        (ColumnRole.Type, subject.Type, "its cells say what flows through the meter"),
        (ColumnRole.Metric, subject.Metric, "its cells name what is measured"),
        (ColumnRole.Unit, subject.Unit, "its cells are units"),
        (ColumnRole.Part, subject.Part, "its cells alone tell the rows of one meter and time apart"),
        (ColumnRole.Multiplier, subject.Multiplier?.Index, "its header names what readings of registers are multiplied by"),
        (ColumnRole.TimeZone, subject.Zone?.Index, "its cells name the zone of the times"),
        (ColumnRole.Equipment, subject.Equipment, "its header names meters or what has them"),
        // A name that serves as the id tells meters of one name apart.
        (ColumnRole.Name, subject.Name, "its header names the names of meters"),
    ];

    private static MappedColumn Meaning(MappedColumn column) => column with { Column = "", Sheet = null, Confidence = null, Reason = null };

    private static MappedColumn Named(SheetTable table, int column, ColumnRole role, double confidence, string reason) =>
        new(table.HeaderOf(column)) { Role = role, Confidence = confidence, Reason = reason };
}
