using System.Text;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>One row of a table, reduced to its time, equipment and values.</summary>
internal sealed class SpooledRow
{
    public int RowNumber { get; set; }

    /// <summary>A time as written in a date cell; null when <see cref="TimeText"/> or nothing holds it.</summary>
    public DateTime? Time { get; set; }

    public TimeText? TimeText { get; set; }

    /// <summary>What stands in the time cell when it is no time.</summary>
    public string? BadTime { get; set; }

    public string? Equipment { get; set; }

    /// <summary>One for each value column of the layout.</summary>
    public required Cell[] Values { get; init; }
}

/// <summary>Writes rows to a compact private file, so that an upload is parsed only once.</summary>
internal sealed class RowSpoolWriter(Stream stream) : IDisposable
{
    private readonly BinaryWriter _out = new(stream, Encoding.UTF8);

    public RowSpoolWriter(string path) : this(new FileStream(path, PrivateFile.ToWrite()))
    {
    }

    public void Flush() => _out.Flush();

    public void Write(SpooledRow row)
    {
        _out.Write7BitEncodedInt(row.RowNumber);
        WriteTime(row);
        _out.Write(row.Equipment ?? "");
        foreach (var value in row.Values)
        {
            WriteValue(value);
        }
    }

    public void Dispose() => _out.Dispose();

    private void WriteTime(SpooledRow row)
    {
        if (row.Time is { } time)
        {
            _out.Write((byte)1);
            _out.Write(time.Ticks);
        }
        else if (row.TimeText is { } text)
        {
            _out.Write((byte)2);
            _out.Write(text.First);
            _out.Write(text.Second);
            _out.Write(text.Third);
            _out.Write(text.TimeOfDay.Ticks);
            _out.Write(text.OffsetMinutes ?? short.MaxValue);
            _out.Write((byte)((int)text.Order | (text.Dotted ? 8 : 0) | (text.Marked ? 16 : 0)));
        }
        else
        {
            _out.Write((byte)0);
            _out.Write(row.BadTime ?? "");
        }
    }

    private void WriteValue(in Cell cell)
    {
        _out.Write((byte)cell.Kind);
        switch (cell.Kind)
        {
            case CellKind.Number: _out.Write(cell.Number); break;
            case CellKind.Text or CellKind.Error: _out.Write(cell.Text!); break;
            case CellKind.Time: _out.Write(cell.Time.Ticks); break;
        }
    }
}

/// <summary>Reads what <see cref="RowSpoolWriter"/> wrote, in the same order.</summary>
internal sealed class RowSpoolReader(Stream stream, int valueColumns) : IDisposable
{
    private readonly BinaryReader _in = new(stream, Encoding.UTF8);

    public RowSpoolReader(string path, int valueColumns)
        : this(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), valueColumns)
    {
    }

    public IEnumerable<SpooledRow> Rows()
    {
        var length = _in.BaseStream.Length;
        while (_in.BaseStream.Position < length)
        {
            yield return Read();
        }
    }

    public void Dispose() => _in.Dispose();

    private SpooledRow Read()
    {
        var row = new SpooledRow { Values = new Cell[valueColumns], RowNumber = _in.Read7BitEncodedInt() };
        ReadTime(row);
        row.Equipment = _in.ReadString() is { Length: > 0 } equipment ? equipment : null;
        for (var i = 0; i < row.Values.Length; i++)
        {
            row.Values[i] = ReadValue();
        }

        return row;
    }

    private void ReadTime(SpooledRow row)
    {
        switch (_in.ReadByte())
        {
            case 1:
                row.Time = new DateTime(_in.ReadInt64());
                break;
            case 2:
                var (first, second, third) = (_in.ReadInt16(), _in.ReadInt16(), _in.ReadInt16());
                var timeOfDay = new TimeSpan(_in.ReadInt64());
                var offset = _in.ReadInt16();
                var bits = _in.ReadByte();
                row.TimeText = new TimeText(
                    first, second, third, timeOfDay, offset == short.MaxValue ? null : offset,
                    (DateOrder)(bits & 7), (bits & 8) != 0, (bits & 16) != 0);
                break;
            default:
                row.BadTime = _in.ReadString() is { Length: > 0 } bad ? bad : null;
                break;
        }
    }

    private Cell ReadValue() => (CellKind)_in.ReadByte() switch
    {
        CellKind.Number => Cell.Of(_in.ReadDouble()),
        CellKind.Text => new Cell(CellKind.Text, Text: _in.ReadString()),
        CellKind.Error => new Cell(CellKind.Error, Text: _in.ReadString()),
        CellKind.Time => Cell.Of(new DateTime(_in.ReadInt64())),
        _ => Cell.Empty,
    };
}
