using NodaTime;

namespace Ems.Core.Storage;

/// <summary>Where a job stands.</summary>
public enum JobState { Queued, Running, Completed, Failed, Cancelled, Undone }

/// <summary>A piece of long work as the store keeps it.</summary>
/// <param name="Body">The job's own state as JSON; the store does not look into it.</param>
public sealed record StoredJob(string Id, JobState State, string Actor, string Body, Instant CreatedAt);

/// <summary>The job was cancelled, or another process has taken it over: nothing was written.</summary>
public sealed class JobLostException(string jobId) : Exception($"The job {jobId} is no longer ours.");

/// <summary>Keeps jobs and shares them between processes by leases.</summary>
public interface IJobStore
{
    /// <summary>Adds a job; false when its actor has that many waiting already. One that fails or is cancelled leaves no job behind.</summary>
    Task<bool> AddAsync(StoredJob job, int mostQueued, CancellationToken cancellationToken);

    Task<StoredJob?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<StoredJob>> ListAsync(int limit, string? beforeId, CancellationToken cancellationToken);

    /// <summary>Those that are queued or running.</summary>
    Task<IReadOnlyList<StoredJob>> ListOpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes the oldest job that is queued, or running with a lease that ran out, for <paramref name="lease"/>.</summary>
    Task<StoredJob?> LeaseAsync(string owner, Duration lease, CancellationToken cancellationToken);

    /// <summary>Prolongs the lease; false when it was lost or the job was cancelled meanwhile.</summary>
    Task<bool> RenewAsync(string id, string owner, Duration lease, CancellationToken cancellationToken);

    /// <summary>
    /// Saves state and body; false when the job is no longer in one of the expected states. A job that is set to another state
    /// than running loses its lease: queued, it may be taken at once.
    /// </summary>
    /// <param name="body">Null leaves it as it is.</param>
    /// <param name="owner">Who must still hold the lease; null when that does not matter.</param>
    Task<bool> UpdateAsync(
        string id, IReadOnlyCollection<JobState> expected, JobState state, string? body, string? owner, CancellationToken cancellationToken);
}
