using System.Buffers.Binary;
using System.Text;

namespace Ems.Tests.EndToEnd.Telemetry;

/// <summary>The fields of one protobuf message by their number, as they are on the wire. Anything malformed throws.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Number, ulong Bits, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public static ProtobufFields Parse(ReadOnlyMemory<byte> message)
    {
        ProtobufFields result = new();
        var rest = message;
        while (!rest.IsEmpty)
        {
            var (tag, length) = ReadVarint(rest.Span);
            rest = rest[length..];
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    var (value, size) = ReadVarint(rest.Span);
                    result._fields.Add((number, value, default));
                    rest = rest[size..];
                    break;
                case 1:
                    result._fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(rest.Span), default));
                    rest = rest[8..];
                    break;
                case 2:
                    var (count, prefix) = ReadVarint(rest.Span);
                    result._fields.Add((number, 0, rest.Slice(prefix, (int)count)));
                    rest = rest[(prefix + (int)count)..];
                    break;
                case 5:
                    result._fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(rest.Span), default));
                    rest = rest[4..];
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} of field {number} is none of protobuf 3.");
            }
        }

        return result;
    }

    public IEnumerable<ProtobufFields> Messages(int number) => Bytes(number).Select(Parse);

    public string Text(int number) => string.Concat(Bytes(number).Select(bytes => Encoding.UTF8.GetString(bytes.Span)));

    public string Hex(int number) => string.Concat(Bytes(number).Select(bytes => Convert.ToHexStringLower(bytes.Span)));

    public ulong Bits(int number) => _fields.LastOrDefault(field => field.Number == number).Bits;

    /// <summary>A packed list of doubles.</summary>
    public IReadOnlyList<double> Doubles(int number) =>
        [.. Bytes(number).SelectMany(bytes => Enumerable.Range(0, bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span[(i * 8)..])))];

    private IEnumerable<ReadOnlyMemory<byte>> Bytes(int number) => _fields.Where(field => field.Number == number).Select(field => field.Bytes);

    private static (ulong Value, int Length) ReadVarint(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return (value, i + 1);
            }
        }

        throw new FormatException("A varint has at most ten bytes.");
    }
}
