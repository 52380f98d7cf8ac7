using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports;

namespace Ems.Ingestion.Jobs;

/// <summary>Takes jobs from the queue, one after the other; other processes take others.</summary>
internal sealed partial class JobWorker(
    JobLeases leases, ImportRunner imports, MergeRunner merges, JobSignal signal, TimeProvider time,
    ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly string _owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            if (!await RunNextAsync(stoppingToken))
            {
                try
                {
                    await next.WaitAsync(LookEvery, time, stoppingToken);
                }
                catch (TimeoutException)
                {
                    // Another process may have left work behind.
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task<bool> RunNextAsync(CancellationToken stoppingToken)
    {
        try
        {
            var job = await leases.TakeAsync(_owner, stoppingToken);
            if (job is null)
            {
                return false;
            }

            await leases.KeepAsync(
                job.Id,
                _owner,
                lost => JobBody.From(job.Body) is MergeJob merge
                    ? merges.RunAsync(job, merge, _owner)
                    : imports.RunAsync(job, _owner, lost, stoppingToken),
                stoppingToken);
            signal.Pulse();
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            // The lease runs out and the job is taken again.
            LogFailed(failure);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A job stopped unexpectedly; it is tried again")]
    private partial void LogFailed(Exception failure);
}
