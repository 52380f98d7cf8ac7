using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Ems.Tests.Contracts;

/// <summary>A database of its own on the server that EMS_TEST_MONGODB names; it goes with the test.</summary>
internal sealed class TestMongo : IAsyncDisposable
{
    public const string Variable = "EMS_TEST_MONGODB";

    private readonly string _name = $"ems_test_{Guid.NewGuid():N}";

    public TestMongo()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{Variable} names no MongoDB.");
        ConnectionString = new MongoUrlBuilder(server) { DatabaseName = _name }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>The store as a process of its own sees it.</summary>
    public MongoStore Open(params MongoCollection[] collections) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new($"ConnectionStrings:{MongoStore.ConnectionName}", ConnectionString)]).Build(),
        Options.Create(new MongoOptions()),
        [.. CoreCollections.All, .. MessageDocuments.Collections, .. collections],
        NullLogger<MongoStore>.Instance);

    public async ValueTask DisposeAsync()
    {
        var database = await Open().OpenAsync(CancellationToken.None);
        await database.Client.DropDatabaseAsync(_name, CancellationToken.None);
    }
}
