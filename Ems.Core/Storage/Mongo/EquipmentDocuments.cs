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

    /// <summary>Deletes what undone jobs created. Equipment that others stand on, or that has readings, stays until they are gone.</summary>
    public static async Task DeleteCreatedAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var all = database.Of(CoreCollections.Equipment);
        var created = await all.Find(session, Where.Ne(CreatedBy, BsonNull.Value) & Where.Eq(MergedInto, BsonNull.Value)).ToListAsync(cancellationToken);
        var undone = (await database.Of(CoreCollections.Undos).Find(session, Where.In("_id", created.Select(equipment => equipment[CreatedBy]).Distinct()))
            .ToListAsync(cancellationToken)).Select(undo => undo["_id"]).ToHashSet();
        foreach (var id in created.Where(equipment => undone.Contains(equipment[CreatedBy])).Select(equipment => equipment["_id"].AsString))
        {
            var hasReadings = await database.Of(CoreCollections.Series)
                .Find(session, Where.Eq(SeriesDocuments.Equipment, id) & Where.Gt("count", 0)).AnyAsync(cancellationToken);
            if (!hasReadings && !await all.Find(session, Where.Eq(Parent, id) | Where.Eq(MergedInto, id)).AnyAsync(cancellationToken))
            {
                await all.DeleteOneAsync(session, Where.Eq("_id", id), options: null, cancellationToken);
                await CatalogueRevision.RenewAsync(database, session, cancellationToken);
            }
        }
    }
}
