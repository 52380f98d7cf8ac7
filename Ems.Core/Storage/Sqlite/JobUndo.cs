using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Undoes what a job wrote: every value becomes the newest version whose job was not undone, or goes.</summary>
internal sealed class JobUndo(SqliteConnection connection, WriteStamp stamp)
{
    // The values to undo, each with the version that takes its place, if there is one.
    private const string Collect = """
        CREATE TEMP TABLE IF NOT EXISTS undone_version(version INTEGER PRIMARY KEY);
        CREATE TEMP TABLE IF NOT EXISTS undoing(
            start INTEGER, length INTEGER, old REAL, version INTEGER, new REAL, PRIMARY KEY(start, length)) WITHOUT ROWID;
        DELETE FROM undone_version;
        DELETE FROM undoing;
        INSERT INTO undone_version SELECT write.version FROM undone CROSS JOIN write ON write.job = undone.job;
        INSERT INTO undoing
            SELECT c.start, c.length, c.value, v.version, v.value
            FROM value AS c
            LEFT JOIN value_version AS v
                ON v.series = c.series AND v.start = c.start AND v.length = c.length AND v.version = (
                    SELECT max(version) FROM value_version AS x
                    WHERE x.series = c.series AND x.start = c.start AND x.length = c.length
                        AND x.version NOT IN (SELECT version FROM undone_version))
            WHERE c.series = $series AND c.start BETWEEN $first AND $last
                AND +c.version IN (SELECT version FROM write WHERE job = $job);
        """;

    private const string PutBack = """
        INSERT INTO value_version
            SELECT c.* FROM undoing AS u CROSS JOIN value AS c ON c.series = $series AND c.start = u.start AND c.length = u.length;
        INSERT OR REPLACE INTO value
            SELECT v.* FROM undoing AS u CROSS JOIN value_version AS v
                ON v.series = $series AND v.start = u.start AND v.length = u.length AND v.version = u.version;
        DELETE FROM value_version WHERE (series, start, length, version) IN (
            SELECT $series, start, length, version FROM undoing WHERE version IS NOT NULL);
        DELETE FROM value WHERE (series, start, length) IN (
            SELECT $series, start, length FROM undoing WHERE version IS NULL);
        """;

    private readonly SortedDictionary<string, StoredExtent> _extents = new(StringComparer.Ordinal);

    /// <summary>Returns the number of values that changed.</summary>
    public long Run(SqliteTransaction transaction)
    {
        if (connection.FindLong("SELECT version FROM undone WHERE job = $job", ("$job", stamp.JobId)) is not null)
        {
            return 0;
        }

        var ranges = connection.ReadAll(
            row => (Series: row.GetInt64(0), First: row.GetInt64(1), Last: row.GetInt64(2)),
            "SELECT series, first_at, last_at FROM job_range WHERE job = $job",
            ("$job", stamp.JobId));
        if (ranges.Count == 0)
        {
            return 0;
        }

        connection.Execute(
            "INSERT INTO undone(job, version) VALUES ($job, $version)", ("$job", stamp.JobId), ("$version", stamp.NewVersion(connection)));
        var changed = ranges.Sum(range => Undo(SeriesTable.Get(connection, range.Series), range.First, range.Last));
        foreach (var (equipmentId, extent) in _extents)
        {
            stamp.Announce(connection, transaction, equipmentId, extent);
        }

        return changed;
    }

    private long Undo(SeriesRow series, long first, long last)
    {
        connection.Execute(
            Collect, ("$series", series.Id), ("$first", first), ("$last", last), ("$job", stamp.JobId));
        connection.Execute(PutBack, ("$series", series.Id));

        var touched = new TouchedRanges();
        long changed = 0, removed = 0;
        using var command = connection.Prepare("SELECT start, length, old, new FROM undoing ORDER BY start, length");
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var (start, length) = (reader.GetInt64(0), reader.GetInt64(1));
                var isRemoved = reader.IsDBNull(3);
                touched.Add(start, start + length);
                removed += isRemoved ? 1 : 0;
                if (isRemoved || reader.GetDouble(2) != reader.GetDouble(3))
                {
                    changed++;
                    Extent(series.Key.EquipmentId).Add(series.Key.Metric, start, length);
                }
            }
        }

        if (!touched.IsEmpty)
        {
            SeriesTable.Recount(connection, series, -removed);
            RollUps.Invalidate(connection, series, touched);
        }

        return changed;
    }

    private StoredExtent Extent(string equipmentId)
    {
        if (!_extents.TryGetValue(equipmentId, out var extent))
        {
            _extents.Add(equipmentId, extent = new StoredExtent());
        }

        return extent;
    }
}
