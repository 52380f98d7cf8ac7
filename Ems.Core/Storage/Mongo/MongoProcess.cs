using System.Diagnostics;
using Ems.Core.Messaging.RabbitMq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Keeps other processes off a database that one without a broker uses, for events would reach only one of them. Each process has a lease
/// there while it lives; those without a broker have one and the same, so that no two of them can have it.
/// </summary>
internal sealed partial class MongoProcess : BackgroundService, IAsyncDisposable
{
    public const string Collection = "processes";

    private const string WithoutBroker = "without_broker";
    private const string Owner = "owner";
    private const string Host = "host";
    private const string ProcessId = "process_id";
    private const string Until = "until";
    private const int DuplicateKey = 11000;
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Of all hosts in this process.
    private static readonly string ThisProcess = Guid.NewGuid().ToString("N");

    private readonly MongoStore _store;
    private readonly string _owner;
    private readonly string _id;
    private readonly TimeSpan _lease;
    private readonly Action _stop;
    private readonly ILogger<MongoProcess> _logger;
    private volatile bool _isWritten;
    private volatile bool _isTaken;

    // Whether a renewal may have begun a lease anew without a look at the others since.
    private bool _mustLook;

    public MongoProcess(MongoStore store, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<MongoProcess> logger)
        : this(
            store, ThisProcess, !string.IsNullOrWhiteSpace(configuration.GetConnectionString(RabbitMqMessaging.ConnectionName)), DefaultLease,
            lifetime.StopApplication, logger)
    {
    }

    internal MongoProcess(MongoStore store, string owner, bool hasBroker, TimeSpan lease, Action stop, ILogger<MongoProcess> logger)
    {
        (_store, _owner, _id, _lease, _stop, _logger) = (store, owner, hasBroker ? owner : WithoutBroker, lease, stop, logger);
    }

    private FilterDefinition<BsonDocument> Mine => Where.Eq("_id", _id) & Where.Eq(Owner, _owner);

    /// <summary>Waits until those that were killed count no more.</summary>
    /// <exception cref="StartRefusedException">A process uses the database.</exception>
    public static async Task RefuseLivingAsync(MongoStore store, CancellationToken cancellationToken)
    {
        using var any = new MongoProcess(store, ThisProcess, hasBroker: false, DefaultLease, () => { }, NullLogger<MongoProcess>.Instance);
        var processes = (await store.OpenAsync(cancellationToken)).Of(Collection);
        if (await any.FindLivingAsync(processes, cancellationToken) is { } living)
        {
            throw new StartRefusedException($"Ems runs on the MongoDB ({Name(living)}): end it first.");
        }
    }

    /// <summary>Takes the lease of this process, as soon as those of killed ones have run out. Returns why it cannot have it.</summary>
    public async Task<string?> TakeAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var processes = database.Of(Collection);
        BsonDocument? living;
        while ((living = await FindLivingAsync(processes, cancellationToken)) is null)
        {
            if (await TryTakeAsync(processes, cancellationToken))
            {
                _isTaken = true;
                return null;
            }
        }

