using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>
/// Keeps roll-ups up to date in the background, and ends undos that were interrupted. Totals stay right without roll-ups.
/// </summary>
internal sealed partial class UpkeepWorker(IReadingStore store, TimeProvider time, ILogger<UpkeepWorker> logger)
    : PeriodicWorker(TimeSpan.FromSeconds(1), time)
{
    private const int DaysAtOnce = 200;

    // Longer than a step of an undo takes.
    private static readonly Duration Idle = Duration.FromSeconds(20);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var undo in await store.ListUnfinishedUndosAsync(Idle, stoppingToken))
        {
            await FinishAsync(undo, stoppingToken);
        }

        // The days that an import writes to right now would be made again and again.
        while (await store.RollUpAsync(DaysAtOnce, stoppingToken) == DaysAtOnce)
        {
        }
    }

    /// <summary>One that cannot be ended keeps neither the others nor the roll-ups waiting.</summary>
    private async Task FinishAsync(UnfinishedUndo undo, CancellationToken stoppingToken)
    {
        try
        {
            await store.UndoAsync(undo.JobId, undo.Actor, stoppingToken);
        }
#pragma warning disable CA1031 // Whatever it was, the next round tries again.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogNotUndone(exception, undo.JobId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The undo of job {Id} could not be ended; this is tried again, and a part of what the job did is still there")]
    private partial void LogNotUndone(Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unfinished undos could not be listed or roll-ups not be made; this is tried again, and totals are read from values meanwhile")]
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
