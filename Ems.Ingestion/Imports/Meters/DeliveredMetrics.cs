using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Readings;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Finds which equipment of a sheet delivers what a reading may miss: a column that is blank for it does not count.</summary>
internal sealed class DeliveredMetrics(SheetFacts facts)
{
    private readonly int[] _columns = [.. facts.Layout.Columns.Select((column, index) => (column, index))
        .Where(entry => (entry.column.IsSaidByRow || ReadingChecks.Expected.Contains(entry.column.Metric)) && !facts.TotalColumns.Contains(entry.index))
        .Select(entry => entry.index)];

    private readonly Quantities _quantities = new(facts.Layout, facts.Subjects);
    private readonly CellReader _cells = new(facts);
    private readonly HashSet<(int Column, int Subject)> _found = [];

    public IEnumerable<(string EquipmentId, string Metric)> Found => _found.Select(found => (
        facts.Layout.Columns[found.Column].MeterOf(facts.Subjects[found.Subject].EquipmentId ?? facts.Layout.EquipmentId),
        _quantities.Of(found.Column, found.Subject).Metric));

    public void Note(SpooledRow row)
    {
        foreach (var column in _columns)
        {
            if (!_found.Contains((column, row.Subject)) && Delivers(row, column))
            {
                _found.Add((column, row.Subject));
            }
        }
    }

    private bool Delivers(SpooledRow row, int column)
    {
        var quantity = _quantities.Of(column, row.Subject);
        return ReadingChecks.Expected.Contains(quantity.Metric)
            && !_cells.IsMissing(row, column) && _cells.NumberIn(row.Values[column], column) is { } number
            && ReadingChecks.RangeFault(quantity.Metric, quantity.ToCanonical(number)) is null;
    }
}
