using System.Text;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>The values of one time.</summary>
internal sealed class SpooledRow
{
    /// <summary>In its sheet, as a person counts.</summary>
    public int RowNumber { get; set; }

    /// <summary>How many rows of the file were read with it.</summary>
    public int Ordinal { get; set; }

    /// <summary>Null when the row has none.</summary>
    public WrittenTime? Time { get; set; }

    /// <summary>Where the file has both ends of an interval.</summary>
    public WrittenTime? End { get; set; }

    /// <summary>How many days the row says that its interval has; zero where it does not.</summary>
    public short Days { get; set; }

    /// <summary>What stands in the place of the time when it is no time.</summary>
    public string? BadTime { get; set; }

    /// <summary>Number of the <see cref="RowSubject"/> among those of the sheet.</summary>
    public int Subject { get; set; }

    /// <summary>The column of a matrix that its value stands in.</summary>
    public int Column { get; set; }

    /// <summary>One for each value column of the layout.</summary>
    public required Cell[] Values { get; init; }
}

/// <summary>Rows that are filled again when nobody needs them any more: new ones for all of a file would keep the memory busy.</summary>
internal sealed class RowPool(int valueColumns)
{
    private readonly Stack<SpooledRow> _free = [];

    public SpooledRow Take() => _free.TryPop(out var row) ? row : new SpooledRow { Values = new Cell[valueColumns] };

    public void GiveBack(SpooledRow row) => _free.Push(row);
}

/// <summary>Writes rows to a compact private file, so that an upload is parsed only once.</summary>
internal sealed class RowSpoolWriter(Stream stream) : IDisposable
{
    private readonly BinaryWriter _out = new(stream, Encoding.UTF8);

    public RowSpoolWriter(string path) : this(new FileStream(path, PrivateFile.ToWrite()))
    {
    }

    /// <summary>Where the next row will begin.</summary>
    public long Position
    {
        get
        {
            Flush();
            return stream.Position;
        }
    }

    public void Flush() => _out.Flush();

    public void Write(SpooledRow row)
    {
        _out.Write7BitEncodedInt(row.RowNumber);
        _out.Write7BitEncodedInt(row.Ordinal);
        _out.Write7BitEncodedInt(row.Subject);
        _out.Write((byte)((row.Time is null ? 0 : 1) | (row.End is null ? 0 : 2) | (row.Days == 0 ? 0 : 4) | (row.Column == 0 ? 0 : 8)));
        if (row.Time is { } time)
        {
            Write(time);
        }
        else
        {
            _out.Write(row.BadTime ?? "");
        }

        if (row.End is { } end)
        {
            Write(end);
        }

        if (row.Days != 0)
        {
            _out.Write(row.Days);
        }

        if (row.Column != 0)
        {
            _out.Write7BitEncodedInt(row.Column);
        }

        foreach (var value in row.Values)
        {
            Write(value);
        }
    }

    public void Dispose() => _out.Dispose();

    private void Write(in WrittenTime time)
    {
        _out.Write(time.First);
        _out.Write(time.Second);
        _out.Write(time.Third);
        _out.Write(time.OfDay.Ticks);
        _out.Write(time.OffsetMinutes ?? short.MaxValue);
        _out.Write((byte)((int)time.Order | (time.IsOffsetOrEnd ? 4 : 0) | (time.IsDotted ? 8 : 0) | (time.IsMarked ? 16 : 0) | (time.IsMonth || time.IsWeek ? 32 : 0) | (time.IsRange ? 64 : 0) | (time.IsElapsed ? 128 : 0)));
        if (time.IsMonth || time.IsWeek)
        {
            _out.Write((byte)time.Months);
        }
    }

    private void Write(in Cell cell)
    {
        _out.Write((byte)((int)cell.Kind | (cell.IsEstimated ? 8 : 0) | ((int)cell.Point << 4)));
        switch (cell.Kind)
        {
            case CellKind.Number: _out.Write(cell.Number); break;
            case CellKind.Text or CellKind.Error: _out.Write(cell.Text!); break;
            case CellKind.Time: _out.Write(cell.Time.Ticks); break;
        }
    }
}

