using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>The number that is another one after every change of a site or of equipment, in the one document of its collection.</summary>
internal static class CatalogueRevision
{
    public const string Field = "revision";

    private static readonly FilterDefinition<BsonDocument> Only = Where.Eq("_id", 1);

    /// <summary>There before anybody's first change: two transactions that both have to make it could not both go on.</summary>
    public static BsonDocument First => new() { ["_id"] = 1, [Field] = Step() };

    /// <summary>A step of chance: see <see cref="SeriesInfo"/>.</summary>
    public static long Step() => Random.Shared.NextInt64(1, 1L << 32);

    public static Task RenewAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken) =>
        database.Of(CoreCollections.Catalogue).UpdateOneAsync(session, Only, Set.Inc(Field, Step()), options: null, cancellationToken);

    public static async Task<long> ReadAsync(IMongoDatabase database, CancellationToken cancellationToken) =>
        (await database.Of(CoreCollections.Catalogue).Find(Only).SingleAsync(cancellationToken))[Field].ToInt64();
}
