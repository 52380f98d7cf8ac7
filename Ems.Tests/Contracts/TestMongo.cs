using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Ems.Tests.Contracts;

/// <summary>A database of its own on the server that a variable names; it goes with the test.</summary>
internal sealed class TestMongo : IAsyncDisposable
{
    public const string Variable = "EMS_TEST_MONGODB";

    /// <summary>Of a server without transactions.</summary>
    public const string StandaloneVariable = "EMS_TEST_MONGODB_STANDALONE";

    private readonly string _name = $"ems_test_{Guid.NewGuid():N}";

    public TestMongo(string variable = Variable)
    {
        var server = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{variable} names no MongoDB.");
        ConnectionString = new MongoUrlBuilder(server) { DatabaseName = _name }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>The store as a process of its own sees it.</summary>
    public MongoStore Open(params MongoCollection[] collections) => Open(ConnectionString, new MongoOptions(), collections);

    public MongoStore Open(MongoOptions options) => Open(ConnectionString, options);

    /// <summary>The store as a process sees it whose way to the server is another port, and who soon gives up when it is shut.</summary>
    public MongoStore OpenThrough(int port) => Open(
        Through(port, ConnectionString),
        new MongoOptions { MinPoolSize = 0, ServerSelectionTimeout = TimeSpan.FromSeconds(1) });

    /// <summary>With all else that the address says but the list of servers, which would lead past the port.</summary>
    public static string Through(int port, string connectionString) => new MongoUrlBuilder(connectionString)
    {
        Server = new MongoServerAddress("127.0.0.1", port),
        ReplicaSetName = null,
        DirectConnection = true,
    }.ToString();

    private static MongoStore Open(string connectionString, MongoOptions options, params MongoCollection[] collections) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new($"ConnectionStrings:{MongoStore.ConnectionName}", connectionString)]).Build(),
        Options.Create(options),
        [.. CoreCollections.All, .. MessageDocuments.Collections, .. collections],
        NullLogger<MongoStore>.Instance);

    public async ValueTask DisposeAsync()
    {
        var database = await Open().OpenAsync(CancellationToken.None);
        await database.Client.DropDatabaseAsync(_name, CancellationToken.None);
    }
}
