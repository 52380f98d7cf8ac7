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
    private readonly ISharedFiles _shared;

    public RejectedFolder(IOptions<StoreOptions> store, [FromKeyedServices(ISharedFiles.Rejected)] ISharedFiles shared)
    {
        _shared = shared;
        _folder = Path.Combine(store.Value.DataDirectory, "rejected");
        OwnerOnlyFolder.Create(_folder);
    }

    /// <summary>The workbook of an import, whichever process made it; null when nothing of it was rejected, or when it was long ago.</summary>
    public async Task<Stream?> OpenAsync(string jobId, CancellationToken cancellationToken)
    {
        if (!File.Exists(PathOf(jobId)))
        {
            await FetchAsync(jobId, cancellationToken);
        }

        return File.Exists(PathOf(jobId)) ? File.OpenRead(PathOf(jobId)) : null;
    }

    public async Task SaveAsync(string jobId, ImportJob job, ITableFile file, IReadOnlyList<SheetFacts> sheets, RejectedRows rejected)
    {
        var unfinished = PartOf(jobId);
        await using (var stream = File.Create(unfinished))
        {
            RejectedWorkbook.Write(stream, job, file, sheets, rejected);
        }

        File.Move(unfinished, PathOf(jobId), overwrite: true);
        Prune();
        await using var workbook = File.OpenRead(PathOf(jobId));
        await _shared.KeepAsync(jobId, workbook, CancellationToken.None);
        await _shared.PruneAsync(MostBytes, CancellationToken.None);
    }

    private async Task FetchAsync(string jobId, CancellationToken cancellationToken)
    {
        var unfinished = PartOf(jobId);
        try
        {
            bool found;
            await using (var file = File.Create(unfinished))
            {
                found = await _shared.FetchAsync(jobId, file, cancellationToken);
            }

            if (found)
            {
                File.Move(unfinished, PathOf(jobId), overwrite: true);
                Prune();
            }
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private void Prune()
    {
        long bytes = 0;
        foreach (var old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Where((file, i) => (bytes += file.Length) > MostBytes && i > 0))
        {
            old.Delete();
        }
    }

    private string PartOf(string jobId) => $"{PathOf(jobId)}.{Guid.NewGuid():N}";

    // An id comes from the job store, never from a caller.
    private string PathOf(string jobId) => Path.Combine(_folder, $"{jobId}.xlsx");
}
