using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>The first rows of a sheet.</summary>
internal sealed record SheetSample(string Name, IReadOnlyList<SampleRow> Rows)
{
    private const int MaxRows = 200;

    public static SheetSample Take(ITableSource source)
    {
        var rows = new List<SampleRow>();
        while (rows.Count < MaxRows && source.ReadRow())
        {
            if (source.Cells.Any(cell => cell.Kind != CellKind.Empty))
            {
                rows.Add(new SampleRow(source.RowNumber, [.. source.Cells]));
            }
        }

        return new SheetSample(source.SheetName, rows);
    }
}

/// <summary>A row that is not empty.</summary>
internal sealed record SampleRow(int Number, Cell[] Cells)
{
    public Cell this[int index] => index < Cells.Length ? Cells[index] : Cell.Empty;
}
