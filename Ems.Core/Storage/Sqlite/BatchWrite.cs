using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Writes one batch within a transaction.</summary>
internal sealed class BatchWrite(SqliteConnection connection, WriteStamp stamp, ReadingBatch batch)
{
    // Values farther apart than this are looked up on their own rather than with all that lies between them.
    private const long WidestStepMs = 4 * 3600 * 1000;

    private readonly Dictionary<long, string?> _jobsOfVersions = [];
    private readonly SortedDictionary<string, StoredExtent> _extents = new(StringComparer.Ordinal);
    private readonly Seen[] _seen = new Seen[batch.Readings.Count];
    private long? _version;

    [Flags]
    private enum Seen
    {
        Nothing = 0,
        New = 1,
        Different = 2,
    }

    private long Version => _version ??= stamp.NewVersion(connection);

    public WriteOutcome[] Run(SqliteTransaction transaction, IReadOnlyList<PendingValues> pending)
    {
        AddEquipment();
        using (var statements = new ValueStatements(connection))
        {
            foreach (var one in pending)
            {
                Write(statements, SeriesTable.FindOrAdd(connection, one.Series, one.Values[0].Value), one.Values);
            }
        }

        foreach (var (equipmentId, extent) in _extents)
        {
            stamp.Announce(connection, transaction, equipmentId, extent);
        }

        var outcomes = Array.ConvertAll(_seen, Outcome);
        if (batch.Checkpoint is { } checkpoint)
        {
            Save(checkpoint(outcomes));
        }

        return outcomes;
    }

    private void Save(string body)
    {
        var saved = connection.Execute(
            "UPDATE job SET body = $body WHERE id = $id AND ($owner IS NULL OR (lease_owner = $owner AND state = 'Running'))",
            ("$body", body), ("$id", batch.JobId), ("$owner", batch.JobOwner));
        if (saved == 0 && batch.JobOwner is not null)
        {
            throw new JobLostException(batch.JobId!);
        }
    }

    private static WriteOutcome Outcome(Seen seen) =>
        seen.HasFlag(Seen.Different) ? WriteOutcome.Changed : seen.HasFlag(Seen.New) ? WriteOutcome.Stored : WriteOutcome.Duplicate;

    /// <summary>Conversion to the canonical unit may end in another last digit.</summary>
    private static bool IsSame(double a, double b) => Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b));

    private void AddEquipment()
    {
        foreach (var id in batch.Readings.Select(reading => reading.EquipmentId).Distinct(StringComparer.Ordinal))
        {
            if (SqliteCatalogue.FindEquipment(connection, id) is null)
            {
                SqliteCatalogue.AddEquipment(connection, new Equipment { Id = id, Name = id, Site = batch.Site });
            }
        }
    }

    private void Write(ValueStatements statements, SeriesRow series, List<PendingValue> values)
    {
        var touched = new TouchedRanges();
        var added = 0L;
        for (int first = 0, next; first < values.Count; first = next)
        {
            next = first + 1;
            while (next < values.Count && values[next].Start - values[next - 1].Start <= WidestStepMs)
            {
                next++;
            }

            var run = CollectionsMarshal.AsSpan(values)[first..next];
            var current = statements.ReadCurrent(series.Id, run[0].Start, run[^1].Start);
            foreach (var value in run)
            {
                added += Write(statements, series, value, current, touched);
            }
        }

        if (touched.IsEmpty)
        {
            return;
        }

        SeriesTable.Recount(connection, series, added);
        RollUps.Invalidate(connection, series, touched);
        if (stamp.JobId is not null)
        {
            RememberRange(series, touched);
        }
    }

    /// <summary>Returns 1 for a value where there was none.</summary>
    private int Write(
        ValueStatements statements, SeriesRow series, in PendingValue value, Dictionary<(long Start, long Length), CurrentValue> current, TouchedRanges touched)
    {
        var key = (value.Start, value.Length);
        var exists = current.TryGetValue(key, out var old);
        var same = exists && IsSame(old.Value, value.Value.Value);
        if (same && !MustConfirm(old.Version))
        {
            return 0;
        }

        if (exists)
        {
            statements.KeepVersion(series.Id, value.Start, value.Length);
        }

        statements.Put(series.Id, value, Version);
        current[key] = new CurrentValue(value.Value.Value, Version);
        touched.Add(value.Start, value.End);
        if (!same)
        {
            _seen[value.Reading] |= exists ? Seen.Different : Seen.New;
            if (!_extents.TryGetValue(series.Key.EquipmentId, out var extent))
            {
                _extents.Add(series.Key.EquipmentId, extent = new StoredExtent());
            }

            extent.Add(series.Key.Metric, value.Start, value.Length);
        }

        return exists ? 0 : 1;
    }

    /// <summary>The same value from another source has to outlive the undoing of the job that wrote it first.</summary>
    private bool MustConfirm(long version)
    {
        if (!_jobsOfVersions.TryGetValue(version, out var job))
        {
            job = connection.ReadAll(row => row.FindText(0), "SELECT job FROM write WHERE version = $version", ("$version", version)).Single();
            _jobsOfVersions.Add(version, job);
        }

        return job is not null && job != stamp.JobId;
    }

    private void RememberRange(SeriesRow series, TouchedRanges touched) => connection.Execute(
        """
        INSERT INTO job_range(job, series, first_at, last_at) VALUES ($job, $series, $first, $last)
        ON CONFLICT DO UPDATE SET first_at = min(first_at, $first), last_at = max(last_at, $last)
        """,
        ("$job", stamp.JobId), ("$series", series.Id), ("$first", touched.First), ("$last", touched.Last));
}
