using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Storage;

/// <summary>
/// Keeps roll-ups up to date in the background, and ends undos that were interrupted. Totals stay right without roll-ups.
/// </summary>
internal sealed partial class UpkeepWorker(IReadingStore store, TimeProvider time, ILogger<UpkeepWorker> logger)
    : PeriodicWorker(TimeSpan.FromSeconds(5), time)
{
    private const int DaysAtOnce = 200;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await store.FinishUndosAsync(stoppingToken);
        while (await store.RollUpAsync(DaysAtOnce, stoppingToken) > 0)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Undos could not be ended or roll-ups not be made; this is tried again, and totals are read from values meanwhile")]
    protected override partial void LogFailed(Exception exception);
}

/// <summary>Registers the upkeep of the store.</summary>
public static class UpkeepExtensions
{
    /// <summary>For the one service that owns the readings.</summary>
    public static IHostApplicationBuilder AddStoreUpkeep(this IHostApplicationBuilder builder)
    {
        builder.AddEmsStorage();
        builder.Services.AddHostedService<UpkeepWorker>();
        return builder;
    }
}
