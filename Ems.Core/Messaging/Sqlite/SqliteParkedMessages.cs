using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Lists parked messages of all inboxes of this process. An id is the subscription and the event's id.</summary>
internal sealed class SqliteParkedMessages(IServiceProvider services, IEnumerable<InboxRegistration> inboxes, TimeProvider clock) : IParkedMessages
{
    public async Task<IReadOnlyList<ParkedMessage>> ListAsync(int limit, string? afterId, CancellationToken cancellationToken)
    {
        var all = new List<ParkedMessage>();
        foreach (var inbox in inboxes)
        {
            all.AddRange(await Database(inbox).ReadAsync(
                connection => connection.ReadAll(
                    Read,
                    """
                    SELECT subscription || ':' || id AS message, subscription, name, id, occurred_at, state_at, attempts, error, body FROM inbox
                    WHERE state = 2 AND ($after IS NULL OR message > $after) ORDER BY message LIMIT $limit
                    """,
                    ("$after", afterId), ("$limit", limit)),
                cancellationToken));
        }

        return [.. all.OrderBy(message => message.Id, StringComparer.Ordinal).Take(limit)];
    }

    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        var subscription = colon < 0 ? "" : id[..colon];
        var inbox = inboxes.FirstOrDefault(one => subscription.StartsWith(one.Module + ".", StringComparison.Ordinal));
        if (inbox is null)
        {
            return false;
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var again = await Database(inbox).WriteAsync(
            connection => connection.Execute(
                "UPDATE inbox SET state = 0, state_at = $now, due_at = $now, attempts = 0 WHERE subscription = $subscription AND id = $id AND state = 2",
                ("$now", now), ("$subscription", subscription), ("$id", id[(colon + 1)..])) > 0,
            cancellationToken);
        if (again)
        {
            FileSignal.Raise(Database(inbox).FilePath);
        }

        return again;
    }

    private SqliteDatabase Database(InboxRegistration inbox) => services.GetRequiredKeyedService<SqliteDatabase>(inbox.Module);

    private static ParkedMessage Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInstant(4), row.GetInstant(5), row.GetInt32(6),
        row.FindText(7) ?? "", row.GetString(8));
}
