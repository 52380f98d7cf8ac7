using System.Globalization;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Files;

public sealed class ReadAheadTests
{
    [Fact]
    public void Rows_come_as_the_source_has_them_sheet_after_sheet()
    {
        using var direct = new Sheets(1000, 0, 7, 33);
        using var ahead = new ReadAhead(new Sheets(1000, 0, 7, 33));

        Assert.Equal(ReadAll(direct), ReadAll(ahead));
    }

    [Fact]
    public void A_fault_is_thrown_where_the_source_has_it_or_before()
    {
        using var ahead = new ReadAhead(new Sheets(1000) { FaultAt = 500 });
        var rows = 0;

        var fault = Assert.Throws<ImportFaultException>(() =>
        {
            while (ahead.ReadRow())
            {
                rows++;
            }
        });

        Assert.Contains("row 500", fault.Message, StringComparison.Ordinal);
        Assert.InRange(rows, 1, 499);
    }

    [Fact]
    public void A_sheet_can_be_left_in_the_middle_and_the_source_is_closed_at_the_end()
    {
        var sheets = new Sheets(100_000, 3, 100_000);
        using (var ahead = new ReadAhead(sheets))
        {
            Assert.True(ahead.ReadRow());
            Assert.True(ahead.NextSheet());
            Assert.True(ahead.ReadRow());
            Assert.Equal(("sheet 1", 1, "1"), (ahead.SheetName, ahead.RowNumber, ahead.Cells[0].Text));
            Assert.True(ahead.NextSheet());
            Assert.True(ahead.ReadRow());
            Assert.False(sheets.IsClosed);
        }

        Assert.True(sheets.IsClosed);
        Assert.True(sheets.RowNumber < 100_000);
    }

    private static List<(string Sheet, int Row, string Cells)> ReadAll(ITableSource source)
    {
        var rows = new List<(string, int, string)>();
        do
        {
            while (source.ReadRow())
            {
                rows.Add((source.SheetName, source.RowNumber, string.Join('|', source.Cells.Select(cell => cell.Text))));
            }

            Assert.False(source.ReadRow());
        }
        while (source.NextSheet());
        return rows;
    }

    /// <summary>Sheets with so many rows each, of different widths and with holes.</summary>
    private sealed class Sheets(params int[] rows) : ITableSource
    {
        private readonly RowCells _cells = new();
        private int _sheet;

        public int? FaultAt { get; init; }

        public bool IsClosed { get; private set; }

        public string SheetName => $"sheet {_sheet}";

        public int RowNumber { get; private set; }

        public IReadOnlyList<Cell> Cells => _cells;

        public double Progress => 0;

        public bool ReadRow()
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            _cells.Clear();
            if (RowNumber >= rows[_sheet])
            {
                return false;
            }

            RowNumber++;
            if (RowNumber == FaultAt)
            {
                throw ImportFaultException.Format($"There is no row {RowNumber}.");
            }

            for (var column = 0; column < RowNumber % 90; column += 1 + (RowNumber % 3))
            {
                _cells.Set(column, Cell.Of((RowNumber + column).ToString(CultureInfo.InvariantCulture)));
            }

            return true;
        }

        public bool NextSheet()
        {
            _sheet++;
            RowNumber = 0;
            return _sheet < rows.Length;
        }

        public void Dispose() => IsClosed = true;
    }
}
