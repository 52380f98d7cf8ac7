using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Puts rows of a file that has them in no order into order, on disk.</summary>
internal static class SortedRows
{
    public static IEnumerable<TimedRow> Sort(IEnumerable<TimedRow> rows, string path, RowPool pool)
    {
        File.Delete(path);
        using (new FileStream(path, PrivateFile.ToWrite()))
        {
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE row(key TEXT, start INTEGER, number INTEGER, length INTEGER, body BLOB, PRIMARY KEY(key, start, number)) WITHOUT ROWID; BEGIN");
        foreach (var faulty in Fill(connection, rows, pool))
        {
            yield return faulty;
        }

        Execute(connection, "COMMIT");
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT start, length, number, body, key FROM row ORDER BY key, start, number";
        using var found = query.ExecuteReader();
        while (found.Read())
        {
            var time = new ResolvedLabel(Instant.FromUnixTimeTicks(found.GetInt64(0)), Duration.FromTicks(found.GetInt64(1)));
            var row = pool.Take();
            new RowSpoolReader(new SpoolBytes(found.GetFieldValue<byte[]>(3))).Read(row);
            yield return new TimedRow(row, found.GetString(4), time, found.GetInt32(2));
        }
    }

    /// <summary>Stores the rows that have a time; gives back those that have none.</summary>
    private static IEnumerable<TimedRow> Fill(SqliteConnection connection, IEnumerable<TimedRow> rows, RowPool pool)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO row VALUES($key, $start, $number, $length, $body)";
        var key = insert.Parameters.Add("$key", SqliteType.Text);
        var start = insert.Parameters.Add("$start", SqliteType.Integer);
        var number = insert.Parameters.Add("$number", SqliteType.Integer);
        var length = insert.Parameters.Add("$length", SqliteType.Integer);
        var body = insert.Parameters.Add("$body", SqliteType.Blob);
        using var buffer = new MemoryStream();
        using var writer = new RowSpoolWriter(buffer);
        foreach (var timed in rows)
        {
            if (timed.Time.Fault is not null)
            {
                yield return timed;
                continue;
            }

            buffer.SetLength(0);
            writer.Write(timed.Row);
            writer.Flush();
            (key.Value, start.Value, number.Value) = (timed.Key, timed.Time.Start.ToUnixTimeTicks(), timed.Number);
            (length.Value, body.Value) = (timed.Time.Length.BclCompatibleTicks, buffer.ToArray());
            insert.ExecuteNonQuery();
            pool.GiveBack(timed.Row);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
