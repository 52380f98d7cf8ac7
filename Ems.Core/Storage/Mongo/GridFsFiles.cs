using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.GridFS;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps files in a bucket of GridFS, so that any replica on any machine has them.</summary>
internal sealed class GridFsFiles(MongoStore store, string bucket) : ISharedFiles
{
    private static readonly TimeSpan LongestUpload = TimeSpan.FromDays(1);

    public async Task KeepAsync(string name, Stream file, CancellationToken cancellationToken)
    {
        // A process that took a job over makes its files again.
        await DeleteAsync(name, cancellationToken);
        await (await OpenAsync(cancellationToken)).UploadFromStreamAsync(name, name, file, options: null, cancellationToken);
    }

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
            // It never was there, or another replica has deleted it.
        }
    }

    public async Task PruneAsync(DateTimeOffset before, IReadOnlyCollection<string> needed, CancellationToken cancellationToken)
    {
        var old = await FindAsync(Builders<GridFSFileInfo<string>>.Filter.Lt(file => file.UploadDateTime, before.UtcDateTime), cancellationToken);
        await DeleteAsync(old.Where(file => !needed.Contains(file.Id)), cancellationToken);
        await PruneChunksAsync(before, cancellationToken);
    }

    public async Task PruneAsync(long mostBytes, CancellationToken cancellationToken)
    {
        long bytes = 0;
        var files = await FindAsync(Builders<GridFSFileInfo<string>>.Filter.Empty, cancellationToken);
        await DeleteAsync(files.OrderByDescending(file => file.UploadDateTime).Where((file, i) => (bytes += file.Length) > mostBytes && i > 0), cancellationToken);
        await PruneChunksAsync(TimeProvider.System.GetUtcNow() - LongestUpload, cancellationToken);
    }

    /// <summary>A file is there when its last chunk is: a kill before leaves chunks of none.</summary>
    private async Task PruneChunksAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        var chunks = database.Of($"{bucket}.chunks");
        var old = Where.Lt("_id", ObjectId.Parse($"{before.ToUnixTimeSeconds():x8}{0:x16}"));
        using var found = await chunks.DistinctAsync<string>("files_id", old, options: null, cancellationToken);
        var names = await found.ToListAsync(cancellationToken);
        var whole = await database.Of($"{bucket}.files").Find(Where.In("_id", names)).Project("{ _id: 1 }").ToListAsync(cancellationToken);
        await chunks.DeleteManyAsync(old & Where.In("files_id", names.Except(whole.Select(file => file["_id"].AsString))), cancellationToken);
    }

    private async Task<List<GridFSFileInfo<string>>> FindAsync(FilterDefinition<GridFSFileInfo<string>> filter, CancellationToken cancellationToken)
    {
        using var found = await (await OpenAsync(cancellationToken)).FindAsync(filter, options: null, cancellationToken);
        return await found.ToListAsync(cancellationToken);
    }

    private async Task DeleteAsync(IEnumerable<GridFSFileInfo<string>> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            await DeleteAsync(file.Id, cancellationToken);
        }
    }

    private async Task<GridFSBucket<string>> OpenAsync(CancellationToken cancellationToken) => new(
        await store.OpenAsync(cancellationToken), new GridFSBucketOptions { BucketName = bucket, ChunkSizeBytes = 1 << 20 });
}
