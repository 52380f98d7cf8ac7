using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps remembered mappings.</summary>
internal sealed class MongoProfileStore(MongoStore store) : IProfileStore
{
    public async Task<IReadOnlyList<StoredProfile>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await (await ProfilesAsync(cancellationToken)).Find(Where.Empty).Sort(By.Ascending("_id")).ToListAsync(cancellationToken);
        return found.ConvertAll(Profile);
    }

    public async Task<StoredProfile?> FindAsync(string id, CancellationToken cancellationToken) =>
        await (await ProfilesAsync(cancellationToken)).Find(Where.Eq("_id", id)).SingleOrDefaultAsync(cancellationToken) is { } found
            ? Profile(found)
            : null;

    public async Task SaveAsync(StoredProfile profile, CancellationToken cancellationToken)
    {
        // The body stays text: headers in it may have any characters, and field names may not.
        var document = new BsonDocument
        {
            ["_id"] = profile.Id,
            ["fingerprint"] = profile.Fingerprint,
            ["body"] = profile.Body,
            ["saved_at"] = profile.SavedAt.ToBson(),
        };
        await (await ProfilesAsync(cancellationToken)).ReplaceOneAsync(
            Where.Eq("_id", profile.Id), document, new ReplaceOptions { IsUpsert = true }, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        (await (await ProfilesAsync(cancellationToken)).DeleteOneAsync(Where.Eq("_id", id), cancellationToken)).DeletedCount == 1;

    private static StoredProfile Profile(BsonDocument found) =>
        new(found["_id"].AsString, found["fingerprint"].AsString, found["body"].AsString, found["saved_at"].ToInstant());

    private Task<IMongoCollection<BsonDocument>> ProfilesAsync(CancellationToken cancellationToken) =>
        store.OpenAsync(CoreCollections.Profiles, cancellationToken);
}
