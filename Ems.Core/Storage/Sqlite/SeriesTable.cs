using System.Text.Json;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A series as the file knows it.</summary>
/// <param name="FirstAt">Start of its first value; null where there are none, like <paramref name="LastAt"/>.</param>
/// <param name="LastAt">Start of its last value.</param>
internal sealed record SeriesRow(long Id, SeriesKey Key, QuantityKind Kind, string Unit, long? FirstAt, long? LastAt, long Count)
{
    /// <summary>Whether a day of it can hold more than 96 values.</summary>
    public bool RollsUp => Key.RollsUp();

    /// <summary>About how many values lie in [from, to).</summary>
    public long CountWithin(Instant from, Instant to)
    {
        if (FirstAt is not { } first || LastAt is not { } last || last == first)
        {
            return Count;
        }

        var within = Math.Min(to.ToUnixTimeMilliseconds(), last) - Math.Max(from.ToUnixTimeMilliseconds(), first);
        return (long)(Count * Math.Max(0d, within) / (last - first)) + 1;
    }
}

/// <summary>The table of series.</summary>
internal static class SeriesTable
{
    private const string Columns = "id, equipment, metric, length, kind, unit, first_at, last_at, count";

    /// <summary>The one of exactly this length, which an older version may have told apart, else of its nominal length.</summary>
    public static SeriesRow? Find(SqliteConnection connection, SeriesKey key) => connection.ReadAll(
        Row,
        $"""
        SELECT {Columns} FROM series WHERE equipment = $equipment AND metric = $metric AND length IN ($length, $nominal)
        ORDER BY length <> $length LIMIT 1
        """,
        ("$equipment", key.EquipmentId), ("$metric", key.Metric), ("$length", key.Length.Milliseconds()),
        ("$nominal", NominalLength.Of(key.Length).Milliseconds())).SingleOrDefault();

    public static long? FindRevision(SqliteConnection connection, SeriesKey key) => connection.FindLong(
        "SELECT revision FROM series WHERE equipment = $equipment AND metric = $metric AND length = $length",
        ("$equipment", key.EquipmentId), ("$metric", key.Metric), ("$length", key.Length.Milliseconds()));

    public static SeriesRow Add(SqliteConnection connection, SeriesKey key, QuantityKind kind, string unit) => new(
        connection.ReadLong(
            "INSERT INTO series(equipment, metric, length, kind, unit) VALUES ($equipment, $metric, $length, $kind, $unit) RETURNING id",
            ("$equipment", key.EquipmentId), ("$metric", key.Metric), ("$length", key.Length.Milliseconds()), ("$kind", (int)kind), ("$unit", unit)),
        key, kind, unit, null, null, 0);

    /// <summary>A series that holds nothing takes the kind and unit of what comes now.</summary>
    public static SeriesRow Renew(SqliteConnection connection, SeriesRow series, QuantityKind kind, string unit)
    {
        if (series.FirstAt is not null || (series.Kind == kind && series.Unit == unit))
        {
            return series;
        }

        connection.Execute("UPDATE series SET kind = $kind, unit = $unit WHERE id = $id", ("$kind", (int)kind), ("$unit", unit), ("$id", series.Id));
        return series with { Kind = kind, Unit = unit };
    }

    public static SeriesRow Get(SqliteConnection connection, long id) =>
        connection.ReadAll(Row, $"SELECT {Columns} FROM series WHERE id = $id", ("$id", id)).Single();

    /// <summary>All series that share their readings: those of one equipment and length.</summary>
    public static List<SeriesRow> ListGroup(SqliteConnection connection, string equipmentId, Duration length) => connection.ReadAll(
        Row,
        $"SELECT {Columns} FROM series WHERE equipment = $equipment AND length = $length",
        ("$equipment", equipmentId), ("$length", length.Milliseconds()));

