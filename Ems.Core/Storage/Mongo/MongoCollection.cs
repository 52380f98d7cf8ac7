using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>A collection with the indexes it needs beside that of <c>_id</c>; docs/storage.md tells of each.</summary>
public sealed record MongoCollection(string Name, params IReadOnlyList<CreateIndexModel<BsonDocument>> Indexes)
{
    /// <summary>A document that is there from the beginning.</summary>
    public BsonDocument? First { get; init; }

    /// <summary>An index by its keys, as in <c>{ 'start': 1 }</c>.</summary>
    public static CreateIndexModel<BsonDocument> Index(string keys, CreateIndexOptions<BsonDocument>? options = null) =>
        new(new JsonIndexKeysDefinition<BsonDocument>(keys), options);
}

/// <summary>Short ways to say things to the driver.</summary>
public static class MongoCommands
{
    public static readonly FilterDefinitionBuilder<BsonDocument> Where = Builders<BsonDocument>.Filter;
    public static readonly UpdateDefinitionBuilder<BsonDocument> Set = Builders<BsonDocument>.Update;
    public static readonly SortDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Sort;

    public static IMongoCollection<BsonDocument> Of(this IMongoDatabase database, string collection) =>
        database.GetCollection<BsonDocument>(collection);

    /// <summary>To the millisecond.</summary>
    public static BsonDateTime ToBson(this Instant instant) => new(instant.ToUnixTimeMilliseconds());

    public static Instant ToInstant(this BsonValue value) => Instant.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);
}
