using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>Keeps the rejected rows of imports as workbooks, the newest as far as there is room. Only the owner may read.</summary>
internal sealed class RejectedFolder
{
    private const long MostBytes = 200_000_000;

    private readonly string _folder;

    public RejectedFolder(IOptions<StoreOptions> store)
    {
        _folder = Path.Combine(store.Value.DataDirectory, "rejected");
        OwnerOnlyFolder.Create(_folder);
    }

    /// <summary>The workbook of an import; null when nothing of it was rejected, or when it was long ago.</summary>
    public Stream? Open(string jobId) => File.Exists(PathOf(jobId)) ? File.OpenRead(PathOf(jobId)) : null;

    public void Save(string jobId, ITableFile file, IReadOnlyList<SheetFacts> sheets, RejectedRows rejected)
    {
        var unfinished = $"{PathOf(jobId)}.part";
        using (var stream = File.Create(unfinished))
        {
            RejectedWorkbook.Write(stream, file, sheets, rejected);
        }

        File.Move(unfinished, PathOf(jobId), overwrite: true);
        Prune();
    }

    private void Prune()
    {
        long bytes = 0;
        foreach (var old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Where(file => (bytes += file.Length) > MostBytes).Skip(1))
        {
            old.Delete();
        }
    }

    // An id comes from the job store, never from a caller.
    private string PathOf(string jobId) => Path.Combine(_folder, $"{jobId}.xlsx");
}
