using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Jobs;
using NodaTime;

namespace Ems.Ingestion.Equipments;

/// <summary>Gives the readings of one equipment to another.</summary>
internal sealed record MergeJob(string FromId, string IntoId) : JobBody
{
    /// <summary>Values of the other that are new or different.</summary>
    public long Values { get; init; }
}

/// <summary>Runs a merge; whoever repeats it after a kill finds it done.</summary>
internal sealed class MergeRunner(IReadingStore readings, IJobStore jobs, TimeProvider time)
{
    public async Task RunAsync(StoredJob stored, MergeJob merge, string owner)
    {
        merge = merge with { StartedAt = merge.StartedAt ?? Now() };
        var state = JobState.Completed;
        try
        {
            merge = merge with { Values = await readings.MergeAsync(merge.FromId, merge.IntoId, stored.Id, stored.Actor, CancellationToken.None) };
        }
        catch (InvalidOperationException refused)
        {
            // What was checked when the job was made has changed since.
            state = JobState.Failed;
            merge = merge with { Errors = [new ImportFault(ImportFault.DataValidationFailed, refused.Message)] };
        }

        merge = merge with { EndedAt = Now() };
        await jobs.UpdateAsync(stored.Id, [JobState.Running], state, merge.ToBody(), owner, CancellationToken.None);
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
