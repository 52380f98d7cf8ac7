using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>A row that is kept until it is known what it is.</summary>
internal sealed class HeldRow(int rowNumber, Cell[] cells) : ITableSource
{
    public string SheetName => "";

    public int RowNumber => rowNumber;

    public IReadOnlyList<Cell> Cells => cells;

    public double Progress => 0;

    public bool ReadRow() => false;

    public bool NextSheet() => false;

    public void Dispose()
    {
    }
}
