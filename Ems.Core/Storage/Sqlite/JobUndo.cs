using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Undoes what a job did, a part in each transaction: every value becomes the newest version whose job was not undone, or goes.
/// What is left to be done is what <c>job_range</c> still names, so that a kill loses nothing.
/// </summary>
internal sealed class JobUndo(SqliteConnection connection, WriteStamp stamp)
{
    private const int ValuesAtOnce = 4_000;

    // Equipment that others stand on, or that has readings, stays until they are gone; so do sites. Who wrote nothing has no row in undone.
    private const string DeleteCreated = """
        DELETE FROM equipment
        WHERE body ->> '$.created_by' IN (SELECT job FROM undone UNION ALL SELECT $job) AND body ->> '$.merged_into' IS NULL
            AND NOT EXISTS (SELECT 1 FROM series WHERE series.equipment = equipment.id AND series.count > 0)
            AND NOT EXISTS (
                SELECT 1 FROM equipment AS other
                WHERE other.body ->> '$.parent' = equipment.id OR other.body ->> '$.merged_into' = equipment.id)
            AND id NOT IN (
                SELECT part.value FROM equipment AS formula, json_each(formula.body, '$.virtual.plus') AS part
                UNION ALL SELECT part.value FROM equipment AS formula, json_each(formula.body, '$.virtual.minus') AS part);
        DELETE FROM site
        WHERE body ->> '$.created_by' IN (SELECT job FROM undone UNION ALL SELECT $job)
            AND NOT EXISTS (SELECT 1 FROM equipment WHERE equipment.body ->> '$.site' = site.id)
            AND NOT EXISTS (SELECT 1 FROM profile WHERE profile.body ->> '$.site' = site.id);
        """;

    private readonly Dictionary<long, string?> _jobsOfVersions = [];
    private readonly Dictionary<string, bool> _undone = [];

    public static IReadOnlyList<UnfinishedUndo> ListUnfinished(SqliteConnection connection) => connection.ReadAll(
        row => new UnfinishedUndo(row.GetString(0), row.GetString(1)),
        """
        SELECT undone.job, write.actor FROM undone JOIN write USING (version)
        WHERE EXISTS (SELECT 1 FROM job_range WHERE job_range.job = undone.job)
        """);

    /// <summary>
    /// From here on the job's versions count no more; a merge is taken back at once. Says whether something is left to be put back, and
    /// how many values have changed.
    /// </summary>
    public (bool IsLeft, long Changed) Begin()
    {
        var changed = new EquipmentMerge(connection, stamp).Undo();
        if (!IsLeft())
        {
            EndJob();
            return (false, changed);
        }

        if (connection.FindLong("SELECT version FROM undone WHERE job = $job", ("$job", stamp.JobId)) is null)
        {
            connection.Execute(
                "INSERT INTO undone(job, version) VALUES ($job, $version)", ("$job", stamp.JobId), ("$version", stamp.NewVersion(connection)));
        }

        return (true, changed);
    }

    /// <summary>Puts back some values; false when none are left, with how many changed in all.</summary>
    public (bool IsLeft, long Changed) Step()
    {
        var next = connection.FindLong("SELECT series FROM job_range WHERE job = $job ORDER BY series LIMIT 1", ("$job", stamp.JobId));
        if (next is { } series)
        {
            UndoGroup(SeriesTable.Get(connection, series).Key);
        }

        var isLeft = IsLeft();
        if (!isLeft)
        {
            EndJob();
        }

        return (isLeft, connection.ReadLong("SELECT changed FROM undone WHERE job = $job", ("$job", stamp.JobId)));
    }

    private void EndJob()
    {
        connection.Execute("UPDATE job SET state = 'Undone' WHERE id = $job AND state IN ('Completed', 'Failed', 'Cancelled')", ("$job", stamp.JobId));
        connection.Execute(DeleteCreated, ("$job", stamp.JobId));
    }

    private bool IsLeft() =>
        connection.FindLong("SELECT 1 FROM job_range WHERE job = $job LIMIT 1", ("$job", stamp.JobId)) is not null;

