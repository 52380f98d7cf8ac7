using System.Buffers.Binary;
using System.Text;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Reads what a <see cref="BinaryWriter"/> wrote; a <see cref="BinaryReader"/> asks its stream anew for each of millions of numbers.</summary>
internal sealed class SpoolBytes
{
    private const int BufferSize = 1 << 16;

    private readonly Stream _stream;
    private byte[] _buffer;
    private int _next;
    private int _end;

    public SpoolBytes(Stream stream) => (_stream, _buffer) = (stream, new byte[BufferSize]);

    /// <param name="bytes">All there is.</param>
    public SpoolBytes(byte[] bytes) => (_stream, _buffer, _end) = (Stream.Null, bytes, bytes.Length);

    /// <summary>Of the next byte in the stream.</summary>
    public long Position => _stream.Position - (_end - _next);

    public byte ReadByte() => Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public int Read7BitEncodedInt()
    {
        var (number, bits) = (0, 0);
        while (true)
        {
            var next = ReadByte();
            number |= (next & 0x7F) << bits;
            bits += 7;
            if (next < 0x80)
            {
                return number;
            }
        }
    }

    public string ReadString() => Encoding.UTF8.GetString(Take(Read7BitEncodedInt()));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _next < count)
        {
            Fill(count);
        }

        var taken = _buffer.AsSpan(_next, count);
        _next += count;
        return taken;
    }

    private void Fill(int count)
    {
        var left = _buffer.AsSpan(_next, _end - _next);
        var buffer = count > _buffer.Length ? new byte[count] : _buffer;
        left.CopyTo(buffer);
        (_buffer, _next, _end) = (buffer, 0, left.Length);
        _end += _stream.ReadAtLeast(buffer.AsSpan(_end), count - _end);
    }
}
