using System.Text.Json;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A series as the file knows it.</summary>
internal sealed record SeriesRow(long Id, SeriesKey Key, QuantityKind Kind)
{
    /// <summary>Whether a day of it can hold more than 96 values.</summary>
    public bool RollsUp => Key.RollsUp();
}

/// <summary>The table of series.</summary>
internal static class SeriesTable
{
    public static SeriesRow? Find(SqliteConnection connection, SeriesKey key)
    {
        var nominal = key with { Length = NominalLength.Of(key.Length) };
        return connection.ReadAll(
            row => new SeriesRow(row.GetInt64(0), nominal, (QuantityKind)row.GetInt32(1)),
            "SELECT id, kind FROM series WHERE equipment = $equipment AND metric = $metric AND length = $length",
            ("$equipment", nominal.EquipmentId), ("$metric", nominal.Metric), ("$length", nominal.Length.Milliseconds())).SingleOrDefault();
    }

    public static SeriesRow FindOrAdd(SqliteConnection connection, SeriesKey key, MetricValue example)
    {
        if (Find(connection, key) is { } found)
        {
            return found;
        }

        connection.Execute(
            "INSERT INTO series(equipment, metric, length, kind, unit) VALUES ($equipment, $metric, $length, $kind, $unit)",
            ("$equipment", key.EquipmentId), ("$metric", key.Metric), ("$length", key.Length.Milliseconds()),
            ("$kind", (int)example.Kind), ("$unit", example.Unit));
        return Find(connection, key)!;
    }

    public static SeriesRow Get(SqliteConnection connection, long id) => connection.ReadAll(
        row => new SeriesRow(
            id, new SeriesKey(row.GetString(0), row.GetString(1), row.GetLength(2)), (QuantityKind)row.GetInt32(3)),
        "SELECT equipment, metric, length, kind FROM series WHERE id = $id",
        ("$id", id)).Single();

    /// <summary>Also those whose values were all undone.</summary>
    public static IReadOnlyList<SeriesRow> ListAll(SqliteConnection connection, string equipmentId, string? metric) => connection.ReadAll(
        row => new SeriesRow(
            row.GetInt64(0), new SeriesKey(equipmentId, row.GetString(1), row.GetLength(2)), (QuantityKind)row.GetInt32(3)),
        "SELECT id, metric, length, kind FROM series WHERE equipment = $equipment AND metric = coalesce($metric, metric)",
        ("$equipment", equipmentId), ("$metric", metric));

    public static IReadOnlyList<SeriesInfo> List(
        SqliteConnection connection, IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics) => connection.ReadAll(
        row => new SeriesInfo(
            new SeriesKey(row.GetString(0), row.GetString(1), row.GetLength(2)),
            (QuantityKind)row.GetInt32(3), row.GetString(4), row.GetInstant(5), row.GetInstant(6), row.GetInt64(7)),
        """
        SELECT equipment, metric, length, kind, unit, first_at, last_at, count FROM series
        WHERE count > 0
            AND ($equipment IS NULL OR equipment IN (SELECT value FROM json_each($equipment)))
            AND ($metrics IS NULL OR metric IN (SELECT value FROM json_each($metrics)))
        ORDER BY equipment, metric, length
        """,
        ("$equipment", equipmentIds is null ? null : JsonSerializer.Serialize(equipmentIds)),
        ("$metrics", metrics is null ? null : JsonSerializer.Serialize(metrics)));

    /// <summary>Brings number and extent up to date after values came or went.</summary>
    public static void Recount(SqliteConnection connection, SeriesRow series, long added) => connection.Execute(
        """
        UPDATE series SET
            count = count + $added,
            first_at = (SELECT min(start) FROM value WHERE series = $id),
            last_at = (SELECT max(start) FROM value WHERE series = $id)
        WHERE id = $id
        """,
        ("$added", added), ("$id", series.Id));
}
