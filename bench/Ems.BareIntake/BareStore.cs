using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Ems.BareIntake;

/// <summary>A live reading as it is sent.</summary>
internal sealed record BareReading(
    [property: JsonPropertyName("equipment_id")] string EquipmentId, DateTimeOffset Timestamp, Dictionary<string, double> Values);

/// <summary>One connection, one prepared statement, one writer at a time.</summary>
internal sealed class BareStore : IDisposable
{
    private readonly Lock _writing = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareStore(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ToString());
        _connection.Open();
        Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -16384;
            CREATE TABLE IF NOT EXISTS value(
                equipment TEXT NOT NULL, metric TEXT NOT NULL, start INTEGER NOT NULL, value REAL NOT NULL,
                PRIMARY KEY(equipment, metric, start)) STRICT, WITHOUT ROWID;
            """);
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT OR REPLACE INTO value(equipment, metric, start, value) VALUES ($equipment, $metric, $start, $value)";
        foreach (var name in new[] { "$equipment", "$metric", "$start", "$value" })
        {
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        _insert.Prepare();
    }

    public int Insert(IReadOnlyList<BareReading> readings)
    {
        lock (_writing)
        {
            using var transaction = _connection.BeginTransaction();
            _insert.Transaction = transaction;
            foreach (var reading in readings)
            {
                foreach (var (metric, value) in reading.Values)
                {
                    _insert.Parameters[0].Value = reading.EquipmentId;
                    _insert.Parameters[1].Value = metric;
                    _insert.Parameters[2].Value = reading.Timestamp.ToUnixTimeMilliseconds();
                    _insert.Parameters[3].Value = value;
                    _insert.ExecuteNonQuery();
                }
            }

            transaction.Commit();
        }

        return readings.Count;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
