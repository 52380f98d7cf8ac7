using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Imports;

/// <summary>Keeps uploads and what is made of them until their job has ended. Only the owner may read.</summary>
internal sealed class SpoolFolder
{
    private readonly string _folder;
    private readonly IngestionOptions _options;

    public SpoolFolder(IOptions<StoreOptions> store, IOptions<IngestionOptions> options)
    {
        _folder = Path.Combine(store.Value.DataDirectory, "spool");
        _options = options.Value;
        OwnerOnlyFolder.Create(_folder);
    }

    /// <param name="fileName">As its sender calls it.</param>
    public TableFile Upload(string name, string fileName) => new(UploadPath(name), fileName, _options.MaxUnpackedBytes);

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
}