        return $"The MongoDB of ConnectionStrings:{MongoStore.ConnectionName} is in use by {Name(living)}, and without a broker events reach only one process: "
            + $"set ConnectionStrings:{RabbitMqMessaging.ConnectionName} (amqp://user:password@host:5672) for each of them, or name another database.";
    }

    /// <summary>Gives the lease back, also where the start failed later.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (!_isWritten)
        {
            return;
        }

        (_isWritten, _isTaken) = (false, false);
        using var limit = new CancellationTokenSource(_lease / 10, TimeProvider.System);
        try
        {
            await (await _store.OpenAsync(Collection, limit.Token)).DeleteOneAsync(Mine, limit.Token);
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is away: the lease runs out by itself.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_lease / 4, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_isTaken && await FindSuccessorAsync(stoppingToken) is { } successor)
                {
                    var name = Name(successor);
                    LogLost(name, MongoStore.ConnectionName, RabbitMqMessaging.ConnectionName);
                    _stop();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>First its own, then a look at the others: of two that come at once at least one sees the other.</summary>
    private async Task<bool> TryTakeAsync(IMongoCollection<BsonDocument> processes, CancellationToken cancellationToken)
    {
        await processes.DeleteManyAsync(Where.Lte(Until, Now()) & Where.Ne(Owner, _owner), cancellationToken);
        _isWritten = true;
        if (await RenewAsync(processes, cancellationToken) == Renewal.Refused)
        {
            return false;
        }

        if ((await ListOthersAsync(processes, Now(), cancellationToken)).Count == 0)
        {
            return true;
        }

        await processes.DeleteOneAsync(Mine, CancellationToken.None);
        return false;
    }

    /// <summary>Renews the lease. Where it had run out, as in a process that was paused, others may have it now.</summary>
    private async Task<BsonDocument?> FindSuccessorAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_lease / 4);
        try
        {
            var processes = await _store.OpenAsync(Collection, limit.Token);
            var mustLook = _mustLook;
            _mustLook = true;
            var successor = await RenewAsync(processes, limit.Token) == Renewal.InTime && !mustLook
                ? null
                : (await ListOthersAsync(processes, Now(), limit.Token)).FirstOrDefault();
            _mustLook = false;
            return successor;
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The server is away, for others too.
            return null;
        }
    }

    private async Task<Renewal> RenewAsync(IMongoCollection<BsonDocument> processes, CancellationToken cancellationToken)
    {
        var now = Now();
        try
        {
            var before = await processes.FindOneAndUpdateAsync(
                Mine,
                Set.Set(Host, Environment.MachineName).Set(ProcessId, Environment.ProcessId).Set(Until, now + _lease),
                new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.Before },
                cancellationToken);
            return before?[Until].ToUniversalTime() > now ? Renewal.InTime : Renewal.Anew;
        }
        catch (MongoCommandException taken) when (taken.Code == DuplicateKey)
        {
            return Renewal.Refused;
        }
    }

    /// <summary>Another process beside which this one cannot be: one that renews its lease while it is looked at.</summary>
    private async Task<BsonDocument?> FindLivingAsync(IMongoCollection<BsonDocument> processes, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();

        // One that has run out may have been without the server for a while, as this one was.
        var since = Now() - (3 * _lease);
        var first = await ListOthersAsync(processes, since, cancellationToken);
        if (first.Count > 0)
        {
            var name = Name(first[0]);
            LogWaiting(name, MongoStore.ConnectionName);
        }

        for (var others = first; others.Count > 0; others = await ListOthersAsync(processes, since, cancellationToken))
        {
            if (others.Find(other => !first.Contains(other)) is { } living)
            {
                return living;
            }

            if (Stopwatch.GetElapsedTime(began) > _lease)
            {
                // Whatever its clock said, nobody renews it.
                await processes.DeleteManyAsync(Where.Or(others.Select(other => Where.Eq("_id", other["_id"]) & Where.Eq(Until, other[Until]))), cancellationToken);
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }

        return null;
    }

    /// <summary>Those beside which this one cannot be and that have not run out before.</summary>
    private async Task<List<BsonDocument>> ListOthersAsync(IMongoCollection<BsonDocument> processes, DateTime since, CancellationToken cancellationToken) =>
        await processes.Find(Where.Gt(Until, since) & Where.Ne(Owner, _owner) & (_id == WithoutBroker ? Where.Empty : Where.Eq("_id", WithoutBroker)))
            .ToListAsync(cancellationToken);

    private static string Name(BsonDocument process) => $"process {process[ProcessId]} of {process[Host]}";

    private static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;

    private enum Renewal
    {
        InTime,
        Anew,
        Refused,
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The MongoDB of ConnectionStrings:{Connection} has not been left by {Other}: the start waits to see whether that still lives")]
    private partial void LogWaiting(string other, string connection);

    [LoggerMessage(Level = LogLevel.Critical, Message =
        "While this process stood still, {Other} has begun to use the MongoDB of ConnectionStrings:{Connection}, and this one ends: set ConnectionStrings:{Broker} for each of them")]
    private partial void LogLost(string other, string connection, string broker);
}
