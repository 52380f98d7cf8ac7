using Ems.Core.Storage;

namespace Ems.Ingestion.Quality;

/// <summary>Checks in the background what came in live, was changed or was undone; what could not be checked stays on the list.</summary>
internal sealed partial class QualityWorker(QualityCheck check, TimeProvider time, ILogger<QualityWorker> logger)
    : PeriodicWorker(TimeSpan.FromSeconds(30), time)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => check.RunAsync(jobId: null, stoppingToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Values could not be checked; this is tried again")]
    protected override partial void LogFailed(Exception exception);
}
