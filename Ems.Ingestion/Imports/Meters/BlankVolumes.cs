using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Finds which meters named by rows have none of the energies or volumes that others of their table have: what these say of a carrier is not said of them.</summary>
internal sealed class BlankVolumes(SheetFacts facts)
{
    private readonly int[] _columns = facts.Layout.Subject.Equipment is null || !facts.Layout.Columns.Any(column => column is { EquipmentId: null, Metric: "gas_volume" or "water_volume" }) ? []
        : [.. facts.Layout.Columns.Index().Where(entry => entry.Item is { EquipmentId: null, IsSaidByRow: false } && MeterColumns.IsMetered(entry.Item)).Select(entry => entry.Index)];

    private readonly CellReader _cells = new(facts);
    private readonly HashSet<(int Column, int Subject)> _filled = [];

    /// <summary>Positions of the columns that are blank for a meter, by its id.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<int>> Found => _filled.GroupBy(filled => facts.Subjects[filled.Subject].EquipmentId ?? "", filled => filled.Column)
        .ToDictionary(meter => meter.Key, IReadOnlySet<int> (meter) => _columns.Except(meter).Select(column => facts.Layout.Columns[column].Index).ToHashSet());

    public void Note(SpooledRow row)
    {
        foreach (var column in _columns)
        {
            if (!_filled.Contains((column, row.Subject)) && !_cells.IsMissing(row, column) && _cells.NumberIn(row.Values[column], column) is not null)
            {
                _filled.Add((column, row.Subject));
            }
        }
    }
}
