using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ems.Core.Storage;

/// <summary>Keeps roll-ups up to date in the background, and ends undos that were interrupted.</summary>
internal sealed partial class UpkeepWorker(IReadingStore store, TimeProvider time, ILogger<UpkeepWorker> logger) : BackgroundService
{
    private const int DaysAtOnce = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await store.FinishUndosAsync(stoppingToken);
                while (await store.RollUpAsync(DaysAtOnce, stoppingToken) > 0)
                {
                }
            }
#pragma warning disable CA1031 // Totals stay right without roll-ups; the next round tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Undos could not be ended or roll-ups not be made; this is tried again, and totals are read from values meanwhile")]
    private partial void LogFailed(Exception exception);
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
