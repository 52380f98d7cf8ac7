using Ems.Core.Messaging.Handling;
using Ems.Core.Messaging.Queue;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>The waiting events of one subscription in the subscriber's file, copied from the publisher's outbox.</summary>
internal sealed class SqliteQueue(
    SqliteDatabase database, Subscription subscription, OutboxReader outbox, SignalWatcher signals, TimeProvider clock) : IMessageQueue
{
    private const int CopiedAtOnce = 500;
    private const int LeasedAtOnce = 20;

    private readonly string _name = subscription.Name;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public IDisposable Listen(Action wake) =>
        signals.Listen([FileSignal.NameOf(outbox.FilePath), FileSignal.NameOf(database.FilePath)], wake);

    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var cursor = await ReadCursorAsync(cancellationToken);
            var (facts, next) = await Task.Run(() => outbox.Read(cursor, subscription.EventNames, CopiedAtOnce), cancellationToken);
            if (next == cursor)
            {
                return;
            }

            await AddAsync(cursor, next, facts, cancellationToken);
        }
    }

    public Task<IReadOnlyList<IReceivedEvent>> LeaseAsync(TimeSpan lease, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<IReceivedEvent>>(
            connection =>
            {
                var owner = Guid.NewGuid().ToString("N");
                var now = NowMs;
                var due = connection.ReadAll(
                    row => (Seq: row.GetInt64(0), Attempts: row.GetInt32(1)),
                    "SELECT seq, attempts FROM inbox WHERE subscription = $subscription AND state = 0 AND due_at <= $now ORDER BY due_at, seq LIMIT $limit",
                    ("$subscription", _name), ("$now", now), ("$limit", LeasedAtOnce));
                var taken = due.Count > 0 && due[0].Attempts > 0 ? due.Take(1) : due.TakeWhile(one => one.Attempts == 0);
                return [.. taken.SelectMany(one => connection.ReadAll(
                    row => new SqliteMessage(
                        database, clock, row.GetInt64(0),
                        new Event(row.GetString(1), row.GetString(2), row.GetInstant(3), row.FindText(4), row.GetString(5)), row.GetInt32(6), owner),
                    """
                    UPDATE inbox SET lease_owner = $owner, due_at = $until, attempts = attempts + 1 WHERE seq = $seq
                    RETURNING seq, id, name, occurred_at, trace_parent, body, attempts
                    """,
                    ("$owner", owner), ("$until", now + (long)lease.TotalMilliseconds), ("$seq", one.Seq)))];
            },
            cancellationToken);

    public Task ReleaseAsync(IReadOnlyList<IReceivedEvent> messages, CancellationToken cancellationToken) => database.WriteAsync(
        connection => messages.Cast<SqliteMessage>().Sum(message => connection.Execute(
            "UPDATE inbox SET lease_owner = NULL, due_at = $now, attempts = attempts - 1 WHERE seq = $seq AND state = 0 AND lease_owner = $owner",
            ("$now", NowMs), ("$seq", message.Seq), ("$owner", message.Owner))),
        cancellationToken);

    public Task<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken) => database.ReadAsync<DateTimeOffset?>(
        connection => connection.FindLong(
            "SELECT min(due_at) FROM inbox WHERE subscription = $subscription AND state = 0", ("$subscription", _name)) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null,
        cancellationToken);

    /// <summary>Where the subscription stands in the publisher's outbox; -1 before its first look.</summary>
    internal Task<long> ReadCursorAsync(CancellationToken cancellationToken) => database.ReadAsync(ReadCursor, cancellationToken);

    /// <summary>
    /// Takes events in and moves the cursor; an event that is known already is left as it is. Nothing happens when another
    /// process of the module has moved the cursor meanwhile.
    /// </summary>
    internal Task<bool> AddAsync(long expectedCursor, long newCursor, IReadOnlyList<Event> facts, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                if (ReadCursor(connection) != expectedCursor)
                {
                    return false;
                }

                foreach (var fact in facts)
                {
                    Add(connection, fact);
                }

                connection.Execute(
                    "INSERT INTO inbox_cursor(subscription, publisher, seq) VALUES ($subscription, $publisher, $seq) ON CONFLICT DO UPDATE SET seq = $seq",
                    ("$subscription", _name), ("$publisher", subscription.Publisher), ("$seq", newCursor));
                return true;
            },
            cancellationToken);

    private long ReadCursor(SqliteConnection connection) => connection.FindLong(
        "SELECT seq FROM inbox_cursor WHERE subscription = $subscription AND publisher = $publisher",
        ("$subscription", _name), ("$publisher", subscription.Publisher)) ?? -1;

    private void Add(SqliteConnection connection, Event fact) => connection.Execute(
        """
        INSERT INTO inbox(subscription, id, name, occurred_at, trace_parent, body, state_at, due_at)
        VALUES ($subscription, $id, $name, $occurred_at, $trace_parent, $body, $now, $now)
        ON CONFLICT(subscription, id) DO NOTHING
        """,
        ("$subscription", _name), ("$id", fact.Id), ("$name", fact.Name),
        ("$occurred_at", fact.OccurredAt.ToUnixTimeMilliseconds()), ("$trace_parent", fact.TraceParent),
        ("$body", fact.Body), ("$now", NowMs));
}

/// <summary>A message that this process has taken for a while.</summary>
internal sealed record SqliteMessage(SqliteDatabase Database, TimeProvider Clock, long Seq, Event Fact, int Attempts, string Owner) : IReceivedEvent
{
    private long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<bool> CompleteAsync(Action<IUnitOfWork> effect) => Database.WriteAsync(
        connection =>
        {
            var marked = connection.Execute(
                "UPDATE inbox SET state = 1, state_at = $now, lease_owner = NULL, error = NULL WHERE seq = $seq AND state = 0 AND lease_owner = $owner",
                ("$now", NowMs), ("$seq", Seq), ("$owner", Owner)) > 0;
            if (marked)
            {
                effect(new SqliteUnitOfWork(connection));
            }

            return marked;
        },
        CancellationToken.None);

    public Task<bool> PutOffAsync(string error, TimeSpan delay) => EndAsync(state: 0, error, NowMs + (long)delay.TotalMilliseconds);

    public Task<bool> ParkAsync(string error) => EndAsync(state: 2, error, NowMs);

    private Task<bool> EndAsync(int state, string error, long dueAt) => Database.WriteAsync(
        connection => connection.Execute(
            """
            UPDATE inbox SET state = $state, state_at = $now, due_at = $due, lease_owner = NULL, error = $error
            WHERE seq = $seq AND state = 0 AND lease_owner = $owner
            """,
            ("$state", state), ("$now", NowMs), ("$due", dueAt), ("$error", error), ("$seq", Seq), ("$owner", Owner)) > 0,
        CancellationToken.None);
}
