using Microsoft.Data.Sqlite;

namespace Ems.Core.Messaging.Sqlite;

/// <summary>Events that wait, in the file whose change they tell of, until they are published.</summary>
public static class SqliteOutbox
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

    /// <summary>Adds an event in the transaction of the change.</summary>
    public static void Append(SqliteConnection connection, SqliteTransaction transaction, Event fact)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "INSERT INTO outbox(id, name, occurred_at, trace_parent, body) VALUES ($id, $name, $occurred_at, $trace_parent, $body)";
        command.Parameters.AddWithValue("$id", fact.Id);
        command.Parameters.AddWithValue("$name", fact.Name);
        command.Parameters.AddWithValue("$occurred_at", fact.OccurredAt.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$trace_parent", (object?)fact.TraceParent ?? DBNull.Value);
        command.Parameters.AddWithValue("$body", fact.Body);
        command.ExecuteNonQuery();
    }
}
