using MongoDB.Driver;
using MongoDB.Driver.GridFS;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps uploads in GridFS, so that any replica on any machine can go on with a file.</summary>
internal sealed class GridFsUploads(MongoStore store) : IUploadStore
{
    private const string Bucket = "uploads";

    public async Task KeepAsync(string name, Stream file, CancellationToken cancellationToken) =>
        await (await OpenAsync(cancellationToken)).UploadFromStreamAsync(name, name, file, options: null, cancellationToken);

    public async Task<bool> FetchAsync(string name, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await (await OpenAsync(cancellationToken)).DownloadToStreamAsync(name, to, options: null, cancellationToken);
            return true;
        }
        catch (GridFSFileNotFoundException)
        {
            return false;
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await (await OpenAsync(cancellationToken)).DeleteAsync(name, cancellationToken);
        }
        catch (GridFSFileNotFoundException)
        {
            // Another replica has ended the import.
        }
    }

    public async Task PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var bucket = await OpenAsync(cancellationToken);
        var old = Builders<GridFSFileInfo<string>>.Filter.Lt(file => file.UploadDateTime, before.UtcDateTime);
        using var found = await bucket.FindAsync(old, options: null, cancellationToken);
        foreach (var file in await found.ToListAsync(cancellationToken))
        {
            await DeleteAsync(file.Id, cancellationToken);
        }
    }

    private async Task<GridFSBucket<string>> OpenAsync(CancellationToken cancellationToken) => new(
        await store.OpenAsync(cancellationToken), new GridFSBucketOptions { BucketName = Bucket, ChunkSizeBytes = 1 << 20 });
}
