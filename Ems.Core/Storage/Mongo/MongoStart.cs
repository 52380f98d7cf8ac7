using Ems.Core.Storage.Moving;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Opens MongoDB when the process starts, and stops the process where readings of this machine would seem to be gone, an empty
/// MongoDB beside a filled embedded store, and where another process may not be beside it. While MongoDB is away the process runs and tries again; whoever opens it first, the store
/// stays shut where the process has to stop.
/// </summary>
internal sealed partial class MongoStart : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly MongoStore _store;
    private readonly MongoProcess _process;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MongoStart> _logger;
    private volatile bool _runs;

    public MongoStart(MongoStore store, MongoProcess process, IOptions<StoreOptions> options, TimeProvider time, ILogger<MongoStart> logger)
    {
        (_store, _process, _options, _time, _logger) = (store, process, options.Value, time, logger);
        store.BeforeUse = CheckAsync;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await OpenAsync(cancellationToken))
        {
            _runs = true;
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            do
            {
                await Task.Delay(Pause, _time, stoppingToken);
            }
            while (!await OpenAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while MongoDB was still away.
        }
    }

    /// <summary>False while MongoDB is away.</summary>
    /// <exception cref="StartRefusedException">
    /// It is empty and the embedded store is not, it is half of a move, it is in use without a broker, it is too old, or it refuses what is needed.
    /// </exception>
    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _store.OpenAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (StoreAway.Is(exception))
        {
            LogAway(_store.WhyAway(exception));
            return false;
        }
        catch (StartRefusedException refused)
        {
            throw Refuse(refused.Message);
        }
        catch (MongoException refused)
        {
            throw Refuse(
                $"The MongoDB of ConnectionStrings:{MongoStore.ConnectionName} refuses it; its user has to be allowed to make collections and indexes, to read and to write: "
                + refused.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task CheckAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        if (HasEmbeddedReadings() && !await database.Of(CoreCollections.Series).Find(Where.Empty).AnyAsync(cancellationToken))
        {
            throw Refuse(
                $"The MongoDB of ConnectionStrings:{MongoStore.ConnectionName} is empty, but {_options.DataDirectory} holds readings: "
                + $"unset ConnectionStrings:{MongoStore.ConnectionName} to go on with them, or set Ems:DataDirectory to an empty folder to begin anew.");
        }

        if (await MongoMovable.FindMarkAsync(database, cancellationToken) is { } mark)
        {
            throw Refuse(
                $"The MongoDB of ConnectionStrings:{MongoStore.ConnectionName} holds a move from {mark.Source} that has not ended: go on with it (move --to …), or name another database.");
        }

        if (await _process.TakeAsync(database, cancellationToken) is { } refusal)
        {
            throw Refuse(refusal);
        }
    }

    /// <summary>
    /// What is thrown at the start ends it with the line. Later any worker or request may be the one that asks first, and each would show the
    /// refusal in its own way: the process ends here, while the others still wait to be given the store.
    /// </summary>
    private StartRefusedException Refuse(string message)
    {
        if (_runs)
        {
            Console.Error.WriteLine(message);
            Environment.Exit(1);
        }

        return new StartRefusedException(message);
    }

    private bool HasEmbeddedReadings()
    {
        var file = _options.PathOf($"{IngestionDatabase.Module}.db");
        if (!File.Exists(file))
        {
            return false;
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection.ReadLong("SELECT count(*) FROM sqlite_master WHERE name = 'series'") > 0
            && connection.ReadLong("SELECT EXISTS(SELECT 1 FROM series WHERE count > 0)") > 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "MongoDB is away; what needs it is answered with 503 until it is there: {Reason}")]
    private partial void LogAway(string reason);
}
