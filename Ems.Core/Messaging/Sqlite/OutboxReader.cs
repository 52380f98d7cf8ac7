using System.Text.Json;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Reads another module's outbox, without ever writing to its file.</summary>
internal sealed class OutboxReader(string path)
{
    private readonly string _connectionString =
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 60 }.ToString();

    public string FilePath => path;

    /// <summary>
    /// Events after <paramref name="cursor"/> that have one of the names, and the cursor behind all that was looked at. A file
    /// or a table that does not exist yet has no events.
    /// </summary>
    public (IReadOnlyList<Event> Facts, long Cursor) Read(long cursor, IReadOnlyList<string> names, int limit) => Read(
        connection =>
        {
            var from = Start(connection, cursor);
            var rows = connection.ReadAll(
                row => (Seq: row.GetInt64(0), Fact: ReadEvent(row)),
                "SELECT seq, id, name, occurred_at, trace_parent, body FROM outbox WHERE seq > $cursor ORDER BY seq LIMIT $limit",
                ("$cursor", from), ("$limit", limit));
            return (
                (IReadOnlyList<Event>)[.. rows.Select(row => row.Fact).Where(fact => names.Contains(fact.Name, StringComparer.Ordinal))],
                rows.Count > 0 ? rows[^1].Seq : from);
        },
        ([], Math.Max(cursor, 0)));

    /// <summary>Events after <paramref name="cursor"/> that have one of the names.</summary>
    public Backlog ReadBacklog(long cursor, IReadOnlyList<string> names) => Read(
        connection => connection.ReadAll(
            SqliteQueues.ReadBacklog,
            "SELECT count(*), min(occurred_at) FROM outbox WHERE seq > $cursor AND name IN (SELECT value FROM json_each($names))",
            ("$cursor", Start(connection, cursor)), ("$names", JsonSerializer.Serialize(names)))[0],
        default);

    private T Read<T>(Func<SqliteConnection, T> read, T withoutOutbox)
    {
        if (!File.Exists(path))
        {
            return withoutOutbox;
        }

        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA query_only = 1");
        using var transaction = connection.BeginTransaction(deferred: true);
        return connection.FindLong("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'") is null ? withoutOutbox : read(connection);
    }

    /// <summary>An older copy of the file may have been put back: then from the start, for known events are recognised by their ids.</summary>
    private static long Start(SqliteConnection connection, long cursor) =>
        cursor > (connection.FindLong("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") ?? 0) ? 0 : Math.Max(cursor, 0);

    private static Event ReadEvent(SqliteDataReader row) => new(
        row.GetString(1), row.GetString(2), Instant.FromUnixTimeMilliseconds(row.GetInt64(3)), row.FindText(4), row.GetString(5));
}
