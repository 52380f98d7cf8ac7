using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Knows rows that are no readings: sums and means of others, repeated headers, notes.</summary>
internal sealed partial class RowFilter(Layout layout)
{
    private const int MostShown = 5;
    private const int LongestTitle = 60;

    private readonly int[] _values = layout.Matrix.Count > 0 ? [.. layout.Matrix.Select(column => column.Index)] : [.. layout.Columns.Select(column => column.Index)];
    private readonly double[] _sums = new double[layout.Matrix.Count > 0 ? layout.Matrix.Count : layout.Columns.Count];
    private readonly List<int> _totals = [];
    private int _totalCount;

    public IReadOnlyList<ImportAssumption> LeftOut => _totalCount == 0 ? [] :
        [new ImportAssumption("left_out", $"{(_totalCount == 1 ? "row" : "rows")} {string.Join(", ", _totals)}{(_totalCount > _totals.Count ? " …" : "")}", "sums or means of other rows")];

    public bool LeavesOut(ITableSource source, bool hasTime)
    {
        if (IsTotal(source, hasTime))
        {
            _totalCount++;
            if (_totals.Count < MostShown)
            {
                _totals.Add(source.RowNumber);
            }

            return true;
        }

        if (hasTime)
        {
            Add(source);
            return false;
        }

        // A note, or the headers once more.
        return !HoldsNumbers(source);
    }

    private bool IsTotal(ITableSource source, bool hasTime)
    {
        if (layout.Subject.Equipment is { } equipment && At(source, equipment) is { Kind: CellKind.Text } named && TotalName().IsMatch(named.Text!))
        {
            return true;
        }

        if (hasTime)
        {
            return false;
        }

        for (var column = 0; column < source.Cells.Count; column++)
        {
            if (source.Cells[column] is { Kind: CellKind.Text } cell && cell.Text!.Length <= LongestTitle && TotalTitle().IsMatch(cell.Text))
            {
                return true;
            }
        }

        return IsBareSum(source);
    }

    /// <summary>A row without a name that has the sum of the rows above in every column.</summary>
    private bool IsBareSum(ITableSource source)
    {
        var found = 0;
        for (var i = 0; i < _values.Length; i++)
        {
            var cell = At(source, _values[i]);
            if (cell.Kind == CellKind.Number)
            {
                found++;
                if (Math.Abs(cell.Number - _sums[i]) > 1e-6 * Math.Abs(_sums[i]) || _sums[i] == 0)
                {
                    return false;
                }
            }
        }

        return found > 0;
    }

    private void Add(ITableSource source)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _sums[i] += At(source, _values[i]).Number;
        }
    }

    private bool HoldsNumbers(ITableSource source) => Array.Exists(_values, column =>
        At(source, column) is var cell && (cell.Kind == CellKind.Number || (cell.Kind == CellKind.Text && DecimalColumn.LooksNumeric(cell.Text!))));

    private static Cell At(ITableSource source, int column) => column < source.Cells.Count ? source.Cells[column] : Cell.Empty;

    /// <summary>A meter may be called after Max Planck: only a name that says nothing else is that of a total.</summary>
    [GeneratedRegex(@"^\W*(grand\s+|sub-?\s*)?(totals?|totale|sums?|summe|gesamt|gesamtsumme|somme|suma|totaal)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TotalName();

    [GeneratedRegex(
        @"^\W*(grand\s+|sub-?\s*)?(totals?|totale|sums?|summe|gesamt|gesamtsumme|somme|suma|totaal|averages?|avg|mean|mittelwert|durchschnitt|moyenne|promedio|media|min|max|minimum|maximum|count)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TotalTitle();
}
