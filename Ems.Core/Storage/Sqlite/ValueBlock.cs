using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Ems.Core.Metering;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Values that lie side by side, packed: their number, the steps from start to start, what many of them have in common (length,
/// flags, unit), both as runs, the steps from version to version, then the bare numbers, and those that were delivered where they differ.
/// </summary>
internal static class ValueBlock
{
    public const string Damaged = "The packed values of the file are damaged.";

    private const byte Format = 1;

    /// <param name="values">In order of start and length; not empty.</param>
    public static byte[] Pack(ReadOnlySpan<StoredValue> values)
    {
        var body = new ArrayBufferWriter<byte>((values.Length * sizeof(double)) + 64);
        Write(body, Format);
        Write(body, values.Length);
        PackSteps(body, values);
        PackCommon(body, values);
        PackVersions(body, values);
        foreach (ref readonly var value in values)
        {
            Write(body, value.Value);
        }

        foreach (ref readonly var value in values)
        {
            if (value.SourceValue is { } source)
            {
                Write(body, source);
            }
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>Adds the values to <paramref name="values"/>.</summary>
    /// <param name="firstAt">Start of the first one.</param>
    /// <exception cref="InvalidDataException">This is no block, or one of a newer version.</exception>
    public static void Unpack(ReadOnlySpan<byte> body, long firstAt, List<StoredValue> values)
    {
        try
        {
            if (body[0] != Format)
            {
                throw new InvalidDataException($"The form {body[0]} of packed values is not known.");
            }

            body = body[1..];
            var (first, count) = (values.Count, Read(ref body));
            if (count < 1 || count > body.Length / sizeof(double))
            {
                throw new InvalidDataException(Damaged);
            }

            CollectionsMarshal.SetCount(values, first + (int)count);
            var unpacked = CollectionsMarshal.AsSpan(values)[first..];
            UnpackSteps(ref body, firstAt, unpacked);
            UnpackCommon(ref body, unpacked);
            UnpackVersions(ref body, unpacked);
            UnpackNumbers(body, unpacked);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException(Damaged, exception);
        }
    }

    private static void PackSteps(ArrayBufferWriter<byte> body, ReadOnlySpan<StoredValue> values)
    {
        for (int first = 1, next; first < values.Length; first = next)
        {
            var step = values[first].Start - values[first - 1].Start;
            next = first + 1;
            while (next < values.Length && values[next].Start - values[next - 1].Start == step)
            {
                next++;
            }

            Write(body, next - first);
            Write(body, step);
        }
    }

    private static void UnpackSteps(ref ReadOnlySpan<byte> body, long firstAt, Span<StoredValue> values)
    {
        values[0] = new StoredValue(firstAt, 0, 0, 0, ReadingFlags.None);
        var start = firstAt;
        for (var at = 1; at < values.Length;)
        {
            var count = checked((int)Read(ref body));
            var step = Read(ref body);
            foreach (ref var value in values.Slice(at, count))
            {
                start += step;
                value = new StoredValue(start, 0, 0, 0, ReadingFlags.None);
            }

            at += count;
        }
    }

    private static void PackCommon(ArrayBufferWriter<byte> body, ReadOnlySpan<StoredValue> values)
    {
        for (int first = 0, next; first < values.Length; first = next)
        {
            next = first + 1;
            while (next < values.Length && Common(values[next]) == Common(values[first]))
            {
                next++;
            }

            ref readonly var value = ref values[first];
            Write(body, next - first);
            Write(body, value.Length);
            Write(body, (long)value.Flags);
            Write(body, value.SourceValue is null ? (byte)0 : (byte)1);
            var unit = Encoding.UTF8.GetBytes(value.SourceUnit ?? "");
            Write(body, unit.Length);
            body.Write(unit);
        }

        static (long, ReadingFlags, bool, string?) Common(in StoredValue value) =>
            (value.Length, value.Flags, value.SourceValue is null, value.SourceUnit);
    }

    private static void UnpackCommon(ref ReadOnlySpan<byte> body, Span<StoredValue> values)
    {
        for (var at = 0; at < values.Length;)
        {
            var count = checked((int)Read(ref body));
            var (length, flags) = (Read(ref body), (ReadingFlags)Read(ref body));
            double? source = body[0] == 0 ? null : 0;
            body = body[1..];
            var bytes = checked((int)Read(ref body));
            var unit = bytes == 0 ? null : Encoding.UTF8.GetString(body[..bytes]);
            body = body[bytes..];
            foreach (ref var value in values.Slice(at, count))
            {
                value = new StoredValue(value.Start, length, 0, 0, flags, source, unit);
            }

            at += count;
        }
    }

    /// <summary>Steps in either direction; 0 stands before the number of values that have the version of the one before.</summary>
    private static void PackVersions(ArrayBufferWriter<byte> body, ReadOnlySpan<StoredValue> values)
    {
        long version = 0;
        for (int first = 0, next; first < values.Length; first = next)
        {
            var step = values[first].Version - version;
            Write(body, (step << 1) ^ (step >> 63));
            version = values[first].Version;
            next = first + 1;
            while (step == 0 && next < values.Length && values[next].Version == version)
            {
                next++;
            }

            if (step == 0)
            {
                Write(body, next - first);
            }
        }
    }

    private static void UnpackVersions(ref ReadOnlySpan<byte> body, Span<StoredValue> values)
    {
        long version = 0;
        for (var at = 0; at < values.Length;)
        {
            var step = Read(ref body);
            version += (long)((ulong)step >> 1) ^ -(step & 1);
            var count = step == 0 ? checked((int)Read(ref body)) : 1;
            foreach (ref var value in values.Slice(at, count))
            {
                value = value with { Version = version };
            }

            at += count;
        }
    }

    private static void UnpackNumbers(ReadOnlySpan<byte> body, Span<StoredValue> values)
    {
        var sources = body[(values.Length * sizeof(double))..];
        foreach (ref var value in values)
        {
            value = value with { Value = BinaryPrimitives.ReadDoubleLittleEndian(body) };
            body = body[sizeof(double)..];
            if (value.SourceValue is not null)
            {
                value = value with { SourceValue = BinaryPrimitives.ReadDoubleLittleEndian(sources) };
                sources = sources[sizeof(double)..];
            }
        }
    }

    private static void Write(ArrayBufferWriter<byte> body, byte value)
    {
        body.GetSpan(1)[0] = value;
        body.Advance(1);
    }

    private static void Write(ArrayBufferWriter<byte> body, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(body.GetSpan(sizeof(double)), value);
        body.Advance(sizeof(double));
    }

    /// <summary>Seven bits per byte, the lowest first.</summary>
    private static void Write(ArrayBufferWriter<byte> body, long value)
    {
        for (var rest = (ulong)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                Write(body, (byte)rest);
                return;
            }

            Write(body, (byte)(rest | 0x80));
        }
    }

    private static long Read(ref ReadOnlySpan<byte> body)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = body[0];
            body = body[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }
    }
}
