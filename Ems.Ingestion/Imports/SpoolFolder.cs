using Ems.Core.Storage;

namespace Ems.Ingestion.Imports;

/// <summary>Keeps uploads and what is made of them until their job has ended. Only the owner may read.</summary>
internal sealed class SpoolFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;

    public SpoolFolder(string dataDirectory)
    {
        _folder = Path.Combine(dataDirectory, "spool");
        OwnerOnlyFolder.Create(_folder);
    }

    public string UploadPath(string name) => Path.Combine(_folder, $"{name}.upload");

    public string RowsPath(string name) => Path.Combine(_folder, $"{name}.rows");

    public string StagingPath(string name) => Path.Combine(_folder, $"{name}.sorted");

    public void Delete(string name)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, $"{name}.*"))
        {
            File.Delete(path);
        }
    }

    /// <summary>Names of what is there, with the time of the last write.</summary>
    public IEnumerable<(string Name, DateTime WrittenAt)> List() =>
        Directory.EnumerateFiles(_folder).Select(path => (Path.GetFileName(path).Split('.')[0], File.GetLastWriteTimeUtc(path)));

    public static FileStreamOptions NewPrivateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
