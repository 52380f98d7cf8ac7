using Microsoft.Extensions.Hosting;

namespace Ems.Core.Storage;

/// <summary>Does the same work again and again until the process ends; a round that fails is made up for by the next one.</summary>
public abstract class PeriodicWorker(TimeSpan pause, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time => time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(pause, time);
        try
        {
            do
            {
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Also where the host never came up: then nobody but this has asked for the end.
        }
    }

    /// <summary>One round, which can be repeated after it failed.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    protected abstract void LogFailed(Exception exception);

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
#pragma warning disable CA1031 // Whatever it was, the next round tries again.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(exception);
        }
    }
}
