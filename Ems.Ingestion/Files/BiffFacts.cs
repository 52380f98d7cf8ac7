using System.Buffers.Binary;

namespace Ems.Ingestion.Files;

/// <summary>
/// Finds out from the records of an .xls (MS-XLS) what the reader tells nobody: from when it counts days, and the errors in its cells,
/// which come as empty ones. The sectors of the workbook follow each other, or else it counts from 1900 here and its errors are not known.
/// </summary>
internal sealed class BiffFacts
{
    private const int Sector = 512;
    private const int MostErrors = 100_000;

    // As much of a record as is looked at: a cell, with the result of its formula.
    private const int MostBytes = 14;

    private const ushort Begin = 0x0809;
    private const ushort End = 0x000A;
    private const ushort DateMode = 0x0022;
    private const ushort Encryption = 0x002F;
    private const ushort Sheet = 0x0085;
    private const ushort Formula = 0x0006;
    private const ushort TruthOrError = 0x0205;

    private const byte Worksheet = 0;
    private const byte ErrorResult = 2;
    private const ushort NoNumber = 0xFFFF;

    private readonly Dictionary<(int Sheet, int Row, int Column), byte> _errors = [];

    // Sheets that claim the same records are not read again and again.
    private long _bytesLeft;

    private BiffFacts(long length) => _bytesLeft = length;

    public bool Is1904 { get; private set; }

    public static BiffFacts Read(Stream stream)
    {
        var facts = new BiffFacts(stream.Length);
        if (FindWorkbook(stream) is { } start)
        {
            facts.ReadWorkbook(stream, start);
        }

        return facts;
    }

    /// <summary>The error of a cell; an empty one where none is known.</summary>
    /// <param name="sheet">Its number among those of cells, from 0, as those of row and column.</param>
    public Cell ErrorAt(int sheet, int row, int column) => _errors.TryGetValue((sheet, row, column), out var code) ? Cell.Error(code) : Cell.Empty;

    private void ReadWorkbook(Stream stream, long start)
    {
        var sheets = new List<uint>();
        var isReadable = true;
        foreach (var (kind, body) in RecordsAt(stream, start))
        {
            switch (kind)
            {
                case DateMode: Is1904 = body[0] == 1; break;
                case Encryption: isReadable = false; break;
                case Sheet when body[5] == Worksheet: sheets.Add(BinaryPrimitives.ReadUInt32LittleEndian(body)); break;
            }
        }

        for (var i = 0; isReadable && i < sheets.Count; i++)
        {
            ReadErrors(stream, start + sheets[i], i);
        }
    }

    private void ReadErrors(Stream stream, long start, int sheet)
    {
        foreach (var (kind, body) in RecordsAt(stream, start).TakeWhile(_ => _errors.Count < MostErrors))
        {
            byte? error = kind switch
            {
                TruthOrError when body[7] == 1 => body[6],
                Formula when body[6] == ErrorResult && Number(body, 12) == NoNumber => body[8],
                _ => null,
            };
            if (error is { } code)
            {
                _errors[(sheet, Number(body, 0), Number(body, 2))] = code;
            }
        }
    }

    private static long? FindWorkbook(Stream stream)
    {
        var sector = new byte[Sector];
        for (var position = 0L; position + Sector <= stream.Length; position += Sector)
        {
            stream.Position = position;
            stream.ReadExactly(sector);
            if (BeginsWorkbook(sector))
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>A BOF record of BIFF5 or BIFF8 for what holds for the whole workbook.</summary>
    private static bool BeginsWorkbook(ReadOnlySpan<byte> sector) => sector is [0x09, 0x08, _, _, 0x00, 0x05 or 0x06, 0x05, 0x00, ..];

    /// <summary>The records from a beginning to its end, with what is embedded between them; each with its first bytes, which the next one overwrites.</summary>
    private IEnumerable<(ushort Kind, byte[] Body)> RecordsAt(Stream stream, long start)
    {
        var (head, body) = (new byte[4], new byte[MostBytes]);
        var depth = 0;
        stream.Seek(start, SeekOrigin.Begin);
        while (_bytesLeft > 0 && stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var (kind, length) = (Number(head, 0), (int)Number(head, 2));
            var seen = Math.Min(length, MostBytes);
            Array.Clear(body);
            stream.ReadAtLeast(body.AsSpan(0, seen), seen, throwOnEndOfStream: false);
            stream.Seek(length - seen, SeekOrigin.Current);
            _bytesLeft -= head.Length + length;
            depth += kind == Begin ? 1 : kind == End ? -1 : 0;
            if (depth < 1)
            {
                yield break;
            }

            yield return (kind, body);
        }
    }

    private static ushort Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
