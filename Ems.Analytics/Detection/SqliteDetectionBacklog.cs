using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Analytics.Detection;

internal sealed class SqliteDetectionBacklog([FromKeyedServices(AnalyticsDatabase.Module)] SqliteDatabase database) : IDetectionBacklog
{
    public void Add(IUnitOfWork work, ReadingsStored stored)
    {
        var connection = SqliteUnitOfWork.Of(work).Connection;
        var (from, to) = (stored.From.ToUnixTimeMilliseconds(), stored.To.ToUnixTimeMilliseconds());
        Execute(
            connection,
            """
            INSERT INTO received(equipment, site, events, readings, first_at, last_at) VALUES ($equipment, $site, 1, $count, $from, $to)
            ON CONFLICT DO UPDATE SET site = $site, events = events + 1, readings = readings + $count,
                first_at = min(first_at, $from), last_at = max(last_at, $to)
            """,
            ("$equipment", stored.EquipmentId), ("$site", stored.Site), ("$count", stored.Count), ("$from", from), ("$to", to));

        var gap = (long)WaitingRange.Joined.TotalMilliseconds;
        using var near = Prepare(
            connection,
            "DELETE FROM detection_range WHERE equipment = $equipment AND start <= $to + $gap AND stop >= $from - $gap RETURNING start, stop",
            ("$equipment", stored.EquipmentId), ("$from", from), ("$to", to), ("$gap", gap));
        using (var reader = near.ExecuteReader())
        {
            while (reader.Read())
            {
                from = Math.Min(from, reader.GetInt64(0));
                to = Math.Max(to, reader.GetInt64(1));
            }
        }

        Execute(
            connection,
            "INSERT INTO detection_range(equipment, start, stop) VALUES ($equipment, $from, $to)",
            ("$equipment", stored.EquipmentId), ("$from", from), ("$to", to));
    }

    public Task<IReadOnlyList<ReceivedReadings>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ReceivedReadings>>(
            connection =>
            {
                var waiting = ReadWaiting(connection).ToLookup(one => one.EquipmentId, one => one.Range, StringComparer.Ordinal);
                return [.. ReadReceived(connection).Select(one => one with { Waiting = [.. waiting[one.EquipmentId]] })];
            },
            cancellationToken);

    private static List<(string EquipmentId, WaitingRange Range)> ReadWaiting(SqliteConnection connection)
    {
        using var command = Prepare(connection, "SELECT equipment, start, stop FROM detection_range ORDER BY equipment, start");
        using var reader = command.ExecuteReader();
        var rows = new List<(string, WaitingRange)>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), new WaitingRange(InstantAt(reader, 1), InstantAt(reader, 2))));
        }

        return rows;
    }

    private static List<ReceivedReadings> ReadReceived(SqliteConnection connection)
    {
        using var command = Prepare(connection, "SELECT equipment, site, events, readings, first_at, last_at FROM received ORDER BY equipment");
        using var reader = command.ExecuteReader();
        var rows = new List<ReceivedReadings>();
        while (reader.Read())
        {
            rows.Add(new ReceivedReadings(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3),
                InstantAt(reader, 4), InstantAt(reader, 5), []));
        }

        return rows;
    }

    private static Instant InstantAt(SqliteDataReader reader, int column) => Instant.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Prepare(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants; values come as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
