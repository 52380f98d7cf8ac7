using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Undoes what a job wrote: every value becomes the newest version whose job was not undone, or goes.</summary>
internal sealed class JobUndo(SqliteConnection connection, WriteStamp stamp)
{
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
        var written = connection.ReadAll(
            row => (Start: row.GetInt64(0), Length: row.GetInt64(1), Value: row.GetDouble(2)),
            """
            SELECT start, length, value FROM value
            WHERE series = $series AND start BETWEEN $first AND $last AND version IN (SELECT version FROM write WHERE job = $job)
            ORDER BY start, length
            """,
            ("$series", series.Id), ("$first", first), ("$last", last), ("$job", stamp.JobId));
        using var statements = new Statements(connection);
        var touched = new TouchedRanges();
        long changed = 0, removed = 0;
        foreach (var (start, length, value) in written)
        {
            var earlier = statements.PutBack(series.Id, start, length);
            touched.Add(start, start + length);
            removed += earlier is null ? 1 : 0;
            if (earlier != value)
            {
                changed++;
                Extent(series.Key.EquipmentId).Add(series.Key.Metric, start, length);
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

    private sealed class Statements : IDisposable
    {
        private const string Key = "series = $series AND start = $start AND length = $length";

        private readonly SqliteCommand _candidate;
        private readonly SqliteCommand _keep;
        private readonly SqliteCommand _delete;
        private readonly SqliteCommand _restore;
        private readonly SqliteCommand _forget;

        public Statements(SqliteConnection connection)
        {
            (string, object?)[] key = [("$series", 0L), ("$start", 0L), ("$length", 0L)];
            _candidate = connection.Prepare(
                $"""
                SELECT version, value FROM value_version
                WHERE {Key} AND NOT EXISTS (
                    SELECT 1 FROM write JOIN undone ON undone.job = write.job WHERE write.version = value_version.version)
                ORDER BY version DESC LIMIT 1
                """,
                key);
            _keep = connection.Prepare($"INSERT INTO value_version SELECT * FROM value WHERE {Key}", key);
            _delete = connection.Prepare($"DELETE FROM value WHERE {Key}", key);
            _restore = connection.Prepare(
                $"INSERT INTO value SELECT * FROM value_version WHERE {Key} AND version = $version", [.. key, ("$version", 0L)]);
            _forget = connection.Prepare(
                $"DELETE FROM value_version WHERE {Key} AND version = $version", [.. key, ("$version", 0L)]);
        }

        /// <summary>Returns the value that is current again, or null.</summary>
        public double? PutBack(long series, long start, long length)
        {
            var candidate = _candidate.SetAll(series, start, length).ReadRows(row => (Version: row.GetInt64(0), Value: row.GetDouble(1)));
            _keep.Run(series, start, length);
            _delete.Run(series, start, length);
            if (candidate.Count == 0)
            {
                return null;
            }

            _restore.Run(series, start, length, candidate[0].Version);
            _forget.Run(series, start, length, candidate[0].Version);
            return candidate[0].Value;
        }

        public void Dispose()
        {
            _candidate.Dispose();
            _keep.Dispose();
            _delete.Dispose();
            _restore.Dispose();
            _forget.Dispose();
        }
    }
}
