using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Recognises the column that is the sum of the other meters of its metric: one of them, as what a total equals is no second one.</summary>
internal sealed class TotalColumns(IReadOnlyList<ValueColumn> columns)
{
    private const double Tolerance = 1e-5;
    private const double MatchingShare = 0.99;

    private readonly int[][] _groups = [.. columns.Select((column, index) => (column, index))
        .Where(entry => entry.column.EquipmentId is not null || entry.column.Part is not null)
        .GroupBy(entry => entry.column.Metric)
        .Select(group => group.Select(entry => entry.index).ToArray())
        // Of what is made, used and given away, any may be the sum of the others, where none is headed so.
        .Where(group => group.Any(index => PartNames.HaveSum(columns[index].Header)) || !group.Any(index => Directions.NameNoConsumption(columns[index].Header)))
        .Where(group => group.Length >= 3 || (group.Length == 2 && group.Any(index => PartNames.HaveSum(columns[index].Header))))];

    private readonly long[] _matches = new long[columns.Count];
    private readonly long[] _rows = new long[columns.Count];

    /// <param name="numbers">Of one row; null where a column has none.</param>
    public void Note(double?[] numbers)
    {
        foreach (var group in _groups)
        {
            var sum = 0.0;
            foreach (var index in group)
            {
                sum += numbers[index] ?? 0;
            }

            foreach (var index in group)
            {
                if (sum != 0 && numbers[index] is { } number)
                {
                    _rows[index]++;
                    _matches[index] += Math.Abs((2 * number) - sum) <= Tolerance * Math.Abs(sum) ? 1 : 0;
                }
            }
        }
    }

    public IReadOnlySet<int> Find() =>
        _groups.Select(group => group.Where(IsSum).Cast<int?>().MaxBy(index => (PartNames.HaveSum(columns[index!.Value].Header), index))).OfType<int>().ToHashSet();

    private bool IsSum(int index) => _rows[index] >= 2 && _matches[index] >= MatchingShare * _rows[index];
}
