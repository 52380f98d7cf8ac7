using Ems.Core.Storage;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Ingestion.Jobs;

/// <summary>Takes jobs, and keeps their leases for as long as they are worked on.</summary>
internal sealed partial class JobLeases(IJobStore jobs, IOptions<IngestionOptions> options, TimeProvider time, ILogger<JobLeases> logger)
{
    private const int RenewalsPerLease = 6;

    private Duration Lease => Duration.FromTimeSpan(options.Value.ImportLease);

    /// <summary>The next job that waits or was left behind; null when there is none.</summary>
    public Task<StoredJob?> TakeAsync(string owner, CancellationToken cancellationToken) => jobs.LeaseAsync(owner, Lease, cancellationToken);

    /// <param name="work">Its token fires when the job was cancelled or taken over, and with <paramref name="stopping"/>.</param>
    public async Task KeepAsync(string id, string owner, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pause = options.Value.ImportLease / RenewalsPerLease;
        await using var renewal = time.CreateTimer(_ => _ = RenewAsync(id, owner, lost), null, pause, pause);
        await work(lost.Token);
    }

    private async Task RenewAsync(string id, string owner, CancellationTokenSource lost)
    {
        try
        {
            if (!await jobs.RenewAsync(id, owner, Lease, CancellationToken.None))
            {
                await lost.CancelAsync();
            }
        }
        catch (ObjectDisposedException)
        {
            // The work ended while the lease was renewed.
        }
#pragma warning disable CA1031 // Tried again soon; whoever has lost the lease cannot write in any case.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogNotRenewed(failure, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of job {Id} could not be renewed")]
    private partial void LogNotRenewed(Exception failure, string id);
}
