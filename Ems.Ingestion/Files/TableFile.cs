using System.IO.Compression;
using System.Text;

namespace Ems.Ingestion.Files;

/// <summary>Opens a file as tables by what is in it, whatever its name says.</summary>
internal static class TableFile
{
    /// <summary>A workbook that unpacks to more than this is refused: nobody's meter needs it.</summary>
    private const long MaxUnpackedBytes = 4L << 30;

    private const int SampleBytes = 8192;

    /// <exception cref="ImportFaultException">The file is empty, broken, or of no kind that can be read.</exception>
    public static ITableSource Open(string path, string fileName)
    {
        var head = ReadHead(path);
        if (head.Length == 0)
        {
            throw Refused($"{fileName} is empty.");
        }

        if (StartsWith(head, [0x50, 0x4B, 0x03, 0x04]))
        {
            CheckArchive(path, fileName);
            return ExcelSource.Open(path, fileName);
        }

        if (StartsWith(head, [0xD0, 0xCF, 0x11, 0xE0]))
        {
            return ExcelSource.Open(path, fileName);
        }

        if (StartsWith(head, [0x1F, 0x8B]))
        {
            return CsvSource.Open(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), fileName);
        }

        return OpenText(path, fileName, head);
    }

    private static CsvSource OpenText(string path, string fileName, byte[] head)
    {
        var wide = StartsWith(head, [0xFF, 0xFE]) || StartsWith(head, [0xFE, 0xFF]);
        if (!wide && head.AsSpan().Contains((byte)0))
        {
            throw Refused($"{fileName} is neither a workbook nor a text.");
        }

        var extension = Path.GetExtension(fileName);
        if (extension.StartsWith(".xls", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused($"{fileName} is named as a workbook but holds text. Send it as .csv, or save it as a workbook.");
        }

        return CsvSource.Open(File.OpenRead(path), fileName);
    }

    private static void CheckArchive(string path, string fileName)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Sum(entry => entry.Length) > MaxUnpackedBytes)
            {
                throw Refused($"{fileName} unpacks to more than {MaxUnpackedBytes >> 30} GiB.");
            }

            if (!archive.Entries.Any(entry => entry.FullName.StartsWith("xl/workbook.", StringComparison.OrdinalIgnoreCase)))
            {
                throw Refused($"{fileName} is a zip archive without a workbook in it.");
            }
        }
        catch (InvalidDataException broken)
        {
            throw new ImportFaultException(
                new ImportFault(ImportFault.InvalidFileFormat, $"{fileName} is cut off or damaged: its archive cannot be read."), broken);
        }
    }

    private static byte[] ReadHead(string path)
    {
        using var stream = File.OpenRead(path);
        var head = new byte[SampleBytes];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private static bool StartsWith(byte[] head, ReadOnlySpan<byte> magic) => head.AsSpan().StartsWith(magic);

    private static ImportFaultException Refused(string message) =>
        new(new ImportFault(ImportFault.InvalidFileFormat, message));

    /// <summary>Code pages of old workbooks and texts; registering again does nothing.</summary>
    internal static void RegisterCodePages() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
