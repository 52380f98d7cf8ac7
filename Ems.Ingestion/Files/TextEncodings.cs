using System.Text;

namespace Ems.Ingestion.Files;

/// <summary>Finds out how a text is encoded: UTF-8, UTF-16, or Windows-1252 where its bytes are no UTF-8.</summary>
internal static class TextEncodings
{
    /// <summary>UTF-8 in which every byte that cannot be UTF-8 is read as Windows-1252: no sample has to decide for the whole file.</summary>
    private static readonly Encoding Utf8OrWindows = Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new WindowsFallback());

    /// <summary>How PDF, RTF, PostScript, PNG, JPEG, GIF, RAR, 7z, bzip2, xz, zstd and SQLite files begin.</summary>
    private static readonly byte[][] Signatures =
    [
        [.. "%PDF"u8], [.. "{\\rtf"u8], [.. "%!PS"u8], [0x89, .. "PNG"u8], [0xFF, 0xD8, 0xFF], [.. "GIF8"u8], [.. "Rar!"u8], [.. "7z"u8, 0xBC, 0xAF],
        [.. "BZh"u8], [0xFD, .. "7zXZ"u8], [0x28, 0xB5, 0x2F, 0xFD], [.. "SQLite format 3"u8],
    ];

    // A stray control character happens in exports; every tenth byte of packed data is one.
    private const int TextBytesPerControl = 50;

    /// <summary>Whether the bytes begin as a file of a kind that is no text, whatever it is called.</summary>
    public static bool IsOfAnotherKind(ReadOnlySpan<byte> head)
    {
        foreach (var signature in Signatures)
        {
            if (head.StartsWith(signature))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>For a text without a byte order mark; null when it is no text.</summary>
    public static Encoding? Of(ReadOnlySpan<byte> head)
    {
        var zeros = (Even: 0, Odd: 0);
        var controls = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == 0)
            {
                zeros = i % 2 == 0 ? (zeros.Even + 1, zeros.Odd) : (zeros.Even, zeros.Odd + 1);
            }
            else if (head[i] < ' ' && head[i] is not ((byte)'\t' or (byte)'\n' or (byte)'\v' or (byte)'\f' or (byte)'\r'))
            {
                controls++;
            }
        }

        return zeros switch
        {
            (0, 0) => controls * TextBytesPerControl > head.Length ? null : Utf8OrWindows,
            (0, _) when zeros.Odd * 4 > head.Length => Encoding.Unicode,
            (_, 0) when zeros.Even * 4 > head.Length => Encoding.BigEndianUnicode,
            _ => null,
        };
    }

    public static bool HasWideMark(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || IsBigEndian(head);

    /// <summary>Whether it has the byte order mark of the UTF-16 whose first bytes are the high ones.</summary>
    public static bool IsBigEndian(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    private sealed class WindowsFallback : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

        private sealed class Buffer : DecoderFallbackBuffer
        {
            // What Windows-1252 has in place of the control characters 80 to 9F.
            private const string Special = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

            private byte[] _bytes = [];
            private int _next;

            public override int Remaining => _bytes.Length - _next;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                (_bytes, _next) = (bytesUnknown, 0);
                return true;
            }

            public override char GetNextChar() =>
                _next == _bytes.Length ? '\0' : _bytes[_next++] is >= 0x80 and < 0xA0 and var special ? Special[special - 0x80] : (char)_bytes[_next - 1];

            public override bool MovePrevious() => _next > 0 && _next-- > 0;

            public override void Reset() => (_bytes, _next) = ([], 0);
        }
    }
}
