using System.Text.Json;
using Ems.Core.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>The collection of sites, as far as jobs create them.</summary>
internal static class SiteDocuments
{
    private const string CreatedBy = "created_by";

    /// <summary>Whether undone jobs created some that nothing uses.</summary>
    public static async Task<bool> AnyUnusedAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken) =>
        (await ListUnusedAsync(database, session, cancellationToken)).Count > 0;

    /// <summary>Deletes what undone jobs created and nothing uses; returns how many.</summary>
    public static async Task<int> DeleteUnusedAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var unused = await ListUnusedAsync(database, session, cancellationToken);
        await database.Of(CoreCollections.Sites).DeleteManyAsync(session, Where.In("_id", unused), options: null, cancellationToken);
        await CatalogueRevision.RenewAsync(database, session, cancellationToken);
        return unused.Count;
    }

    private static async Task<List<string>> ListUnusedAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var created = await database.Of(CoreCollections.Sites).Find(session, Where.Ne(CreatedBy, BsonNull.Value)).ToListAsync(cancellationToken);
        if (created.Count == 0)
        {
            return [];
        }

        var undone = (await database.Of(CoreCollections.Undos).Find(session, Where.In("_id", created.Select(site => site[CreatedBy]).Distinct()))
            .ToListAsync(cancellationToken)).Select(undo => undo["_id"]).ToHashSet();
        var equipment = await database.Of(CoreCollections.Equipment).Find(session, Where.In("site", created.Select(site => site["_id"]))).ToListAsync(cancellationToken);
        var profiles = await database.Of(CoreCollections.Profiles).Find(session, Where.Empty).ToListAsync(cancellationToken);
        var used = equipment.Select(one => one["site"].AsString).Concat(profiles.Select(SiteOf)).ToHashSet();
        return [.. created.Where(site => undone.Contains(site[CreatedBy])).Select(site => site["_id"].AsString).Where(id => !used.Contains(id))];
    }

    private static string? SiteOf(BsonDocument profile)
    {
        using var body = JsonDocument.Parse(profile["body"].AsString);
        return body.RootElement.TryGetProperty("site", out var site) ? site.FindText() : null;
    }
}
