using System.Text.Json;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Events that wait, in the file whose change they tell of, until they are published.</summary>
public sealed class SqliteOutbox : IOutbox
{
    public const string Schema = """
        CREATE TABLE outbox(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            occurred_at INTEGER NOT NULL, -- Unix milliseconds
            trace_parent TEXT,
            body TEXT NOT NULL) STRICT;
        """;

    /// <summary>Follows <see cref="Schema"/>: when an event may be taken by a relay.</summary>
    public const string Leases = """
        ALTER TABLE outbox ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX outbox_due ON outbox(due_at, seq);
        """;

    private readonly SqliteDatabase _database;
    private readonly SignalWatcher _signals;
    private readonly TimeProvider _clock;

    internal SqliteOutbox(SqliteDatabase database, SignalWatcher signals, TimeProvider clock)
    {
        _database = database;
        _signals = signals;
        _clock = clock;
    }

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Adds an event in the transaction of the change.</summary>
    public static void Append(SqliteConnection connection, Event fact) => connection.Execute(
        "INSERT INTO outbox(id, name, occurred_at, trace_parent, body) VALUES ($id, $name, $occurred_at, $trace_parent, $body)",
        ("$id", fact.Id), ("$name", fact.Name), ("$occurred_at", fact.OccurredAt.ToUnixTimeMilliseconds()),
        ("$trace_parent", fact.TraceParent), ("$body", fact.Body));

    /// <inheritdoc />
    public async Task<IReadOnlyList<Event>> LeaseAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        // A look first: an idle relay takes no turn as a writer.
        var due = await _database.ReadAsync(
            connection => connection.FindLong("SELECT 1 FROM outbox WHERE due_at <= $now LIMIT 1", ("$now", NowMs)), cancellationToken);
        return due is null ? [] : await _database.WriteAsync<IReadOnlyList<Event>>(
            connection =>
            {
                var now = NowMs;
                var taken = connection.ReadAll(
                    row => (Seq: row.GetInt64(0), Fact: new Event(row.GetString(1), row.GetString(2), row.GetInstant(3), row.FindText(4), row.GetString(5))),
                    "SELECT seq, id, name, occurred_at, trace_parent, body FROM outbox WHERE due_at <= $now ORDER BY due_at, seq LIMIT $limit",
                    ("$now", now), ("$limit", limit));
                connection.Execute(
                    "UPDATE outbox SET due_at = $until WHERE seq IN (SELECT value FROM json_each($taken))",
                    ("$until", now + (long)lease.TotalMilliseconds), ("$taken", JsonSerializer.Serialize(taken.Select(one => one.Seq))));
                return [.. taken.Select(one => one.Fact)];
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task RemoveAsync(IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Execute(
            "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each($ids))", ("$ids", JsonSerializer.Serialize(eventIds))),
        cancellationToken);

    /// <inheritdoc />
    public Task PutOffAsync(IReadOnlyCollection<string> eventIds, TimeSpan delay, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Execute(
            "UPDATE outbox SET due_at = $due WHERE id IN (SELECT value FROM json_each($ids))",
            ("$due", NowMs + (long)delay.TotalMilliseconds), ("$ids", JsonSerializer.Serialize(eventIds))),
        cancellationToken);

    /// <inheritdoc />
    public Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        connection => connection.ReadAll(SqliteQueues.ReadBacklog, "SELECT count(*), (SELECT occurred_at FROM outbox ORDER BY seq LIMIT 1) FROM outbox")[0],
        cancellationToken);

    /// <inheritdoc />
    public IDisposable Listen(Action wake) => _signals.Listen([FileSignal.NameOf(_database.FilePath)], wake);
}
