namespace Ems.Ingestion.Files;

/// <summary>Reads a sheet of an .xlsb.</summary>
internal sealed class XlsbSheet(Stream stream, SheetCells cells) : ISheetReader
{
    private const int Row = 0;
    private const int FirstCell = 2;
    private const int LastCell = 11;
    private const int FirstShortCell = 13;
    private const int LastShortCell = 18;
    private const int RichText = 62;
    private const int EndOfRows = 146;

    private readonly XlsbRecords _records = new(stream);
    private int? _next;
    private int _column;
    private bool _ended;

    public int? ReadRow()
    {
        while (_next is null && !_ended)
        {
            Advance();
        }

        if (_next is not { } row)
        {
            return null;
        }

        (_next, _column) = (null, -1);
        while (_next is null && !_ended)
        {
            Advance();
        }

        return row + 1;
    }

    public void Dispose() => _records.Dispose();

    /// <summary>Reads one record: a cell of the current row, the begin of the next, or the end.</summary>
    private void Advance()
    {
        if (!_records.Read())
        {
            throw new EndOfStreamException();
        }

        switch (_records.Type)
        {
            case Row: _next = (int)Math.Min(_records.UInt32(0), OpenXmlSource.MaxRows); break;
            case EndOfRows: _ended = true; break;
            case (>= FirstCell and <= LastCell) or RichText:
                _column = (int)Math.Min(_records.UInt32(0), RowCells.MaxColumns);
                cells.Set(_column, ToCell(_records.Type, 4));
                break;
            // Cells that say no column follow the one before.
            case >= FirstShortCell and <= LastShortCell: cells.Set(++_column, ToCell(_records.Type - FirstShortCell + FirstCell, 0)); break;
        }
    }

    /// <param name="at">Where the format stands, before the value.</param>
    private Cell ToCell(int type, int at)
    {
        var format = (int)(_records.UInt32(at) & 0xFFFFFF);
        return type switch
        {
            2 => cells.Number(Compact(_records.UInt32(at + 4)), format),
            3 or 11 => Cell.Error(_records.Byte(at + 4)),
            4 or 10 => Cell.Of(_records.Byte(at + 4)),
            5 or 9 when double.IsFinite(_records.Double(at + 4)) => cells.Number(_records.Double(at + 4), format),
            6 or 8 => Cell.Of(_records.Text(at + 4)),
            7 => Cell.Of(cells.SharedText((int)Math.Min(_records.UInt32(at + 4), int.MaxValue))),
            RichText => Cell.Of(_records.Text(at + 5)),
            _ => Cell.Error("#NUM!"),
        };
    }

    /// <summary>30 bits of an integer or of a double, perhaps in hundredths.</summary>
    private static double Compact(uint value)
    {
        var number = (value & 2) != 0 ? (int)value >> 2 : BitConverter.UInt64BitsToDouble((ulong)(value & ~3u) << 32);
        return (value & 1) != 0 ? number / 100 : number;
    }
}
