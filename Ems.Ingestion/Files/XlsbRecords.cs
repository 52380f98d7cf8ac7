using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Ems.Ingestion.Files;

/// <summary>Reads the records of a part of an .xlsb (MS-XLSB): a type, a length, and so many bytes.</summary>
internal sealed class XlsbRecords(Stream stream) : IDisposable
{
    private const int LongestRecord = 1 << 20;

    private const int SharedString = 19;
    private const int NumberFormat = 44;
    private const int CellFormat = 47;
    private const int WorkbookProperties = 153;
    private const int Sheet = 156;
    private const int BeginCellFormats = 617;
    private const int EndCellFormats = 618;

    private readonly BufferedStream _stream = new(stream, 1 << 16);
    private byte[] _buffer = new byte[256];
    private int _length;

    public int Type { get; private set; }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    public static (IReadOnlyList<(string Name, string Relation, bool IsHidden)> Sheets, bool Is1904) ReadWorkbook(ZipArchiveEntry part, UnpackBudget budget)
    {
        var sheets = new List<(string, string, bool)>();
        var is1904 = false;
        using var records = Open(part, budget);
        while (records.Read())
        {
            if (records.Type == WorkbookProperties)
            {
                is1904 = (records.UInt32(0) & 1) != 0;
            }
            else if (records.Type == Sheet)
            {
                var relation = records.Text(8);
                sheets.Add((records.Text(12 + (relation.Length * 2)), relation, records.UInt32(0) != 0));
            }
        }

        return (sheets, is1904);
    }

    public static (Dictionary<int, string> Codes, List<int> Formats) ReadFormats(ZipArchiveEntry part, UnpackBudget budget)
    {
        var codes = new Dictionary<int, string>();
        var formats = new List<int>();
        var inCellFormats = false;
        using var records = Open(part, budget);
        while (records.Read())
        {
            switch (records.Type)
            {
                case NumberFormat: codes[records.UInt16(0)] = records.Text(2); break;
                case BeginCellFormats: inCellFormats = true; break;
                case EndCellFormats: inCellFormats = false; break;
                case CellFormat when inCellFormats: formats.Add(records.UInt16(2)); break;
            }
        }

        return (codes, formats);
    }

    public static IEnumerable<string> ReadSharedStrings(ZipArchiveEntry part, UnpackBudget budget)
    {
        using var records = Open(part, budget);
        while (records.Read())
        {
            if (records.Type == SharedString)
            {
                yield return records.Text(1);
            }
        }
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="InvalidDataException">The part is broken.</exception>
    public bool Read()
    {
        var first = _stream.ReadByte();
        if (first < 0)
        {
            return false;
        }

        Type = first < 0x80 ? first : (first & 0x7F) | ((Next() & 0x7F) << 7);
        _length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var part = Next();
            _length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        if (_length > LongestRecord)
        {
            throw new InvalidDataException($"A record has more than {LongestRecord} bytes.");
        }

        if (_length > _buffer.Length)
        {
            _buffer = new byte[_length];
        }

        _stream.ReadExactly(_buffer, 0, _length);
        return true;
    }

    public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Part(at, 2));

    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Part(at, 4));

    public double Double(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Part(at, 8));

    public byte Byte(int at) => Part(at, 1)[0];

    /// <summary>A text with its length before it; none where the length is that of no text.</summary>
    public string Text(int at)
    {
        var length = UInt32(at);
        return length == uint.MaxValue ? "" : Encoding.Unicode.GetString(Part(at + 4, length > LongestRecord ? int.MaxValue : (int)length * 2));
    }

    public void Dispose() => _stream.Dispose();

    private static XlsbRecords Open(ZipArchiveEntry part, UnpackBudget budget) => new(BoundedStream.Of(part, budget));

    private ReadOnlySpan<byte> Part(int at, int length) =>
        at <= _length && length <= _length - at ? _buffer.AsSpan(at, length) : throw new InvalidDataException($"A record of type {Type} is too short.");

    private int Next() => _stream.ReadByte() is var next and >= 0 ? next : throw new EndOfStreamException();
}
