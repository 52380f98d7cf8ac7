namespace Ems.Ingestion.Quality;

/// <summary>Checks in the background what came in live, was changed or was undone.</summary>
internal sealed partial class QualityWorker(QualityCheck check, TimeProvider time, ILogger<QualityWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await check.RunAsync(jobId: null, stoppingToken);
            }
#pragma warning disable CA1031 // What was not checked stays on the list; the next round tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Values could not be checked; this is tried again")]
    private partial void LogFailed(Exception exception);
}
