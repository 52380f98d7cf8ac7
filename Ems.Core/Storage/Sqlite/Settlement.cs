using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Decides anew which version of values is the current one: the newest whose job was not undone. First the current values of a series
/// are laid out in a table of their own and its cells are collected, then their versions may be moved about, then they are settled.
/// </summary>
internal sealed class Settlement
{
    private const string Tables = """
        CREATE TEMP TABLE IF NOT EXISTS undone_version(version INTEGER PRIMARY KEY);
        CREATE TEMP TABLE IF NOT EXISTS cell(
            start INTEGER, length INTEGER, old REAL, old_flags INTEGER, version INTEGER, new REAL, new_flags INTEGER,
            PRIMARY KEY(start, length)) WITHOUT ROWID;
        CREATE TEMP TABLE IF NOT EXISTS value(
            series INTEGER, start INTEGER, length INTEGER, version INTEGER, value REAL, flags INTEGER, source_value REAL, source_unit TEXT,
            PRIMARY KEY(series, start, length)) WITHOUT ROWID;
        DELETE FROM value;
        DELETE FROM undone_version;
        INSERT INTO undone_version SELECT write.version FROM undone CROSS JOIN write ON write.job = undone.job;
        """;

    private const string Choose = """
        UPDATE cell SET version = nullif(max(
            ifnull((SELECT version FROM value AS c
                    WHERE c.series = $series AND c.start = cell.start AND c.length = cell.length
                        AND c.version NOT IN (SELECT version FROM undone_version)), -1),
            ifnull((SELECT max(version) FROM value_version AS v
                    WHERE v.series = $series AND v.start = cell.start AND v.length = cell.length
                        AND v.version NOT IN (SELECT version FROM undone_version)), -1)), -1);
        INSERT INTO value_version
            SELECT c.* FROM cell CROSS JOIN value AS c ON c.series = $series AND c.start = cell.start AND c.length = cell.length
            WHERE c.version IS NOT cell.version;
        INSERT OR REPLACE INTO value
            SELECT v.* FROM cell CROSS JOIN value_version AS v
                ON v.series = $series AND v.start = cell.start AND v.length = cell.length AND v.version = cell.version;
        DELETE FROM value_version WHERE (series, start, length, version) IN (
            SELECT $series, start, length, version FROM cell WHERE version IS NOT NULL);
        DELETE FROM value WHERE (series, start, length) IN (
            SELECT $series, start, length FROM cell WHERE version IS NULL);
        UPDATE cell SET (new, new_flags) = (
            SELECT value, flags FROM value AS c WHERE c.series = $series AND c.start = cell.start AND c.length = cell.length)
            WHERE version IS NOT NULL;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<long, (long First, long Last)> _laidOut = [];
    private readonly SortedDictionary<string, (StoredExtent Extent, HashSet<(long, long)> Readings)> _changed = new(StringComparer.Ordinal);

    public Settlement(SqliteConnection connection)
    {
        _connection = connection;
        connection.Execute(Tables);
    }

    /// <summary>Lays out the current values that start within [first, last], in the form of value_version.</summary>
    public void LayOut(SeriesRow series, long first = long.MinValue, long last = long.MaxValue)
    {
        _laidOut[series.Id] = (first, last);
        foreach (var value in new ValueBlocks(_connection, series.Id).Read(first, last))
        {
            _connection.Execute(
                $"INSERT INTO value(series, {ValueVersions.Columns}) VALUES ($series, $start, $length, $value, $version, $flags, $source, $unit)",
                ("$series", series.Id), ("$start", value.Start), ("$length", value.Length), ("$value", value.Value), ("$version", value.Version),
                ("$flags", (int)value.Flags), ("$source", value.SourceValue), ("$unit", value.SourceUnit));
        }
    }

    /// <param name="cells">Selects start and length of the cells, each once.</param>
    public void Collect(SeriesRow series, string cells, params ReadOnlySpan<(string Name, object? Value)> parameters) => _connection.Execute(
        $"""
        DELETE FROM cell;
        INSERT INTO cell(start, length, old, old_flags)
            SELECT k.start, k.length, c.value, c.flags FROM ({cells}) AS k
            LEFT JOIN value AS c ON c.series = $series AND c.start = k.start AND c.length = k.length
        """,
        [.. parameters, ("$series", series.Id)]);

    /// <summary>Makes the newest valid version of each cell the current one; returns the number of values that changed.</summary>
    public long Settle(SeriesRow series)
    {
        _connection.Execute(Choose, ("$series", series.Id));
        return Touch(series);
    }

    /// <summary>Takes note that the series has no current value in any cell.</summary>
    public long Leave(SeriesRow series) => Touch(series);

    /// <summary>Clears the table for the next series.</summary>
    public void Clear() => _connection.Execute("DELETE FROM value");

    /// <summary>Tells of all that changed, one event for each equipment.</summary>
    public void Announce(WriteStamp stamp)
    {
        foreach (var (equipmentId, (extent, readings)) in _changed)
        {
            extent.Count = readings.Count;
            stamp.Announce(_connection, equipmentId, SqliteCatalogue.FindEquipment(_connection, equipmentId)?.Site, extent);
        }
    }

    private long Touch(SeriesRow series)
    {
        TouchedRanges touched = new(), changed = new();
        List<(long, long)> readings = [];
        using var command = _connection.Prepare("SELECT start, length, old, old_flags, new, new_flags FROM cell ORDER BY start, length");
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var (start, length) = (reader.GetInt64(0), reader.GetInt64(1));
                var (old, now) = (ReadValue(reader, 2), ReadValue(reader, 4));
                if (old is null && now is null)
                {
                    continue;
                }

                touched.Add(start, start + length);
                if (!SameValue.Is(old, now))
                {
                    changed.Add(start, start + length);
                    readings.Add((start, length));
                }
            }
        }

        if (!touched.IsEmpty)
        {
            PutBack(series);
            SeriesTable.Recount(_connection, series);
            RollUps.Invalidate(_connection, series, touched);
            UncheckedRanges.Add(_connection, series.Id, touched);
        }

        if (!changed.IsEmpty)
        {
            Note(series.Key, changed, readings);
        }

        return readings.Count;
    }

    /// <summary>Takes what is laid out into the series again.</summary>
    private void PutBack(SeriesRow series)
    {
        var (first, last) = _laidOut[series.Id];
        new ValueBlocks(_connection, series.Id).Replace(first, last, _connection.ReadAll(
            ValueVersions.Read, $"SELECT {ValueVersions.Columns} FROM value WHERE series = $series ORDER BY start, length", ("$series", series.Id)));
    }

    private static (double Value, ReadingFlags Flags)? ReadValue(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : (row.GetDouble(column), (ReadingFlags)row.GetInt32(column + 1));

    private void Note(SeriesKey key, TouchedRanges changed, List<(long, long)> readings)
    {
        if (!_changed.TryGetValue(key.EquipmentId, out var entry))
        {
            _changed.Add(key.EquipmentId, entry = (new StoredExtent(), []));
        }

        entry.Extent.Add(key.Metric, changed);
        entry.Readings.UnionWith(readings);
    }
}
