using System.Diagnostics.CodeAnalysis;
using Ems.Core.Messaging.Mongo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// The one MongoDB database of all services and replicas. Its collections and indexes are made when it is first opened; until
/// then, and whenever it is away, every call fails for itself.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The driver shares clients between stores of one address; they live as long as the process.")]
public sealed partial class MongoStore
{
    public const string ConnectionName = "ems";
    private const string DefaultDatabase = "ems";
    private const int OldestWireVersion = 13; // Of MongoDB 5.0.
    private const int NamespaceExists = 48;
    private const int SnapshotUnavailable = 246;
    private const int MostAttempts = 20;
    private const string Transient = "TransientTransactionError";

    private static readonly TransactionOptions Transactions = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    internal static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    private readonly IEnumerable<MongoCollection> _collections;
    private readonly ILogger<MongoStore> _logger;
    private readonly MongoClient _client;
    private readonly IMongoDatabase _database;
    private readonly SemaphoreSlim _opening = new(1);
    private volatile bool _open;

    public MongoStore(
        IConfiguration configuration, IOptions<MongoOptions> options, IEnumerable<MongoCollection> collections, ILogger<MongoStore> logger)
    {
        var url = Parse(configuration.GetConnectionString(ConnectionName));
        Options = options.Value;
        _collections = collections;
        _logger = logger;
        _client = new MongoClient(Settings(url, options.Value));
        _database = _client.GetDatabase(url.DatabaseName ?? DefaultDatabase);
    }

    public MongoOptions Options { get; }

    /// <summary>Looks at the database before anybody is given it; what it throws keeps the store shut.</summary>
    internal Func<IMongoDatabase, CancellationToken, Task>? BeforeUse { get; set; }

    internal MongoSignals Signals { get; } = new();

    internal RecentSamples Recent { get; } = new();

    /// <summary>Whether several documents can change together: on a replica set or a sharded cluster. Known once the store is open.</summary>
    public bool HasTransactions { get; private set; }

    /// <summary>The database, with its collections and indexes in place.</summary>
    public async Task<IMongoDatabase> OpenAsync(CancellationToken cancellationToken)
    {
        if (_open)
        {
            return _database;
        }

        // Whoever opens it may be waiting long, for a server that is away or until another process counts no more.
        if (!await _opening.WaitAsync(Options.ServerSelectionTimeout, cancellationToken))
        {
            throw new TimeoutException("The MongoDB is still being opened.");
        }

        try
        {
            if (!_open)
            {
                await MeetAsync(cancellationToken);
                foreach (var collection in _collections)
                {
                    await MakeAsync(collection, cancellationToken);
                }

                if (BeforeUse is not null)
                {
                    await BeforeUse(_database, cancellationToken);
                }

                _open = true;
            }

            return _database;
        }
        finally
        {
            _opening.Release();
        }
    }