    /// <summary>Also those whose values were all undone.</summary>
    public static IReadOnlyList<SeriesRow> ListAll(SqliteConnection connection, string equipmentId, string? metric) => connection.ReadAll(
        Row,
        $"SELECT {Columns} FROM series WHERE equipment = $equipment AND metric = coalesce($metric, metric)",
        ("$equipment", equipmentId), ("$metric", metric));

    public static IReadOnlyList<SeriesInfo> List(
        SqliteConnection connection, IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics) => connection.ReadAll(
        row => new SeriesInfo(
            new SeriesKey(row.GetString(0), row.GetString(1), row.GetLength(2)), (QuantityKind)row.GetInt32(3), row.GetString(4),
            row.GetInstant(5), row.GetInstant(6), row.GetInstant(7), row.GetInt64(8), row.GetInt64(9)),
        // What is not asked for is left out of the statement: with `$equipment IS NULL OR` in it, all series would be gone through for one meter.
        $"""
        SELECT equipment, metric, length, kind, unit, first_at, last_at, end_at, count, revision FROM series
        WHERE count > 0
            {(equipmentIds is null ? "" : "AND equipment IN (SELECT value FROM json_each($equipment))")}
            {(metrics is null ? "" : "AND metric IN (SELECT value FROM json_each($metrics))")}
        ORDER BY equipment, metric, length
        """,
        ("$equipment", equipmentIds is null ? null : JsonSerializer.Serialize(equipmentIds)),
        ("$metrics", metrics is null ? null : JsonSerializer.Serialize(metrics)));

    /// <summary>Brings number and extent up to date after values came or took the place of others.</summary>
    public static void Grow(SqliteConnection connection, SeriesRow series, long added, TouchedRanges touched) => connection.Execute(
        $"""
        UPDATE series SET
            count = count + $added,
            revision = {IngestionDatabase.NextRevision},
            first_at = min(coalesce(first_at, $first), $first),
            last_at = max(coalesce(last_at, $last), $last),
            end_at = max(coalesce(end_at, $end), $end)
        WHERE id = $id
        """,
        ("$added", added), ("$first", touched.First), ("$last", touched.Last), ("$end", touched.End), ("$id", series.Id));

    /// <summary>Brings number and extent up to date after values went.</summary>
    public static void Shrink(SqliteConnection connection, SeriesRow series, long removed)
    {
        var (firstAt, lastAt) = connection.ReadAll(
            row => (row.FindLong(0), row.FindLong(1)),
            """
            SELECT
                (SELECT first_at FROM value_block WHERE series = $id ORDER BY first_at LIMIT 1),
                (SELECT last_at FROM value_block WHERE series = $id ORDER BY first_at DESC LIMIT 1)
            """,
            ("$id", series.Id)).Single();
        long? endAt = lastAt is not { } last
            ? null
            : new ValueBlocks(connection, series.Id).Read(last - NominalLength.Longest(series.Key.Length).Milliseconds(), last).Max(value => value.Start + value.Length);
        connection.Execute(
            $"""
            UPDATE series SET
                count = count - $removed, revision = {IngestionDatabase.NextRevision}, first_at = $first, last_at = $last, end_at = $end
            WHERE id = $id
            """,
            ("$removed", removed), ("$first", firstAt), ("$last", lastAt), ("$end", endAt), ("$id", series.Id));
    }

    /// <summary>Finds number and extent anew.</summary>
    public static void Recount(SqliteConnection connection, SeriesRow series)
    {
        connection.Execute(
            "UPDATE series SET count = (SELECT ifnull(sum(count), 0) FROM value_block WHERE series = $id) WHERE id = $id", ("$id", series.Id));
        Shrink(connection, series, removed: 0);
    }

    private static SeriesRow Row(SqliteDataReader row) => new(
        row.GetInt64(0), new SeriesKey(row.GetString(1), row.GetString(2), row.GetLength(3)), (QuantityKind)row.GetInt32(4),
        row.GetString(5), row.FindLong(6), row.FindLong(7), row.GetInt64(8));
}
