using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ems.Core.Messaging.Telemetry;

/// <summary>Keeps the figures of what waits up to date. What cannot be read is left out until it can.</summary>
internal sealed partial class MessagingStatusReader(
    IServiceProvider services,
    IEnumerable<OutboxRegistration> outboxes,
    IEnumerable<ConsumerRegistration> consumers,
    EveryQueueDepth depths,
    MessagingMeter meter,
    TimeProvider clock,
    ILogger<MessagingStatusReader> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                meter.Status = await ReadAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            meter.Status = MessagingStatus.Unknown;
        }
    }

    internal async Task<MessagingStatus> ReadAsync(CancellationToken cancellationToken)
    {
        List<WaitingEvents> waiting = [], queued = [], parked = [];

        // Without a broker subscribers look into the outbox themselves, and what waits there is part of their queues.
        foreach (var outbox in services.GetService<IEventBroker>() is null ? [] : outboxes)
        {
            await AddAsync(waiting, "module", outbox.Module, () => services.GetRequiredKeyedService<IOutbox>(outbox.Module).ReadBacklogAsync(cancellationToken));
        }

        foreach (var subscription in consumers.Select(one => one.Subscription))
        {
            await AddAsync(queued, "subscription", subscription.Name, () => depths.ReadWaitingAsync(subscription, cancellationToken));
            await AddAsync(parked, "subscription", subscription.Name, () => depths.ReadParkedAsync(subscription, cancellationToken));
        }

        return new MessagingStatus(waiting, queued, parked);
    }

    private async Task AddAsync(List<WaitingEvents> list, string label, string name, Func<Task<Backlog>> read)
    {
        try
        {
            var backlog = await read();
            var age = backlog.Count == 0 ? 0 : (Instant.FromDateTimeOffset(clock.GetUtcNow()) - backlog.OldestAt)?.TotalSeconds;
            list.Add(new WaitingEvents(label, name, backlog.Count, age));
        }
#pragma warning disable CA1031 // A store or a broker that is away says so elsewhere; this only shows no figure for it.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnread(logger, name, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "What waits for {Name} could not be read: {Reason}")]
    private static partial void LogUnread(ILogger logger, string name, string reason);
}
