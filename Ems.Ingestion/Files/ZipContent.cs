using System.Buffers.Binary;
using System.IO.Compression;

namespace Ems.Ingestion.Files;

/// <summary>Opens zip archives of strangers: what they say they hold is checked before anything is unpacked.</summary>
internal static class ZipContent
{
    // A member takes at least 46 bytes in the directory, and some hundred bytes of memory.
    private const int MaxDirectoryBytes = 4 << 20;
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LongestComment = 65_535;

    /// <exception cref="ImportFaultException">It is broken, locked, or too large unpacked.</exception>
    public static ZipArchive Open(Stream stream, string fileName, UnpackBudget budget)
    {
        try
        {
            CheckDirectory(stream, fileName);
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            if (archive.Entries.Any(entry => entry.IsEncrypted))
            {
                throw ImportFaultException.Format($"{fileName} is protected by a password. Save it without one.");
            }

            budget.Check(archive.Entries.Sum(entry => entry.Length));
            return archive;
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw ImportFaultException.Format($"{fileName} is cut off or damaged: its archive cannot be read.", broken);
        }
    }

    /// <summary>The runtime reads the whole directory into memory, however many members it names.</summary>
    private static void CheckDirectory(Stream stream, string fileName)
    {
        var tail = new byte[Math.Min(stream.Length, EndLength + LongestComment)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndLength > tail.Length)
        {
            throw new InvalidDataException("There is no end of a directory.");
        }

        long start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (start == uint.MaxValue && end >= LocatorLength && tail.AsSpan(end - LocatorLength).StartsWith("PK\x06\x07"u8))
        {
            var large = new byte[56];
            stream.Position = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorLength + 8));
            stream.ReadExactly(large);
            start = BinaryPrimitives.ReadInt64LittleEndian(large.AsSpan(48));
        }

        if (stream.Length - start > MaxDirectoryBytes + tail.Length)
        {
            throw new ImportFaultException(new ImportFault(ImportFault.FileTooLarge, $"{fileName} has too many members."));
        }

        stream.Position = 0;
    }
}
