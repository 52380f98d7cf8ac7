using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>The collection of equipment, as far as readings depend on it.</summary>
internal static class EquipmentDocuments
{
    private const string CreatedBy = "created_by";
    private const string MergedInto = "merged_into";
    private const string Parent = "parent";

    /// <summary>
    /// The equipment that readings of the given equipment belong to: itself, or the one that it was merged into. What does not exist is
    /// missing.
    /// </summary>
    public static async Task<Dictionary<string, Equipment>> FollowAsync(
        IMongoDatabase database, IClientSessionHandle session, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, Equipment>(StringComparer.Ordinal);
        IReadOnlyCollection<string> missing = ids;
        while (missing.Count > 0)
        {
            var found = await database.Of(CoreCollections.Equipment).Find(session, Where.In("_id", missing)).ToListAsync(cancellationToken);
            var equipment = found.ConvertAll(BsonJson.FromDocument<Equipment>);
            equipment.ForEach(one => known[one.Id] = one);
            missing = [.. equipment.Select(one => one.MergedInto).OfType<string>().Where(id => !known.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
        }

        return ids.Where(known.ContainsKey).ToDictionary(id => id, id => Last(known[id]));

        Equipment Last(Equipment one) => one.MergedInto is { } target ? Last(known[target]) : one;
    }

    public static async Task<Equipment?> FindAsync(
        IMongoDatabase database, IClientSessionHandle session, string id, CancellationToken cancellationToken) =>
        await database.Of(CoreCollections.Equipment).Find(session, Where.Eq("_id", id)).SingleOrDefaultAsync(cancellationToken) is { } found
            ? BsonJson.FromDocument<Equipment>(found)
            : null;

    public static async Task<List<Equipment>> ListAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken) =>
        (await database.Of(CoreCollections.Equipment).Find(session, Where.Empty).ToListAsync(cancellationToken)).ConvertAll(BsonJson.FromDocument<Equipment>);

    public static async Task<List<string>> ListAtSiteAsync(
        IMongoDatabase database, IClientSessionHandle session, string siteId, CancellationToken cancellationToken) =>
        (await database.Of(CoreCollections.Equipment).Find(session, Where.Eq("site", siteId)).ToListAsync(cancellationToken))
        .ConvertAll(equipment => equipment["_id"].AsString);

    /// <summary>Makes equipment, unless it is there by now.</summary>
    public static WriteModel<BsonDocument> Make(Equipment equipment)
    {
        var fields = BsonJson.ToDocument(equipment);
        return new UpdateOneModel<BsonDocument>(
            Where.Eq("_id", equipment.Id), new BsonDocument("$setOnInsert", new BsonDocument(fields.Where(field => field.Name != "_id"))))
        {
            IsUpsert = true,
        };
    }

    public static async Task SetMergedIntoAsync(
        IMongoDatabase database, IClientSessionHandle session, string id, string? target, CancellationToken cancellationToken)
    {
        await database.Of(CoreCollections.Equipment).UpdateOneAsync(
            session, Where.Eq("_id", id), Set.Set<BsonValue>(MergedInto, target is null ? BsonNull.Value : target), options: null, cancellationToken);
        await CatalogueRevision.RenewAsync(database, session, cancellationToken);
    }

    /// <summary>What undone jobs created, whether or not it is used.</summary>
    public static async Task<List<string>> ListCreatedByUndoneAsync(
        IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var created = await database.Of(CoreCollections.Equipment)
            .Find(session, Where.Ne(CreatedBy, BsonNull.Value) & Where.Eq(MergedInto, BsonNull.Value)).ToListAsync(cancellationToken);
        var undone = (await database.Of(CoreCollections.Undos).Find(session, Where.In("_id", created.Select(equipment => equipment[CreatedBy]).Distinct()))
            .ToListAsync(cancellationToken)).Select(undo => undo["_id"]).ToHashSet();
        return [.. created.Where(equipment => undone.Contains(equipment[CreatedBy])).Select(equipment => equipment["_id"].AsString)];
    }

    /// <summary>Whether the equipment has no readings, none that a merge is to bring back, and nothing that stands on it.</summary>
    public static async Task<bool> IsUnusedAsync(
        IMongoDatabase database, IClientSessionHandle session, string id, CancellationToken cancellationToken) =>
        !await database.Of(CoreCollections.Series)
            .Find(session, Where.Eq(SeriesDocuments.Equipment, id) & SeriesDocuments.WithValues).AnyAsync(cancellationToken)
        && !await database.Of(CoreCollections.Merges).Find(session, Where.Eq("from", id) | Where.Eq("into", id)).AnyAsync(cancellationToken)
        && !await database.Of(CoreCollections.Equipment)
            .Find(session, Where.Eq(Parent, id) | Where.Eq(MergedInto, id) | Where.Eq("virtual.plus", id) | Where.Eq("virtual.minus", id))
            .AnyAsync(cancellationToken);

    /// <summary>For the holder of its claim, so that no readings are just being written to it.</summary>
    public static async Task<bool> DeleteUnusedAsync(
        IMongoDatabase database, IClientSessionHandle session, string id, CancellationToken cancellationToken)
    {
        var isUnused = await IsUnusedAsync(database, session, id, cancellationToken);
        if (isUnused)
        {
            await database.Of(CoreCollections.Equipment).DeleteOneAsync(session, Where.Eq("_id", id), options: null, cancellationToken);
            await CatalogueRevision.RenewAsync(database, session, cancellationToken);
        }

        return isUnused;
    }
}
