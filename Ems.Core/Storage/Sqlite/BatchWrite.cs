using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Writes one batch within a transaction.</summary>
internal sealed class BatchWrite(SqliteConnection connection, WriteStamp stamp, ReadingBatch batch)
{
    private readonly Dictionary<long, string?> _jobsOfVersions = [];
    private readonly WriteOutcome?[] _outcomes = new WriteOutcome?[batch.Readings.Count];
    private readonly Dictionary<string, string?> _sites = new(StringComparer.Ordinal);
    private long? _version;

    public WriteStamp Stamp => stamp;

    /// <summary>Under which all values of the batch are kept.</summary>
    public long Version => _version ??= stamp.NewVersion(connection);

    public WriteOutcome[] Run(IReadOnlyList<PendingGroup> pending)
    {
        pending = Redirect(AddEquipment()) ?? pending;
        foreach (var ofEquipment in pending.GroupBy(group => group.EquipmentId))
        {
            Write(ofEquipment.Key, ofEquipment);
        }

        var outcomes = Array.ConvertAll(_outcomes, outcome => outcome ?? WriteOutcome.Duplicate);
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

    /// <summary>Takes down what became of a value that was not there like this.</summary>
    public void Note(in PendingValue value, bool isNew)
    {
        ref var outcome = ref _outcomes[value.Reading];
        outcome = isNew && outcome != WriteOutcome.Changed ? WriteOutcome.Stored : WriteOutcome.Changed;
    }

    /// <summary>The same value from another source has to outlive the undoing of the job that wrote it first.</summary>
    public bool MustConfirm(long version)
    {
        if (!_jobsOfVersions.TryGetValue(version, out var job))
        {
            job = connection.ReadAll(row => row.FindText(0), "SELECT job FROM write WHERE version = $version", ("$version", version)).Single();
            _jobsOfVersions.Add(version, job);
        }

        return job is not null && job != stamp.JobId;
    }

    private void Write(string equipmentId, IEnumerable<PendingGroup> groups)
    {
        var extent = new StoredExtent();
        foreach (var group in groups)
        {
            FlagCounts.Add(connection, equipmentId, new GroupWrite(connection, this, group, extent).Run());
            extent.Count += group.Readings.Count(reading => _outcomes[reading] is not null);
        }

        if (extent.Count > 0)
        {
            stamp.Announce(connection, equipmentId, _sites[equipmentId], extent);
        }
    }

    /// <summary>Creates what does not exist; returns the equipment that readings of merged equipment belong to.</summary>
    private Dictionary<string, string> AddEquipment()
    {
        var targets = new Dictionary<string, string>();
        foreach (var id in batch.Readings.Select(reading => reading.EquipmentId).Distinct(StringComparer.Ordinal))
        {
            if (SqliteCatalogue.FindEquipment(connection, id) is not { } equipment)
            {
                equipment = batch.Describe?.Invoke(id) ?? new Equipment { Id = id, Name = id };
                SqliteCatalogue.SaveEquipment(connection, equipment with { CreatedBy = stamp.JobId });
            }

            while (equipment.MergedInto is { } target)
            {
                targets[id] = target;
                equipment = SqliteCatalogue.FindEquipment(connection, target)!;
            }

            EquipmentSiteException.ThrowUnless(batch.SiteOf?.Invoke(id), equipment);
            _sites[equipment.Id] = equipment.Site;
        }

        return targets;
    }

    private IReadOnlyList<PendingGroup>? Redirect(Dictionary<string, string> targets) => targets.Count == 0 ? null : PendingGroup.Of(batch with
    {
        Readings = [.. batch.Readings.Select(one => one with { EquipmentId = targets.GetValueOrDefault(one.EquipmentId, one.EquipmentId) })],
    });
}
