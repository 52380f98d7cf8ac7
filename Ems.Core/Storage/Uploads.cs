namespace Ems.Core.Storage;

/// <summary>Keeps uploaded files until their import has ended, so that whoever takes the job over has them.</summary>
public interface IUploadStore
{
    /// <summary>Returns when the file will survive a crash.</summary>
    Task KeepAsync(string name, Stream file, CancellationToken cancellationToken);

    /// <summary>Copies a file that some process has kept; false when there is none.</summary>
    Task<bool> FetchAsync(string name, Stream to, CancellationToken cancellationToken);

    /// <summary>Forgets the file.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Forgets files that were kept before this time: their imports are gone.</summary>
    Task PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>The processes of one machine share the folder that an upload came to: it stays there.</summary>
internal sealed class LocalUploads : IUploadStore
{
    public Task KeepAsync(string name, Stream file, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> FetchAsync(string name, Stream to, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.CompletedTask;
}
