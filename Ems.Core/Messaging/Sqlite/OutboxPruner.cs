using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>
/// Deletes events that all known subscribers have got. Known is who has a cursor in a file of the data folder; without any,
/// events wait for <see cref="MessagingOptions.KeepUnclaimed"/>.
/// </summary>
internal sealed partial class OutboxPruner(
    IEnumerable<OutboxRegistration> outboxes, IOptions<StoreOptions> store, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<OutboxPruner> logger)
    : BackgroundService
{
    private const int DeletedAtOnce = 5000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PruneInterval, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                foreach (var outbox in outboxes)
                {
                    await Task.Run(() => Prune(outbox.Module), stoppingToken);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is SqliteException or IOException)
            {
                LogFailed(logger, exception);
            }
        }
    }

    internal int Prune(string publisher)
    {
        var path = store.Value.PathOf(publisher + ".db");
        if (!File.Exists(path))
        {
            return 0;
        }

        var passed = FindPassed(publisher);
        var unclaimed = passed is null ? (clock.GetUtcNow() - options.Value.KeepUnclaimed).ToUnixTimeMilliseconds() : long.MinValue;
        using var connection = Open(path);
        return !Has(connection, "outbox") ? 0 : connection.Execute(
            "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE seq <= $passed OR occurred_at < $unclaimed ORDER BY seq LIMIT $limit)",
            ("$passed", passed ?? 0), ("$unclaimed", unclaimed), ("$limit", DeletedAtOnce));
    }

    private long? FindPassed(string publisher)
    {
        long? passed = null;
        foreach (var path in Directory.EnumerateFiles(store.Value.DataDirectory, "*.db"))
        {
            using var connection = Open(path);
            if (Has(connection, "inbox_cursor") &&
                connection.FindLong("SELECT min(seq) FROM inbox_cursor WHERE publisher = $publisher", ("$publisher", publisher)) is { } seq)
            {
                passed = Math.Min(passed ?? long.MaxValue, seq);
            }
        }

        return passed;
    }

    private static bool Has(SqliteConnection connection, string table) =>
        connection.FindLong("SELECT 1 FROM sqlite_schema WHERE name = $table", ("$table", table)) is not null;

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 60, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Published events could not be deleted; the next attempt comes later.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
