using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Columns whose texts tell which rows have reactive energy: there is no metric for it, and its numbers are not those of the other rows.</summary>
/// <param name="byUnit">Columns in which only its unit says so: names of meters and places, and all of them beside powers, which may be reactive too.</param>
internal sealed class ReactiveRows(IReadOnlyList<int> columns, IReadOnlySet<int> byUnit)
{
    public bool Have(SampleRow row) => columns.Any(column => Says(row[column], column));

    public bool Have(IReadOnlyList<Cell> cells) => columns.Any(column => column < cells.Count && Says(cells[column], column));

    /// <summary>The table without such rows, and what tells them; null where it has none.</summary>
    /// <param name="others">Columns of times and values.</param>
    /// <exception cref="ImportFaultException">All rows are.</exception>
    public static (SheetTable Table, ReactiveRows Rows)? TakeOut(SheetTable table, MappedTable told, IReadOnlyCollection<int> others)
    {
        // What the sender has a metric for is kept.
        if (table.ToldColumns is not null || told.Of(ColumnRole.Value).Select(column => told.Find(column)!.Metric).Append(told.OfMatrix?.Metric).Any(metric => metric is not null && MetricCatalogue.Find(metric) is null))
        {
            return null;
        }

        var texts = table.Columns.Where(column => !others.Contains(column) && told.Find(column)?.Purpose is not ColumnRole.Value && table.HoldsTexts(column, _ => true)).ToList();
        var havePowers = table.Headers.Concat(texts.SelectMany(column => table.Filled(column).Select(HeaderTexts.TextOf))).Distinct()
            .Any(text => HeaderReader.Read(text).Unit?.Dimension is Dimension.ReactivePower or Dimension.ApparentPower);
        var found = new ReactiveRows(texts, texts.Where(column => havePowers || SubjectFinder.NamesSubject(table.HeaderOf(column)) || new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)SubjectFinder.Remarks)).ToHashSet());
        if (table.Rows.FirstOrDefault(found.Have) is not { } first)
        {
            return null;
        }

        found = new ReactiveRows([.. texts.Where(column => table.Rows.Any(row => found.Says(row[column], column)))], found.ByUnit);
        return table.Without(found.Have) is { } left ? (left, found) : throw new ImportFaultException(new ImportFault(
            ImportFault.UnknownUnit, "All rows are of reactive energy, for which there is no metric. Give the values one of your own in the mapping to keep them.", table.Sheet, first.Number, table.HeaderOf(found.Columns[0])));
    }

    private IReadOnlyList<int> Columns => columns;

    private IReadOnlySet<int> ByUnit => byUnit;

    private bool Says(in Cell cell, int column) => cell.Kind == CellKind.Text && (byUnit.Contains(column) ? ReactiveEnergy.HasUnit(cell.Text!) : ReactiveEnergy.IsNamedBy(cell.Text!));
}
