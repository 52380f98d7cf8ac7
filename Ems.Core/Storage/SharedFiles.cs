namespace Ems.Core.Storage;

/// <summary>Keeps files by name so that every process of the system has them, on whatever machine it runs.</summary>
public interface ISharedFiles
{
    /// <summary>Key of uploads, kept until their import has ended.</summary>
    const string Uploads = "uploads";

    /// <summary>Key of the workbooks of rejected rows, by job.</summary>
    const string Rejected = "rejected";

    /// <summary>Keeps the file in the place of one of its name; returns when it will survive a crash.</summary>
    Task KeepAsync(string name, Stream file, CancellationToken cancellationToken);

    /// <summary>Copies a file that some process has kept; false when there is none.</summary>
    Task<bool> FetchAsync(string name, Stream to, CancellationToken cancellationToken);

    /// <summary>Forgets the file.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Forgets files that were kept before this time, but for those that are still needed.</summary>
    Task PruneAsync(DateTimeOffset before, IReadOnlyCollection<string> needed, CancellationToken cancellationToken);

    /// <summary>Forgets the oldest files, as far as all together take more than this; the newest stays.</summary>
    Task PruneAsync(long mostBytes, CancellationToken cancellationToken);
}

/// <summary>The processes of one machine share the folder in which a file was made: it stays there.</summary>
internal sealed class LocalFiles : ISharedFiles
{
    public Task KeepAsync(string name, Stream file, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> FetchAsync(string name, Stream to, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneAsync(DateTimeOffset before, IReadOnlyCollection<string> needed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneAsync(long mostBytes, CancellationToken cancellationToken) => Task.CompletedTask;
}
