using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Files;

/// <summary>Reads files of a test as tables and shows what comes out as text.</summary>
internal sealed class FileBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-file-").FullName;

    public ITableSource Open(string name, byte[] content, long maxUnpackedBytes = TableFile.DefaultUnpackedBytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, content);
        return new TableFile(path, name, maxUnpackedBytes).Open();
    }

    /// <summary>Each row as <c>sheet!number: cell|cell</c>; numbers plain, times sortable, errors after an exclamation mark.</summary>
    public List<string> Rows(string name, byte[] content)
    {
        using var source = Open(name, content);
        return Rows(source);
    }

    public List<string> Rows(string name, string content) => Rows(name, Encoding.UTF8.GetBytes(content));

    public static List<string> Rows(ITableSource source)
    {
        var rows = new List<string>();
        do
        {
            while (source.ReadRow())
            {
                if (source.Cells.Count > 0)
                {
                    rows.Add(string.Create(CultureInfo.InvariantCulture, $"{source.SheetName}!{source.RowNumber}: {string.Join('|', source.Cells.Select(Show))}"));
                }
            }
        }
        while (source.NextSheet());
        return rows;
    }

    /// <summary>The fault with which the file is refused, on opening or while it is read.</summary>
    public ImportFault Fault(string name, byte[] content, long maxUnpackedBytes = TableFile.DefaultUnpackedBytes) =>
        Assert.Throws<ImportFaultException>(() =>
        {
            using var source = Open(name, content, maxUnpackedBytes);
            Rows(source);
        }).Fault;

    public static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    public static byte[] GZip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest))
        {
            packed.Write(content);
        }

        return stream.ToArray();
    }

    /// <summary>Nothing that was kept beside a file while it was read may stay.</summary>
    public void AssertNothingLeft(int files) => Assert.Equal(files, Directory.EnumerateFiles(_folder).Count());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Show(Cell cell) => cell.Kind switch
    {
        CellKind.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Time => cell.Time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        CellKind.Error => $"!{cell.Text}",
        CellKind.Text => cell.Text!,
        _ => "",
    };
}
