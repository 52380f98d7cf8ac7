using Ems.Core.Storage;
using Ems.Ingestion.Jobs;

namespace Ems.Ingestion.Imports;

/// <summary>
/// Deletes what imports left behind on this machine: uploads that another process ran, files of a process that was killed, or that lost
/// its job to another one.
/// </summary>
internal sealed partial class SpoolUpkeep(SpoolFolder spool, IJobStore jobs, TimeProvider time, ILogger<SpoolUpkeep> logger)
    : PeriodicWorker(TimeSpan.FromHours(1), time)
{
    // An upload is on its way for less than that before its job is known.
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var before = Time.GetUtcNow() - Keep;
        var open = await jobs.ListOpenAsync(stoppingToken);
        await spool.PruneAsync(before, [.. open.Select(job => JobBody.From(job.Body)).OfType<ImportJob>().Select(import => import.Spool)], stoppingToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What imports left behind was not deleted; the next attempt comes in an hour")]
    protected override partial void LogFailed(Exception exception);
}
