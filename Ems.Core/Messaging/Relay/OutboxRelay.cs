using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Relay;

/// <summary>
/// Takes events from the outboxes of this process's modules to the broker. While the broker is away they stay where they are,
/// and no more than one batch of them is in memory.
/// </summary>
internal sealed partial class OutboxRelay(
    IServiceProvider services,
    IEnumerable<OutboxRegistration> outboxes,
    IEventBroker broker,
    IOptions<MessagingOptions> options,
    TimeProvider clock,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(outboxes.Select(one => RunAsync(one.Module, stoppingToken)));

    private async Task RunAsync(string module, CancellationToken stoppingToken)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var timer = clock.CreateTimer(_ => wake.Writer.TryWrite(true), null, TimeSpan.Zero, options.Value.PollInterval);
        var outbox = services.GetRequiredKeyedService<IOutbox>(module);
        IDisposable? listening = null;
        var failures = 0;
        try
        {
            while (true)
            {
                try
                {
                    await wake.Reader.ReadAsync(stoppingToken);
                    listening ??= outbox.Listen(() => wake.Writer.TryWrite(true));
                    await RelayAsync(outbox, () => failures = 0, stoppingToken);
                }
#pragma warning disable CA1031 // The broker or the store is away: tried again until it is back.
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    LogFailed(logger, module, exception.Message);
                    await Task.Delay(options.Value.DelayAfter(Math.Min(++failures, 3)), clock, stoppingToken);
                    wake.Writer.TryWrite(true);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was leased and not confirmed falls due again.
        }
        finally
        {
            listening?.Dispose();
        }
    }

    /// <summary>Relays until there is nothing more for now. What was published is removed while the next batch is taken.</summary>
    /// <param name="relayed">Called after each batch.</param>
    private async Task RelayAsync(IOutbox outbox, Action relayed, CancellationToken stoppingToken)
    {
        var removing = Task.CompletedTask;
        try
        {
            while (await outbox.LeaseAsync(options.Value.PublishWindow, options.Value.Lease, stoppingToken) is { Count: > 0 } facts)
            {
                var published = await PublishAsync(outbox, facts, removing, stoppingToken);
                removing = outbox.RemoveAsync(published, CancellationToken.None);
                relayed();
            }
        }
        finally
        {
            await removing;
        }
    }

    /// <param name="removing">What has to go well before.</param>
    /// <returns>The ids of those that the broker has.</returns>
    private async Task<IReadOnlyCollection<string>> PublishAsync(
        IOutbox outbox, IReadOnlyList<Event> facts, Task removing, CancellationToken stoppingToken)
    {
        IReadOnlyCollection<string> unwanted;
        try
        {
            await removing;
            unwanted = await broker.PublishAsync(facts, stoppingToken);
        }
        catch
        {
            await outbox.PutOffAsync([.. facts.Select(fact => fact.Id)], TimeSpan.Zero, CancellationToken.None);
            throw;
        }

        await SettleUnwantedAsync(outbox, [.. facts.Where(fact => unwanted.Contains(fact.Id))]);
        return [.. facts.Select(fact => fact.Id).Where(id => !unwanted.Contains(id))];
    }

    /// <summary>Nobody has subscribed yet: kept for a while, as the embedded queue does.</summary>
    private async Task SettleUnwantedAsync(IOutbox outbox, IReadOnlyList<Event> unwanted)
    {
        var oldest = clock.GetUtcNow() - options.Value.KeepUnclaimed;
        var tooOld = unwanted.Where(fact => fact.OccurredAt.ToDateTimeOffset() < oldest).Select(fact => fact.Id).ToList();
        if (tooOld.Count > 0)
        {
            await outbox.RemoveAsync(tooOld, CancellationToken.None);
            LogDropped(logger, tooOld.Count, options.Value.KeepUnclaimed);
        }

        var kept = unwanted.Select(fact => fact.Id).Except(tooOld).ToList();
        if (kept.Count > 0)
        {
            await outbox.PutOffAsync(kept, options.Value.UnclaimedRetryDelay, CancellationToken.None);
            LogUnwanted(logger, kept.Count, unwanted[0].Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of {Module} wait in its outbox, for they cannot be published now: {Reason}")]
    private static partial void LogFailed(ILogger logger, string module, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events wait for a first subscriber, such as a {Name}.")]
    private static partial void LogUnwanted(ILogger logger, int count, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events without any subscriber were deleted after {Age}.")]
    private static partial void LogDropped(ILogger logger, int count, TimeSpan age);
}
