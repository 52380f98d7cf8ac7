using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps sites and equipment with the fields the API shows.</summary>
internal sealed class MongoCatalogue(MongoStore store) : ICatalogue
{
    public async Task<long?> FindRevisionAsync(CancellationToken cancellationToken)
    {
        var database = await store.OpenAsync(cancellationToken);
        return store.HasTransactions ? await CatalogueRevision.ReadAsync(database, cancellationToken) : null;
    }

    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken) =>
        ListAsync<Site>(CoreCollections.Sites, cancellationToken);

    public Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<Site>(CoreCollections.Sites, id, cancellationToken);

    public Task SaveSiteAsync(Site site, CancellationToken cancellationToken) => store.WriteAsync(
        async (database, session, token) =>
        {
            var replaced = await database.Of(CoreCollections.Sites).FindOneAndReplaceAsync(
                session, Where.Eq("_id", site.Id), BsonJson.ToDocument(site),
                new FindOneAndReplaceOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.Before }, token);
            await CatalogueRevision.RenewAsync(database, session, token);
            if (EquipmentChange.HasOtherDays(replaced is null ? null : BsonJson.FromDocument<Site>(replaced), site))
            {
                await UncheckedDocuments.AddAllAsync(
                    database, session, await EquipmentDocuments.ListAtSiteAsync(database, session, site.Id, token), token);
            }

            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        ListAsync<Equipment>(CoreCollections.Equipment, cancellationToken);

    public Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<Equipment>(CoreCollections.Equipment, id, cancellationToken);

    public Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken) => store.WriteAsync(
        async (database, session, token) =>
        {
            var all = database.Of(CoreCollections.Equipment);
            var id = Where.Eq("_id", equipment.Id);
            var found = await all.Find(session, id).SingleOrDefaultAsync(token);
            var old = found is null ? null : BsonJson.FromDocument<Equipment>(found);
            await all.ReplaceOneAsync(
                session, id, BsonJson.ToDocument(equipment with { MergedInto = old?.MergedInto }), new ReplaceOptions { IsUpsert = true }, token);
            await AnnounceAsync(database, session, old, equipment, token);
            return true;
        },
        cancellationToken);

    public Task<string?> PlaceEquipmentAsync(string id, string siteId, CancellationToken cancellationToken) => store.WriteAsync(
        async (database, session, token) =>
        {
            var old = await EquipmentDocuments.FindAsync(database, session, id, token);
            var placed = await database.Of(CoreCollections.Equipment).UpdateOneAsync(
                session, Where.Eq("_id", id) & Where.Eq("site", BsonNull.Value), Set.Set("site", siteId), options: null, token);
            if (placed.MatchedCount == 0)
            {
                return (await EquipmentDocuments.FindAsync(database, session, id, token))?.Site;
            }

            await AnnounceAsync(database, session, old, old! with { Site = siteId }, token);
            return siteId;
        },
        cancellationToken);

    private static async Task AnnounceAsync(
        IMongoDatabase database, IClientSessionHandle session, Equipment? old, Equipment equipment, CancellationToken cancellationToken)
    {
        await CatalogueRevision.RenewAsync(database, session, cancellationToken);
        if (EquipmentChange.IsJudgedAnew(old, equipment))
        {
            var changed = await EquipmentDocuments.ListAsync(database, session, cancellationToken);
            await UncheckedDocuments.AddAllAsync(database, session, EquipmentChange.MustBeChecked(old!, changed), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string collection, CancellationToken cancellationToken)
    {
        var documents = await (await store.OpenAsync(collection, cancellationToken))
            .Find(Where.Empty).Sort(By.Ascending("_id")).ToListAsync(cancellationToken);
        return documents.ConvertAll(BsonJson.FromDocument<T>);
    }

    private async Task<T?> FindAsync<T>(string collection, string id, CancellationToken cancellationToken)
        where T : class
    {
        var documents = await store.OpenAsync(collection, cancellationToken);
        return await documents.Find(Where.Eq("_id", id)).SingleOrDefaultAsync(cancellationToken) is { } found
            ? BsonJson.FromDocument<T>(found)
            : null;
    }
}
