using System.Text.Json;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>A message that this process has taken for a while.</summary>
internal sealed record LeasedMessage(long Seq, Event Fact, int Attempts, string Owner);

/// <summary>The events of one subscription in the subscriber's file. Times in it are Unix milliseconds.</summary>
public sealed class SqliteInbox
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

    private const int LeasedAtOnce = 20;

    private readonly SqliteDatabase _database;
    private readonly string _subscription;
    private readonly TimeProvider _clock;

    internal SqliteInbox(SqliteDatabase database, string subscription, TimeProvider clock)
    {
        _database = database;
        _subscription = subscription;
        _clock = clock;
    }

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Where the subscription stands in the publisher's outbox; -1 before its first look.</summary>
    internal Task<long> ReadCursorAsync(string publisher, CancellationToken cancellationToken) =>
        _database.ReadAsync(connection => ReadCursor(connection, publisher), cancellationToken);

    /// <summary>
    /// Takes events in and moves the cursor; an event that is known already is left as it is. Nothing happens when another
    /// process of the module has moved the cursor meanwhile.
    /// </summary>
    internal Task<bool> AddAsync(
        string publisher, long expectedCursor, long newCursor, IReadOnlyList<Event> facts, CancellationToken cancellationToken) => _database.WriteAsync(
        (connection, _) =>
        {
            if (ReadCursor(connection, publisher) != expectedCursor)
            {
                return false;
            }

            foreach (var fact in facts)
            {
                Add(connection, fact);
            }

            connection.Execute(
                "INSERT INTO inbox_cursor(subscription, publisher, seq) VALUES ($subscription, $publisher, $seq) ON CONFLICT DO UPDATE SET seq = $seq",
                ("$subscription", _subscription), ("$publisher", publisher), ("$seq", newCursor));
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Takes messages that are due: several new ones, or a single one that was tried before, so that one which ends the
    /// process does not count against its neighbours.
    /// </summary>
    internal Task<IReadOnlyList<LeasedMessage>> LeaseAsync(TimeSpan lease, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<LeasedMessage>>(
            (connection, _) =>
            {
                var owner = Guid.NewGuid().ToString("N");
                var now = NowMs;
                var due = connection.ReadAll(
                    row => (Seq: row.GetInt64(0), Attempts: row.GetInt32(1)),
                    "SELECT seq, attempts FROM inbox WHERE subscription = $subscription AND state = 0 AND due_at <= $now ORDER BY due_at, seq LIMIT $limit",
                    ("$subscription", _subscription), ("$now", now), ("$limit", LeasedAtOnce));
                var taken = due.Count > 0 && due[0].Attempts > 0 ? due.Take(1) : due.TakeWhile(one => one.Attempts == 0);
                return [.. taken.SelectMany(one => connection.ReadAll(
                    row => ReadLeased(row, owner),
                    """
                    UPDATE inbox SET lease_owner = $owner, due_at = $until, attempts = attempts + 1 WHERE seq = $seq
                    RETURNING seq, id, name, occurred_at, trace_parent, body, attempts
                    """,
                    ("$owner", owner), ("$until", now + (long)lease.TotalMilliseconds), ("$seq", one.Seq)))];
            },
            cancellationToken);

    /// <summary>Applies the effect and marks the message in one transaction; false, without the effect, when the lease was lost.</summary>
    internal Task<bool> CompleteAsync(LeasedMessage message, Action<IUnitOfWork> effect, CancellationToken cancellationToken) => _database.WriteAsync(
        (connection, transaction) =>
        {
            var marked = connection.Execute(
                "UPDATE inbox SET state = 1, state_at = $now, lease_owner = NULL, error = NULL WHERE seq = $seq AND state = 0 AND lease_owner = $owner",
                ("$now", NowMs), ("$seq", message.Seq), ("$owner", message.Owner)) > 0;
            if (marked)
            {
                effect(new SqliteUnitOfWork(connection, transaction));
            }

            return marked;
        },
        cancellationToken);

    /// <summary>Puts the message off, or parks it when <paramref name="delay"/> is null.</summary>
    internal Task<bool> FailAsync(LeasedMessage message, string error, TimeSpan? delay, CancellationToken cancellationToken) => _database.WriteAsync(
        (connection, _) => connection.Execute(
            """
            UPDATE inbox SET state = $state, state_at = $now, due_at = $due, lease_owner = NULL, error = $error
            WHERE seq = $seq AND state = 0 AND lease_owner = $owner
            """,
            ("$state", delay is null ? 2 : 0), ("$now", NowMs), ("$due", NowMs + (long)(delay ?? TimeSpan.Zero).TotalMilliseconds),
            ("$error", error), ("$seq", message.Seq), ("$owner", message.Owner)) > 0,
        cancellationToken);

    /// <summary>Gives messages back that were not tried.</summary>
    internal Task ReleaseAsync(IReadOnlyList<LeasedMessage> messages, CancellationToken cancellationToken) => _database.WriteAsync(
        (connection, _) => messages.Sum(message => connection.Execute(
            "UPDATE inbox SET lease_owner = NULL, due_at = $now, attempts = attempts - 1 WHERE seq = $seq AND state = 0 AND lease_owner = $owner",
            ("$now", NowMs), ("$seq", message.Seq), ("$owner", message.Owner))),
        cancellationToken);

    /// <summary>When the next message falls due, if one waits.</summary>
    internal Task<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken) => _database.ReadAsync<DateTimeOffset?>(
        connection => connection.FindLong(
            "SELECT min(due_at) FROM inbox WHERE subscription = $subscription AND state = 0", ("$subscription", _subscription)) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null,
        cancellationToken);

    /// <summary>Forgets messages of the file that were handled before the given time.</summary>
    internal static Task<int> PruneAsync(SqliteDatabase database, DateTimeOffset before, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, _) => connection.Execute(
            "DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE state = 1 AND state_at < $before LIMIT 5000)",
            ("$before", before.ToUnixTimeMilliseconds())),
        cancellationToken);

    /// <summary>Forgets the cursors of subscriptions that the module no longer has: they would keep events from being deleted.</summary>
    internal static Task<int> ForgetOthersAsync(
        SqliteDatabase database, IReadOnlyCollection<string> subscriptions, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, _) => connection.Execute(
            "DELETE FROM inbox_cursor WHERE subscription NOT IN (SELECT value FROM json_each($known))",
            ("$known", JsonSerializer.Serialize(subscriptions))),
        cancellationToken);

    private long ReadCursor(SqliteConnection connection, string publisher) => connection.FindLong(
        "SELECT seq FROM inbox_cursor WHERE subscription = $subscription AND publisher = $publisher",
        ("$subscription", _subscription), ("$publisher", publisher)) ?? -1;

    private void Add(SqliteConnection connection, Event fact) => connection.Execute(
        """
        INSERT INTO inbox(subscription, id, name, occurred_at, trace_parent, body, state_at, due_at)
        VALUES ($subscription, $id, $name, $occurred_at, $trace_parent, $body, $now, $now)
        ON CONFLICT(subscription, id) DO NOTHING
        """,
        ("$subscription", _subscription), ("$id", fact.Id), ("$name", fact.Name),
        ("$occurred_at", fact.OccurredAt.ToUnixTimeMilliseconds()), ("$trace_parent", fact.TraceParent),
        ("$body", fact.Body), ("$now", NowMs));

    private static LeasedMessage ReadLeased(SqliteDataReader row, string owner) => new(
        row.GetInt64(0),
        new Event(row.GetString(1), row.GetString(2), Instant.FromUnixTimeMilliseconds(row.GetInt64(3)), row.FindText(4), row.GetString(5)),
        row.GetInt32(6),
        owner);
}
