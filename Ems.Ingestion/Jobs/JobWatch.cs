using System.Runtime.CompilerServices;
using Ems.Core.Storage;

namespace Ems.Ingestion.Jobs;

/// <summary>Follows jobs, whichever process works on them.</summary>
internal sealed class JobWatch(IJobStore jobs, JobSignal signal, IHostApplicationLifetime host, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    // Proxies give up a connection that is silent for long.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public static bool HasEnded(StoredJob job) => job.State is not (JobState.Queued or JobState.Running);

    /// <summary>The job when it has ended, or as it stands when this process has to end first.</summary>
    public async Task<StoredJob> WaitAsync(StoredJob job, CancellationToken cancellationToken)
    {
        await foreach (var state in FollowAsync(job, cancellationToken))
        {
            job = state;
        }

        return job;
    }

    /// <summary>The job as it is, whenever it changes and once in a while, until it has ended or this process has to end.</summary>
    public async IAsyncEnumerable<StoredJob> FollowAsync(StoredJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        StoredJob? told = null;
        var toldAt = 0L;
        while (true)
        {
            var next = signal.Next;
            var found = await jobs.FindAsync(job.Id, cancellationToken) ?? job;
            if (found != told || time.GetElapsedTime(toldAt) >= LongestSilence)
            {
                (told, toldAt) = (found, time.GetTimestamp());
                yield return found;
            }

            if (HasEnded(found) || host.ApplicationStopping.IsCancellationRequested)
            {
                yield break;
            }

            try
            {
                await next.WaitAsync(LookEvery, time, either.Token);
            }
            catch (TimeoutException)
            {
                // Another process may have changed it.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The process ends.
            }
        }
    }
}