    public async Task<IMongoCollection<BsonDocument>> OpenAsync(string collection, CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Of(collection);

    /// <summary>Whether it has been opened and answers now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _open && await _database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken) is not null;
        }
        catch (Exception exception) when (StoreAway.Is(exception))
        {
            return false;
        }
    }

    /// <summary>Why it is away, in a line.</summary>
    internal string WhyAway(Exception exception) => AwayReason.Of(exception, _client.Cluster.Description, Options.ServerSelectionTimeout);

    /// <summary>
    /// Runs <paramref name="write"/> in a transaction where there are any; it may run several times, for another writer or a
    /// change of the primary makes it start over. Cancelled, the transaction is aborted, so that none stays open at the server.
    /// </summary>
    public async Task<T> WriteAsync<T>(
        Func<IMongoDatabase, IClientSessionHandle, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken);
        using var session = await _client.StartSessionAsync(cancellationToken: cancellationToken);
        if (HasTransactions)
        {
            // The driver sends neither abort nor commit with a token that is cancelled.
            return await session.WithTransactionAsync(
                (inside, _) => write(database, inside, cancellationToken), Transactions, CancellationToken.None);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write(database, session, cancellationToken);
            }
            catch (MongoException conflict) when (conflict.HasErrorLabel(Transient) && attempt < MostAttempts)
            {
                // Somebody else's change came between; the next attempt begins with it.
            }
        }
    }

    /// <summary>Saves changes of one collection that may come in any order.</summary>
    internal async Task WriteAllAsync(
        IMongoDatabase database, IClientSessionHandle session, string collection, IEnumerable<WriteModel<BsonDocument>> models,
        CancellationToken cancellationToken)
    {
        foreach (var bulk in models.Chunk(Options.BulkSize))
        {
            await database.Of(collection).BulkWriteAsync(session, bulk, Unordered, cancellationToken);
        }
    }

    /// <summary>Reads one consistent state where there are transactions.</summary>
    public async Task<T> ReadAsync<T>(
        Func<IMongoDatabase, IClientSessionHandle, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            using var session = await _client.StartSessionAsync(new ClientSessionOptions { Snapshot = HasTransactions }, cancellationToken);
            try
            {
                return await read(database, session, cancellationToken);
            }
            catch (MongoCommandException exception) when (exception.Code == SnapshotUnavailable && attempt < MostAttempts)
            {
                // A collection is younger than the state that was chosen.
            }
        }
    }

    /// <summary>What a write throws to be run again, because another one came between what it read and what it writes.</summary>
    public static MongoException Conflict()
    {
        var conflict = new MongoException("Another process has changed the same document.");
        conflict.AddErrorLabel(Transient);
        return conflict;
    }

    private static MongoUrl Parse(string? connectionString)
    {
        try
        {
            return new MongoUrl(connectionString);
        }
        catch (Exception exception) when (exception is MongoConfigurationException or ArgumentException or FormatException)
        {
            // The text is not shown: it may hold a password.
            throw new StartRefusedException(
                $"ConnectionStrings:{ConnectionName} is no connection string of a MongoDB: write it as mongodb://host:27017/ems?replicaSet=rs0.");
        }
    }

    private static MongoClientSettings Settings(MongoUrl url, MongoOptions options)
    {
        var settings = MongoClientSettings.FromUrl(url);
        settings.ApplicationName ??= "ems";
        settings.MinConnectionPoolSize = options.MinPoolSize;
        settings.MaxConnectionPoolSize = options.MaxPoolSize;
        settings.ConnectTimeout = options.ConnectTimeout;
        settings.SocketTimeout = options.SocketTimeout;
        settings.ServerSelectionTimeout = options.ServerSelectionTimeout;
        settings.WaitQueueTimeout = options.ServerSelectionTimeout;
        settings.HeartbeatInterval = options.HeartbeatInterval;
        settings.HeartbeatTimeout = options.ConnectTimeout;
        settings.RetryReads = true;
        settings.RetryWrites = true;
        settings.WriteConcern = WriteConcern.WMajority;

        // A number that tells of a change, and what has changed, come from one server: others may lag behind.
        settings.ReadPreference = ReadPreference.Primary;
        return settings;
    }

    /// <summary>Finds out whether the server is new enough, and whether it has transactions.</summary>
    private async Task MeetAsync(CancellationToken cancellationToken)
    {
        var hello = await _client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellationToken);
        if (hello["maxWireVersion"].ToInt32() < OldestWireVersion)
        {
            throw new StartRefusedException($"The MongoDB of ConnectionStrings:{ConnectionName} is too old: it has to be 5.0 or newer.");
        }

        HasTransactions = hello.Contains("setName") || hello.GetValue("msg", "") == "isdbgrid";
        if (!HasTransactions)
        {
            LogNoTransactions();
        }
    }

    private async Task MakeAsync(MongoCollection collection, CancellationToken cancellationToken)
    {
        try
        {
            await _database.CreateCollectionAsync(collection.Name, cancellationToken: cancellationToken);
        }
        catch (MongoCommandException exception) when (exception.Code == NamespaceExists)
        {
            // Made before, or by another replica just now.
        }

        if (collection.First is { } first)
        {
            await MakeFirstAsync(_database.Of(collection.Name), first, cancellationToken);
        }

        if (collection.Indexes.Count > 0)
        {
            await _database.Of(collection.Name).Indexes.CreateManyAsync(collection.Indexes, cancellationToken);
        }
    }

    private static async Task MakeFirstAsync(IMongoCollection<BsonDocument> collection, BsonDocument first, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(first, options: null, cancellationToken);
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Made before, or by another replica just now.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The MongoDB is a single server without transactions: data and their events are written one after the other, and what a crash leaves open is settled later. Make it a replica set (--replSet) to write them together.")]
    private partial void LogNoTransactions();
}
