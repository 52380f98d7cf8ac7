using Ems.Core.Storage.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>The events of a module's subscriptions, in the module's file. Times in it are Unix milliseconds.</summary>
public sealed class SqliteInbox : IInbox
{
    public const string Schema = """
        CREATE TABLE inbox(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            subscription TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            occurred_at INTEGER NOT NULL,
            trace_parent TEXT,
            body TEXT NOT NULL,
            state INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 handled, 2 parked
            state_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            due_at INTEGER NOT NULL,
            lease_owner TEXT,
            error TEXT,
            UNIQUE(subscription, id)) STRICT;
        CREATE INDEX inbox_due ON inbox(subscription, due_at, seq) WHERE state = 0;
        CREATE INDEX inbox_ended ON inbox(state, state_at) WHERE state > 0;
        CREATE TABLE inbox_cursor(
            subscription TEXT NOT NULL,
            publisher TEXT NOT NULL,
            seq INTEGER NOT NULL,
            PRIMARY KEY(subscription, publisher)) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _clock;

    internal SqliteInbox(SqliteDatabase database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
    }

    /// <inheritdoc />
    public Task<bool> ApplyAsync(string subscription, Event fact, Action<IUnitOfWork> effect, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            connection =>
            {
                // The row may be there already, waiting or parked: then the event once came by the queue of this file.
                var isNew = connection.Execute(
                    """
                    INSERT INTO inbox(subscription, id, name, occurred_at, trace_parent, body, state, state_at, attempts, due_at)
                    VALUES ($subscription, $id, $name, $occurred_at, $trace_parent, '', 1, $now, 1, $now)
                    ON CONFLICT(subscription, id) DO UPDATE SET state = 1, state_at = $now, lease_owner = NULL, error = NULL WHERE state <> 1
                    """,
                    ("$subscription", subscription), ("$id", fact.Id), ("$name", fact.Name),
                    ("$occurred_at", fact.OccurredAt.ToUnixTimeMilliseconds()), ("$trace_parent", fact.TraceParent),
                    ("$now", _clock.GetUtcNow().ToUnixTimeMilliseconds())) > 0;
                if (isNew)
                {
                    effect(new SqliteUnitOfWork(connection));
                }

                return isNew;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> HasHandledAsync(string subscription, string eventId, CancellationToken cancellationToken) => _database.ReadAsync(
        connection => connection.FindLong(
            "SELECT 1 FROM inbox WHERE subscription = $subscription AND id = $id AND state = 1",
            ("$subscription", subscription), ("$id", eventId)) is not null,
        cancellationToken);

    /// <inheritdoc />
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Execute(
            "DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE state = 1 AND state_at < $before LIMIT 5000)",
            ("$before", before.ToUnixTimeMilliseconds())),
        cancellationToken);
}
