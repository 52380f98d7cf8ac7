using System.IO.Enumeration;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Imports;

/// <summary>Keeps uploads and what is made of them until their job has ended. Only the owner may read.</summary>
internal sealed class SpoolFolder
{
    private readonly string _folder;
    private readonly IngestionOptions _options;
    private readonly ISharedFiles _uploads;

    public SpoolFolder(IOptions<StoreOptions> store, IOptions<IngestionOptions> options, [FromKeyedServices(ISharedFiles.Uploads)] ISharedFiles uploads)
    {
        _uploads = uploads;
        _folder = Path.Combine(store.Value.DataDirectory, "spool");
        _options = options.Value;
        OwnerOnlyFolder.Create(_folder);
    }

    /// <param name="fileName">As its sender calls it.</param>
    public TableFile Upload(string name, string fileName) => new(UploadPath(name), fileName, _options.MaxUnpackedBytes);

    /// <summary>Ends what would take more than its share: half is left to the imports that are there already.</summary>
    /// <exception cref="QuotaException">There is no room.</exception>
    public void EnsureRoomForUpload() => EnsureRoom(_options.MaxSpoolBytes / 2);

    public string UploadPath(string name) => Path.Combine(_folder, $"{name}.upload");

    public string RowsPath(string name) => Path.Combine(_folder, $"{name}.rows");

    public string SheetsPath(string name) => Path.Combine(_folder, $"{name}.sheets");

    public string StagingPath(string name) => Path.Combine(_folder, $"{name}.sorted");

    /// <summary>From now on every process that may run the import has the upload.</summary>
    public async Task KeepAsync(string name, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(UploadPath(name));
        await _uploads.KeepAsync(name, file, cancellationToken);
    }

    /// <summary>Brings the upload here if it came to another machine.</summary>
    /// <exception cref="ImportFaultException">Nobody has it.</exception>
    public async Task FetchAsync(string name, CancellationToken cancellationToken)
    {
        if (File.Exists(UploadPath(name)))
        {
            return;
        }

        // Under its own name only when it is whole.
        var part = $"{UploadPath(name)}.{Guid.NewGuid():N}";
        try
        {
            bool found;
            await using (var file = new FileStream(part, PrivateFile.ToWrite()))
            {
                found = await _uploads.FetchAsync(name, file, cancellationToken);
            }

            if (!found)
            {
                throw new ImportFaultException(new ImportFault(
                    ProblemCodes.ServiceUnavailable, "The uploaded file is not there any more. What is stored of it stays: import the file again."));
            }

            File.Move(part, UploadPath(name), overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The import has ended: nobody needs its upload any more.</summary>
    public async Task ForgetAsync(string name)
    {
        Delete(name);
        await _uploads.DeleteAsync(name, CancellationToken.None);
    }

    /// <summary>Deletes what was written before this time and no import needs any more.</summary>
    /// <param name="needed">Names of the uploads of imports that have not ended.</param>
    public async Task PruneAsync(DateTimeOffset before, IReadOnlyCollection<string> needed, CancellationToken cancellationToken)
    {
        foreach (var file in new DirectoryInfo(_folder).GetFiles())
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime && !needed.Contains(file.Name.Split('.')[0]))
            {
                file.Delete();
            }
        }

        await _uploads.PruneAsync(before, needed, cancellationToken);
    }

    /// <summary>Deletes what this machine has of it.</summary>
    public void Delete(string name)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, $"{name}.*"))
        {
            File.Delete(path);
        }
    }

    private void EnsureRoom(long most)
    {
        // Others delete theirs meanwhile.
        if (new FileSystemEnumerable<long>(_folder, (ref FileSystemEntry entry) => entry.Length).Sum() > most)
        {
            throw new QuotaException($"Uploads and what is made of them take {most} bytes (Ems:Ingestion:MaxSpoolBytes).");
        }
    }
}
