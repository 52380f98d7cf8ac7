using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Rows far down a sheet in which columns have their first numbers, and some below each: by these such columns are known, as others are by the first rows.</summary>
/// <param name="columns">Those that have no value before.</param>
internal sealed class LateRows(IReadOnlyList<int> columns)
{
    private const int RowsOfEach = 50;
    private const int MostRows = 400;
    private const int MostCells = 200_000;

    // A lone number may be a sum below the values of others.
    private const int FewestNumbers = 2;

    private readonly HashSet<int> _blank = [.. columns];
    private readonly List<SampleRow> _rows = [];
    private int _cells;
    private int _wanted;

    public void Note(ITableSource source)
    {
        // Rows may be much shorter than the headers.
        for (var column = 0; column < source.Cells.Count && _blank.Count > 0; column++)
        {
            if (source.Cells[column].Kind != CellKind.Empty && _blank.Contains(column) && DecimalColumn.IsNumber(source.Cells[column]))
            {
                _blank.Remove(column);
                _wanted = RowsOfEach;
            }
        }

        if (_wanted > 0 && _rows.Count < MostRows && _cells < MostCells)
        {
            _rows.Add(new SampleRow(source.RowNumber, [.. source.Cells]));
            _cells += source.Cells.Count;
            _wanted--;
        }
    }

    /// <summary>In the order of the sheet; empty where no column has begun.</summary>
    public IReadOnlyList<SampleRow> Take() => columns.Any(column => _rows.Where(row => DecimalColumn.IsNumber(row[column])).Skip(FewestNumbers - 1).Any()) ? _rows : [];
}
