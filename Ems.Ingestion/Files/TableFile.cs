using System.Buffers.Binary;
using System.IO.Compression;

namespace Ems.Ingestion.Files;

/// <summary>A file on disk, read as tables by what is in it; its name only helps where that leaves a choice.</summary>
/// <param name="Path">Where it is; what does not fit into memory is kept beside it while it is read.</param>
/// <param name="Name">As its sender calls it.</param>
/// <param name="MaxUnpackedBytes">How much it may unpack to.</param>
internal sealed record TableFile(string Path, string Name, long MaxUnpackedBytes = TableFile.DefaultUnpackedBytes) : ITableFile
{
    public const long DefaultUnpackedBytes = 1L << 30;

    private const int HeadBytes = 8192;

    /// <exception cref="ImportFaultException">The file is empty, broken, or of no kind that can be read.</exception>
    public ITableSource Open()
    {
        var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return Open(stream, Name, new UnpackBudget(Name, MaxUnpackedBytes), isMember: false);
    }

    private ITableSource Open(FileStream stream, string name, UnpackBudget budget, bool isMember)
    {
        try
        {
            var head = ReadHead(stream);
            return Kind(head) switch
            {
                _ when head.Length == 0 => throw ImportFaultException.AnotherKind($"{name} is empty."),
                _ when isMember && !MayBeTable(name, head) => throw NoTable(name, head),
                FileKind.Zip => OpenZip(stream, name, budget, isMember),
                FileKind.BinaryWorkbook => ExcelSource.Open(stream, name),
                FileKind.GZip => OpenGZip(stream, name, budget),
                FileKind.Foreign => throw NoTable(name, head),
                _ => OpenText(stream, stream, head, name),
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static FileKind Kind(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8) ? FileKind.Zip
        // An OLE container, or a bare BIFF stream of Excel 2 to 4.
        : head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) || (head is [9, 0 or 2 or 4, 4 or 6, 0, ..]) ? FileKind.BinaryWorkbook
        : head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? FileKind.GZip
        : TextEncodings.IsOfAnotherKind(head) ? FileKind.Foreign
        : FileKind.Text;

    private static ImportFaultException NoTable(string name, ReadOnlySpan<byte> head) => ImportFaultException.AnotherKind(ForeignFiles.Find(name, head)
        ?? $"{name} is neither a workbook nor a text. Supported are .xlsx, .xls, .xlsb, .csv, .tsv, .csv.gz, Green Button .xml, and a .zip of these.");

    private ITableSource OpenZip(FileStream stream, string name, UnpackBudget budget, bool isMember)
    {
        var archive = ZipContent.Open(stream, name, budget);
        if (archive.GetEntry("[Content_Types].xml") is null)
        {
            return archive.GetEntry("mimetype") is not null
                ? throw ImportFaultException.AnotherKind($"{name} is an OpenDocument file. Save it as .xlsx.")
                : isMember
                    ? throw ImportFaultException.Format($"{name} is an archive within an archive. Send it by itself.")
                    : ArchiveSource.Open(archive, name, (entry, member) => OpenMember(entry, member, budget));
        }

        var workbook = WorkbookPart(archive, name, budget);
        return workbook.StartsWith("word/", StringComparison.Ordinal) || workbook.StartsWith("ppt/", StringComparison.Ordinal)
            ? throw ImportFaultException.AnotherKind($"{name} is an Office document, but no workbook.")
            : OpenXmlSource.Open(archive, name, workbook, budget, CreateFile);
    }

    private static string WorkbookPart(ZipArchive archive, string name, UnpackBudget budget)
    {
        try
        {
            return XlsxXml.ReadRelations(archive, "", budget).Values.FirstOrDefault(relation => relation.Type == "officeDocument").Path
                ?? throw ImportFaultException.Format($"{name} is a zip archive without a workbook in it.");
        }
        catch (Exception broken) when (broken is System.Xml.XmlException or InvalidDataException)
        {
            throw ImportFaultException.Format($"{name} is cut off or damaged: its workbook cannot be read.", broken);
        }
    }

    private ITableSource OpenMember(ZipArchiveEntry entry, string name, UnpackBudget budget)
    {
        var file = CreateFile();
        try
        {
            using (var unpacked = BoundedStream.Of(entry, budget))
            {
                unpacked.CopyTo(file);
                if (unpacked.BytesRead != entry.Length)
                {
                    throw new InvalidDataException($"{unpacked.BytesRead} bytes were unpacked of {entry.Length}.");
                }
            }

            file.Position = 0;
            return Open(file, name, budget, isMember: true);
        }
        catch (InvalidDataException broken)
        {
            file.Dispose();
            throw ImportFaultException.Format($"{name} is cut off or damaged: it cannot be unpacked.", broken);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What many kinds of files begin with is a table only under the name of one.</summary>
    private static bool MayBeTable(string name, ReadOnlySpan<byte> head)
    {
        var extension = System.IO.Path.GetExtension(name).ToLowerInvariant();
        return Kind(head) switch
        {
            FileKind.Text => extension is ".csv" or ".tsv" or ".tab" or ".txt" or ".xml" or ".xls" or ""
                && (TextEncodings.HasWideMark(head) || TextEncodings.Of(head) is not null),
            FileKind.BinaryWorkbook => extension is not (".doc" or ".dot" or ".ppt" or ".pps" or ".msg" or ".vsd" or ".mpp" or ".pub"),
            _ => true,
        };
    }

    private static ITableSource OpenGZip(FileStream stream, string name, UnpackBudget budget)
    {
        try
        {
            using var peek = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            var head = ReadHead(peek);
            if (Kind(head) != FileKind.Text || TextKind(head) == FileKind.Xml)
            {
                throw ImportFaultException.AnotherKind($"{name} is packed, but no packed .csv. Unpack it and send what is in it.");
            }

            RefuseLarge(stream, budget);
            stream.Position = 0;
            return OpenText(new BoundedStream(new GZipStream(stream, CompressionMode.Decompress), budget), stream, head, name);
        }
        catch (InvalidDataException broken)
        {
            throw ImportFaultException.Format($"{name} is cut off or damaged: it cannot be unpacked.", broken);
        }
    }

    /// <summary>Before any row is read, where its last bytes say that it is too large: it is made sure of, as anything may stand there.</summary>
    private static void RefuseLarge(FileStream stream, UnpackBudget budget)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        stream.Position = Math.Max(0, stream.Length - length.Length);
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length && BinaryPrimitives.ReadUInt32LittleEndian(length) > budget.Left)
        {
            stream.Position = 0;
            using var all = new BoundedStream(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), budget.OfRest());
            try
            {
                all.Skip();
            }
            catch (InvalidDataException)
            {
                // Whoever reads it says how far it can be read.
            }
        }
    }

    private static ITableSource OpenText(Stream text, FileStream packed, ReadOnlySpan<byte> head, string name)
    {
        var encoding = TextEncodings.Of(head);
        if (encoding is null && !TextEncodings.HasWideMark(head))
        {
            throw NoTable(name, head);
        }

        // A text in the old format's name is a habit of many systems; in the new one's it is a mistake.
        if (System.IO.Path.GetExtension(name).ToLowerInvariant() is ".xlsx" or ".xlsm" or ".xlsb")
        {
            throw ImportFaultException.Format($"{name} is named as a workbook but holds text. Send it as .csv, or save it as a workbook.");
        }

        if (TextKind(head) == FileKind.Xml)
        {
            return GreenButtonSource.Open(packed, name);
        }

        var begin = (encoding ?? (TextEncodings.IsBigEndian(head) ? System.Text.Encoding.BigEndianUnicode : System.Text.Encoding.Unicode)).GetString(head);
        if (ForeignFiles.FindText(name, begin) is { } foreign)
        {
            throw ImportFaultException.AnotherKind(foreign);
        }

        var records = CsvSource.Open(text, encoding ?? System.Text.Encoding.UTF8, name, packed);
        return (ITableSource?)NemSource.Find(head, records, name) ?? (ITableSource?)PanelLogSource.Find(begin, records) ?? records;
    }

    private static FileKind TextKind(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            // Past a byte order mark, blanks, and the zeros of UTF-16.
            if (b is not (0 or 0xEF or 0xBB or 0xBF or 0xFF or 0xFE or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return b == '<' ? FileKind.Xml : FileKind.Text;
            }
        }

        return FileKind.Text;
    }

    private static byte[] ReadHead(Stream stream)
    {
        var head = new byte[HeadBytes];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (stream.CanSeek)
        {
            stream.Position = 0;
        }

        return head[..length];
    }

    private FileStream CreateFile() => PrivateFile.CreateTemporary(Path);

    private enum FileKind { Zip, BinaryWorkbook, GZip, Foreign, Text, Xml }
}