/// <summary>Reads what <see cref="RowSpoolWriter"/> wrote, in the same order.</summary>
internal sealed class RowSpoolReader(SpoolBytes bytes)
{
    /// <summary>Gives each row as an object of its own, until it is given back.</summary>
    /// <param name="range">The part of the file that holds the rows of one sheet.</param>
    public static IEnumerable<SpooledRow> Read(string path, SpoolRange range, RowPool rows) => Read(path, range, rows.Take);

    /// <summary>Gives the rows in the same object, one after the other.</summary>
    /// <param name="range">The part of the file that holds the rows of one sheet.</param>
    public static IEnumerable<SpooledRow> Scan(string path, SpoolRange range, int valueColumns)
    {
        var row = new SpooledRow { Values = new Cell[valueColumns] };
        return Read(path, range, () => row);
    }

    public void Read(SpooledRow row)
    {
        row.RowNumber = bytes.Read7BitEncodedInt();
        row.Ordinal = bytes.Read7BitEncodedInt();
        row.Subject = bytes.Read7BitEncodedInt();
        (row.Time, row.BadTime) = (null, null);
        var parts = bytes.ReadByte();
        if ((parts & 1) != 0)
        {
            row.Time = ReadTime();
        }
        else
        {
            row.BadTime = bytes.ReadString() is { Length: > 0 } bad ? bad : null;
        }

        row.End = (parts & 2) != 0 ? ReadTime() : null;
        row.Days = (parts & 4) != 0 ? bytes.ReadInt16() : (short)0;
        row.Column = (parts & 8) != 0 ? bytes.Read7BitEncodedInt() : 0;
        for (var i = 0; i < row.Values.Length; i++)
        {
            row.Values[i] = ReadValue();
        }
    }

    private static IEnumerable<SpooledRow> Read(string path, SpoolRange range, Func<SpooledRow> next)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        stream.Position = range.Start;
        var bytes = new SpoolBytes(stream);
        var reader = new RowSpoolReader(bytes);
        SpooledRow? row = null;
        while (bytes.Position < range.End)
        {
            row ??= next();
            reader.Read(row);
            if (range.LeftOut?.Contains(row.Subject) == true)
            {
                continue;
            }

            range.Form.Settle(row);
            yield return row;
            row = null;
        }
    }

    private WrittenTime ReadTime()
    {
        var (first, second, third) = (bytes.ReadInt16(), bytes.ReadInt16(), bytes.ReadInt16());
        var ofDay = new TimeSpan(bytes.ReadInt64());
        var offset = bytes.ReadInt16();
        var bits = bytes.ReadByte();
        // A week has no months.
        var named = (bits & 32) != 0 ? bytes.ReadByte() : (byte?)null;
        return new WrittenTime(first, second, third, (DateOrder)(bits & 3))
        {
            OfDay = ofDay,
            OffsetMinutes = offset == short.MaxValue ? null : offset,
            IsOffsetOrEnd = (bits & 4) != 0,
            IsDotted = (bits & 8) != 0,
            IsMarked = (bits & 16) != 0,
            Months = named ?? 0,
            IsWeek = named == 0,
            IsRange = (bits & 64) != 0,
            IsElapsed = (bits & 128) != 0,
        };
    }

    private Cell ReadValue()
    {
        var bits = bytes.ReadByte();
        var cell = (CellKind)(bits & 7) switch
        {
            CellKind.Number => Cell.Of(bytes.ReadDouble()) with { Point = (PointMeaning)(bits >> 4) },
            CellKind.Text => new Cell(CellKind.Text, Text: bytes.ReadString()),
            CellKind.Error => new Cell(CellKind.Error, Text: bytes.ReadString()),
            CellKind.Time => Cell.Of(new DateTime(bytes.ReadInt64())),
            _ => Cell.Empty,
        };
        return cell with { IsEstimated = (bits & 8) != 0 };
    }
}

/// <summary>The rows of one sheet in a spool file.</summary>
/// <param name="Form">How their times are written, which is known when all of them are spooled.</param>
internal readonly record struct SpoolRange(long Start, long End, TimeForm Form = default)
{
    /// <summary>Numbers of the subjects whose rows are no readings; null where there are none.</summary>
    public IReadOnlySet<int>? LeftOut { get; init; }
}
