using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>What a mapping says about the columns of a table.</summary>
internal sealed class MappedTable
{
    private const string Sent = "The mapping";

    private readonly Dictionary<int, MappedColumn> _told = [];
    private readonly IReadOnlyList<MappedColumn> _all;
    private readonly ILookup<string, int> _columns;

    /// <param name="source">See <see cref="SourceOf"/>.</param>
    public MappedTable(SheetTable table, ImportMapping? mapping, string source = Sent)
    {
        Source = source;
        _all = [.. (mapping?.Columns ?? []).Where(column => column.Sheet is null || column.Sheet.Equals(table.Sheet, StringComparison.OrdinalIgnoreCase))];
        _columns = MappedColumn.ByHeader(table);
        foreach (var said in _all.GroupBy(column => MappedColumn.Normal(column.Column), StringComparer.OrdinalIgnoreCase))
        {
            foreach (var index in Headed(said.First()))
            {
                if ((said.FirstOrDefault(column => column.Position == index + 1) ?? said.FirstOrDefault(column => column.Position is null || IsOfOne(column))) is { } told)
                {
                    _told[index] = told;
                }
            }
        }
    }

    private MappedTable(MappedTable of, IReadOnlyDictionary<int, MappedColumn> found)
    {
        (Source, _all, _columns) = (of.Source, of._all, of._columns);
        _told = new Dictionary<int, MappedColumn>(of._told);
        foreach (var (column, said) in found)
        {
            _told.TryAdd(column, said);
        }
    }

    /// <summary>What says it, as messages call it.</summary>
    public string Source { get; }

    /// <summary>With what was found of columns of which it says nothing, by their indexes.</summary>
    public MappedTable With(IReadOnlyDictionary<int, MappedColumn> found) => new(this, found);

    /// <summary>What the mapping of a request came with.</summary>
    public static string SourceOf(ImportForm form) => form.IsMappingRemembered ? "The profile" : Sent;

    /// <summary>What is said about all columns of a matrix.</summary>
    public MappedColumn? OfMatrix => _all.FirstOrDefault(column => column.Column == ImportMapping.Matrix);

    public MappedColumn? Find(int column) => _told.GetValueOrDefault(column);

    /// <summary>Which part of the meter a column is said to be; null where it is none.</summary>
    /// <param name="isWhole">Whether the meter has all of its metrics, so that only columns of one metric are parts of it.</param>
    public string? PartOf(int column, bool isWhole) =>
        Find(column) is { Part: { } part } said && !(isWhole && said.Export != true && _told.Values.Count(other => other.Metric == said.Metric) == 1) ? part : null;

    public IEnumerable<int> Of(ColumnRole role) => _told.Where(entry => entry.Value.Purpose == role).Select(entry => entry.Key).Order();

    /// <summary>Whether the column may have one of these roles: it is said to, or nothing is said.</summary>
    public bool Allows(int column, params ReadOnlySpan<ColumnRole> roles) => Find(column) is not { } told || roles.Contains(told.Purpose);

    /// <summary>A header that the mapping names and the table does not have.</summary>
    public string? Unknown => _all.FirstOrDefault(column => column.Column != ImportMapping.Matrix && !Headed(column).Any())?.Column;

    /// <summary>The header that the mapping names for a role and that the table does not have; null when it has one of them.</summary>
    public string? Missing(ColumnRole role) =>
        Of(role).Any() ? null : _all.FirstOrDefault(column => column.Purpose == role && !Headed(column).Any())?.Column;

    /// <summary>Whether one column alone is headed so, wherever it has gone.</summary>
    private bool IsOfOne(MappedColumn column) => Headed(column).Count() == 1;

    private IEnumerable<int> Headed(MappedColumn column) => _columns[MappedColumn.Normal(column.Column)];
}
