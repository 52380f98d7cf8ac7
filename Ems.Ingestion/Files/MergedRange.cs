using System.Buffers.Text;

namespace Ems.Ingestion.Files;

/// <summary>Cells of a sheet that are shown as one.</summary>
/// <param name="Column">The first of its columns, from 0. Rows are from 1.</param>
internal readonly record struct MergedRange(int FirstRow, int LastRow, int Column)
{
    private const int Merged = 176;
    private const int Longest = 64;

    /// <summary>Those of a sheet of an .xlsx, found without reading what else it holds.</summary>
    public static IEnumerable<MergedRange> InXml(Stream sheet)
    {
        var buffer = new byte[1 << 16];
        var kept = 0;
        for (var isAtEnd = false; !isAtEnd;)
        {
            var count = kept + sheet.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            isAtEnd = count < buffer.Length;
            var at = 0;
            while (buffer.AsSpan(at, count - at).IndexOf("mergeCell "u8) is var found and >= 0 && (isAtEnd || at + found + Longest <= count))
            {
                at += found + 1;
                if (Parse(buffer.AsSpan(at, Math.Min(Longest, count - at))) is { } range)
                {
                    yield return range;
                }
            }

            // The last one may go on in what follows.
            kept = Math.Min(count - at, Longest);
            buffer.AsSpan(count - kept, kept).CopyTo(buffer);
        }
    }

    /// <summary>Those of a sheet of an .xlsb.</summary>
    public static IEnumerable<MergedRange> InRecords(Stream sheet)
    {
        using var records = new XlsbRecords(sheet);
        while (records.Read())
        {
            if (records.Type == Merged)
            {
                yield return new MergedRange((int)records.UInt32(0) + 1, (int)records.UInt32(4) + 1, (int)records.UInt32(8));
            }
        }
    }

    /// <summary>Reads <c>ergeCell ref="A2:A4"</c>.</summary>
    private static MergedRange? Parse(ReadOnlySpan<byte> tag)
    {
        var quote = tag.IndexOfAny((byte)'"', (byte)'\'');
        var colon = tag.IndexOf((byte)':');
        return quote >= 0 && colon > quote && CellOf(tag[(quote + 1)..]) is var (column, first) && CellOf(tag[(colon + 1)..]) is var (_, last) ? new MergedRange(first, last, column) : null;
    }

    private static (int Column, int Row)? CellOf(ReadOnlySpan<byte> reference)
    {
        var column = 0;
        var at = 0;
        for (; at < reference.Length && reference[at] is >= (byte)'A' and <= (byte)'Z'; at++)
        {
            column = Math.Min((column * 26) + reference[at] - 'A' + 1, RowCells.MaxColumns + 1);
        }

        return Utf8Parser.TryParse(reference[at..], out int row, out _) ? (column - 1, row) : null;
    }
}