    private void UndoGroup(SeriesKey member)
    {
        var group = SeriesTable.ListGroup(connection, member.EquipmentId, member.Length);
        var ranges = connection.ReadAll(
            row => (Series: row.GetInt64(0), First: row.GetInt64(1)), "SELECT series, first_at FROM job_range WHERE job = $job", ("$job", stamp.JobId));
        var ofJob = group.Where(row => ranges.Exists(range => range.Series == row.Id)).ToList();
        var first = ranges.Where(range => ofJob.Exists(row => row.Id == range.Series)).Min(range => range.First);
        var last = FindEnd(ofJob, first);

        var current = group.ToDictionary(row => row.Id, row => new ValueBlocks(connection, row.Id).Read(first, last));
        var before = new FlagTally.Readings();
        current.Values.ToList().ForEach(before.Add);
        var extent = new StoredExtent();
        HashSet<(long, long)> readings = [];
        long changed = 0;
        foreach (var series in ofJob)
        {
            changed += Undo(series, (first, last), current[series.Id], extent, readings);
        }

        var after = new FlagTally.Readings();
        current.Values.ToList().ForEach(after.Add);
        var tally = new FlagTally();
        tally.Replace(before, after);
        FlagCounts.Add(connection, member.EquipmentId, tally);
        TakeOff(ofJob, last, changed);
        extent.Count = readings.Count;
        if (changed > 0)
        {
            stamp.Announce(connection, member.EquipmentId, SqliteCatalogue.FindEquipment(connection, member.EquipmentId)?.Site, extent);
        }
    }

    /// <summary>Where to stop so that not too many values are put back at once.</summary>
    private long FindEnd(List<SeriesRow> series, long first)
    {
        var share = Math.Max(1, ValuesAtOnce / series.Count);
        return series.Min(row => new ValueBlocks(connection, row.Id).FindEnd(first, share));
    }

    /// <summary>Brings <paramref name="current"/> up to date as well; returns the number of values that changed.</summary>
    private long Undo(
        SeriesRow series, (long First, long Last) range, List<StoredValue> current, StoredExtent extent, HashSet<(long, long)> readings)
    {
        TouchedRanges touched = new(), changed = new();
        long count = 0, removed = 0;
        for (var i = 0; i < current.Count; i++)
        {
            var old = current[i];
            if (JobOf(old.Version) != stamp.JobId)
            {
                continue;
            }

            var replacement = ValueVersions.Find(connection, series.Id, old, version => JobOf(version) is not { } job || !IsUndone(job));
            ValueVersions.Keep(connection, series.Id, old);
            touched.Add(old.Start, old.Start + old.Length);
            if (replacement is { } back)
            {
                ValueVersions.Forget(connection, series.Id, back);
                current[i] = back;
            }
            else
            {
                current[i] = default;
                removed++;
            }

            if (replacement is not { } now || !SameValue.Is((old.Value, old.Flags), (now.Value, now.Flags)))
            {
                changed.Add(old.Start, old.Start + old.Length);
                readings.Add(old.Key);
                count++;
            }
        }

        current.RemoveAll(value => value.Version == 0);
        if (!touched.IsEmpty)
        {
            new ValueBlocks(connection, series.Id).Replace(range.First, range.Last, current);
            SeriesTable.Shrink(connection, series, removed);
            RollUps.Invalidate(connection, series, touched);
            UncheckedRanges.Add(connection, series.Id, touched);
        }

        if (!changed.IsEmpty)
        {
            extent.Add(series.Key.Metric, changed);
        }

        return count;
    }

    private void TakeOff(List<SeriesRow> series, long last, long changed)
    {
        foreach (var row in series)
        {
            connection.Execute(
                """
                DELETE FROM job_range WHERE job = $job AND series = $series AND last_at <= $last;
                UPDATE job_range SET first_at = max(first_at, $last + 1) WHERE job = $job AND series = $series AND last_at > $last;
                """,
                ("$job", stamp.JobId), ("$series", row.Id), ("$last", last));
        }

        connection.Execute("UPDATE undone SET changed = changed + $changed WHERE job = $job", ("$changed", changed), ("$job", stamp.JobId));
    }

    private string? JobOf(long version)
    {
        if (!_jobsOfVersions.TryGetValue(version, out var job))
        {
            job = connection.ReadAll(row => row.FindText(0), "SELECT job FROM write WHERE version = $version", ("$version", version)).Single();
            _jobsOfVersions.Add(version, job);
        }

        return job;
    }

    private bool IsUndone(string job)
    {
        if (!_undone.TryGetValue(job, out var undone))
        {
            undone = connection.FindLong("SELECT 1 FROM undone WHERE job = $job", ("$job", job)) is not null;
            _undone.Add(job, undone);
        }

        return undone;
    }
}
