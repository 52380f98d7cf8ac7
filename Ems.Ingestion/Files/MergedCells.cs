using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Files;

/// <summary>
/// Gives the cells below the first one of a merged range what that says: a workbook keeps it there alone. An amount is that of the first row,
/// and a row of a sum, a mean, a plan or a price is none of theirs.
/// </summary>
/// <param name="find">Looks ahead for the ranges, which stand behind the rows: only where a cell is blank below one that may be merged.</param>
internal sealed class MergedCells(Func<IEnumerable<MergedRange>> find)
{
    private const int MostRanges = 100_000;

    // No more columns say whose a row is and when it was; a range is as long as it likes.
    private const int MostColumns = 100;

    private readonly RowCells _above = new();
    private readonly Dictionary<int, (int Last, Cell First)> _open = [];
    private List<MergedRange>? _ranges;
    private int _aboveRow;
    private int _next;

    /// <param name="row">Its number, which is higher from row to row.</param>
    /// <exception cref="ImportFaultException">The sheet has too many ranges.</exception>
    public void Fill(int row, RowCells cells)
    {
        if (_ranges is null)
        {
            if (!HoldsNumber(cells))
            {
                return;
            }

            if (!HasBlankBelow(cells))
            {
                _above.CopyFrom(cells);
                _aboveRow = row;
                return;
            }

            _ranges = Sort();
            Note(_aboveRow, _above);
        }

        var isReading = _open.Count > 0 && cells.Count > 0 && !NamesNoReading(cells);
        foreach (var (column, (last, first)) in _open)
        {
            if (last < row)
            {
                _open.Remove(column);
            }
            else if (isReading && IsBlank(cells, column))
            {
                cells.Set(column, first);
            }
        }

        Note(row, cells);
    }

    private List<MergedRange> Sort()
    {
        List<MergedRange> found = [.. find().Where(range => range.LastRow > range.FirstRow).Take(MostRanges + 1)];
        if (found.Count > MostRanges)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed, $"A sheet has more than {MostRanges} merged cells. Unmerge them, and write what they say into each of their rows."));
        }

        found.Sort((one, other) => one.FirstRow.CompareTo(other.FirstRow));
        return found;
    }

    /// <summary>Takes up the ranges that begin in a row.</summary>
    private void Note(int row, RowCells cells)
    {
        var holdsNumber = HoldsNumber(cells);
        for (; _next < _ranges!.Count && _ranges[_next].FirstRow <= row; _next++)
        {
            var (first, last, column) = _ranges[_next];
            // Texts of a row without numbers are headers.
            if (first == row && column < cells.Count && (cells[column].Kind == CellKind.Time || (holdsNumber && MayBeMerged(cells[column]))) && (_open.Count < MostColumns || _open.ContainsKey(column)))
            {
                _open[column] = (last, cells[column]);
            }
        }
    }

    private bool HasBlankBelow(RowCells cells)
    {
        foreach (var column in _above.Filled)
        {
            if (IsBlank(cells, column) && MayBeMerged(_above[column]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsNumber(RowCells cells)
    {
        foreach (var column in cells.Filled)
        {
            if (cells[column].Kind == CellKind.Number)
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesNoReading(RowCells cells)
    {
        foreach (var column in cells.Filled)
        {
            if (cells[column] is { Kind: CellKind.Text, Text: { } text } && RowFilter.MayNameNoReading(text))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBlank(RowCells cells, int column) => column >= cells.Count || cells[column].Kind == CellKind.Empty;

    /// <summary>A time, or a text that is no number.</summary>
    private static bool MayBeMerged(in Cell cell) => cell.Kind == CellKind.Time
        || (cell.Kind == CellKind.Text && (TimeText.TryParse(cell.Text, out _) || !(DecimalColumn.LooksNumeric(cell.Text!) || MarkedNumber.Find(cell.Text!) is not null)));
}
