using System.Runtime.CompilerServices;
using Ems.Analytics;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace Ems.Tests.Architecture;

/// <summary>Keeps docs/storage.md true: everybody who looks into the database relies on it.</summary>
public sealed class StorageDocumentTests
{
    [Fact]
    public async Task Every_collection_and_every_index_is_written_down()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "storage.md"), TestContext.Current.CancellationToken);

        Assert.All([.. CoreCollections.All, .. MessageDocuments.Collections, .. AnalyticsDatabase.Collections], collection =>
        {
            Assert.Contains($"`{collection.Name}`", text, StringComparison.Ordinal);
            Assert.All(collection.Indexes, index => Assert.Contains($"`{Keys(index)}`", text, StringComparison.Ordinal));
        });
    }

    private static string Keys(CreateIndexModel<BsonDocument> index) => string.Join(", ", index.Keys.Render(
        new RenderArgs<BsonDocument>(BsonSerializer.LookupSerializer<BsonDocument>(), BsonSerializer.SerializerRegistry)).Names);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
