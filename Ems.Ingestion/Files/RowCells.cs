using System.Collections;

namespace Ems.Ingestion.Files;

/// <summary>The cells of one row after another; a cell far to the right costs no more than one to the left.</summary>
internal sealed class RowCells : IReadOnlyList<Cell>
{
    /// <summary>What a sheet of Excel can hold.</summary>
    public const int MaxColumns = 16_384;

    private readonly List<int> _filled = [];
    private Cell[] _cells = new Cell[64];

    public int Count { get; private set; }

    /// <summary>Columns that are not empty.</summary>
    public IReadOnlyList<int> Filled => _filled;

    /// <summary>How much text it holds.</summary>
    public long CharacterCount
    {
        get
        {
            var count = 0L;
            foreach (var column in _filled)
            {
                count += _cells[column].Text?.Length ?? 0;
            }

            return count;
        }
    }

    public Cell this[int index] => index < Count ? _cells[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public void Clear()
    {
        foreach (var column in _filled)
        {
            _cells[column] = Cell.Empty;
        }

        _filled.Clear();
        Count = 0;
    }

    /// <param name="column">From 0.</param>
    /// <returns>False for a column that no sheet has.</returns>
    public bool Set(int column, in Cell cell)
    {
        if (column is < 0 or >= MaxColumns)
        {
            return false;
        }

        if (cell.Kind == CellKind.Empty)
        {
            return true;
        }

        if (column >= _cells.Length)
        {
            Array.Resize(ref _cells, Math.Min(MaxColumns, Math.Max(column + 1, _cells.Length * 2)));
        }

        _cells[column] = cell;
        _filled.Add(column);
        Count = Math.Max(Count, column + 1);
        return true;
    }

    /// <summary>Takes the cells of another row in the place of its own.</summary>
    public void CopyFrom(IReadOnlyList<Cell> row)
    {
        Clear();
        if (row is RowCells other)
        {
            foreach (var column in other._filled)
            {
                Set(column, other._cells[column]);
            }

            return;
        }

        for (var column = 0; column < row.Count; column++)
        {
            Set(column, row[column]);
        }
    }

    public IEnumerator<Cell> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _cells[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
