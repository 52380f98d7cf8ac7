using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Ems.Tests.Unit.Files;

/// <summary>Small files that unpack to large ones, made by repeating one packed block.</summary>
internal static class Bombs
{
    /// <summary>A .gz of a text that repeats the line.</summary>
    public static byte[] GZip(string begin, string line, int megabytes) =>
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Packed(begin, line, "", megabytes), 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A .zip with the parts given, and one that begins, repeats and ends as told.</summary>
    /// <param name="toldLength">The unpacked length that the archive claims.</param>
    public static byte[] Zip(byte[] archive, string name, string begin, string repeated, string end, int megabytes, long? toldLength = null)
    {
        var packed = Packed(begin, repeated, end, megabytes);
        var length = toldLength ?? begin.Length + end.Length + ((long)megabytes * (Block / repeated.Length * repeated.Length));
        var directoryEnd = archive.AsSpan().LastIndexOf("PK\x05\x06"u8);
        var directory = BinaryPrimitives.ReadInt32LittleEndian(archive.AsSpan(directoryEnd + 16));
        var count = BinaryPrimitives.ReadInt16LittleEndian(archive.AsSpan(directoryEnd + 10)) + 1;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(archive.AsSpan(0, directory));
        var checksum = megabytes <= LongestChecked ? Checksum(begin, repeated, end, megabytes) : 0;
        Entry(writer, "PK\x03\x04"u8, name, packed.Length, length, checksum, null);
        writer.Write(packed);
        var start = stream.Position;
        writer.Write(archive.AsSpan(directory, directoryEnd - directory));
        Entry(writer, "PK\x01\x02"u8, name, packed.Length, length, checksum, directory);
        writer.Write("PK\x05\x06"u8);
        writer.Write(0);
        writer.Write((short)count);
        writer.Write((short)count);
        writer.Write((int)(stream.Position - 12 - start));
        writer.Write((int)start);
        writer.Write((short)0);
        return stream.ToArray();
    }

    private const int Block = 1 << 20;

    /// <summary>What is longer is refused before its checksum counts.</summary>
    private const int LongestChecked = 100;

    private static uint Checksum(string begin, string repeated, string end, int megabytes)
    {
        var checksum = new Crc32();
        checksum.Append(Encoding.UTF8.GetBytes(begin));
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, Block / repeated.Length)));
        for (var i = 0; i < megabytes; i++)
        {
            checksum.Append(block);
        }

        checksum.Append(Encoding.UTF8.GetBytes(end));
        return checksum.GetCurrentHashAsUInt32();
    }

    private static byte[] Packed(string begin, string repeated, string end, int megabytes)
    {
        var stream = new MemoryStream();
        var deflate = new DeflateStream(stream, CompressionLevel.SmallestSize);
        deflate.Write(Encoding.UTF8.GetBytes(begin));
        deflate.Flush();
        // The first block looks back at what is before it; the second is like all that follow.
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, Block / repeated.Length)));
        deflate.Write(block);
        deflate.Flush();
        var second = (int)stream.Length;
        deflate.Write(block);
        deflate.Flush();
        var unit = stream.ToArray().AsSpan(second).ToArray();
        for (var i = 2; i < megabytes; i++)
        {
            stream.Write(unit);
        }

        stream.Write(Stored(end));
        return stream.ToArray();
    }

    /// <summary>A last block that is not packed.</summary>
    private static byte[] Stored(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = BitConverter.GetBytes((ushort)bytes.Length);
        return [1, .. length, (byte)~length[0], (byte)~length[1], .. bytes];
    }

    private static void Entry(BinaryWriter writer, ReadOnlySpan<byte> signature, string name, int packed, long length, uint checksum, int? offset)
    {
        var isLarge = length > uint.MaxValue;
        writer.Write(signature);
        if (offset is not null)
        {
            writer.Write((short)45);
        }

        writer.Write((short)45);
        writer.Write((short)0);
        writer.Write((short)8);
        writer.Write(0);
        writer.Write(checksum);
        writer.Write(packed);
        writer.Write(isLarge ? uint.MaxValue : (uint)length);
        writer.Write((short)name.Length);
        writer.Write((short)(isLarge ? 12 : 0));
        if (offset is { } at)
        {
            writer.Write(new byte[10]);
            writer.Write(at);
        }

        writer.Write(Encoding.UTF8.GetBytes(name));
        if (isLarge)
        {
            writer.Write((short)1);
            writer.Write((short)8);
            writer.Write(length);
        }
    }
}
