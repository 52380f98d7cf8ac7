using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Queue;

/// <summary>
/// Runs the subscriptions of this process on the queues of the store. Where there is a broker the queues are emptied of what they
/// still hold, and of parked messages that are sent again.
/// </summary>
internal sealed class QueuePump(
    IServiceProvider services,
    IMessageQueues queues,
    IEnumerable<ConsumerRegistration> consumers,
    EventHandling handling,
    IOptions<MessagingOptions> options,
    TimeProvider clock,
    ILogger<QueuePump> logger) : BackgroundService
{
    /// <summary>Key of what the store contributes: its <see cref="IParkedMessages"/> and its <see cref="Telemetry.IQueueDepths"/>.</summary>
    public const string Store = "store";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var all = consumers.ToList();
        var opened = await queues.OpenAsync([.. all.Select(one => one.Subscription)], stoppingToken);
        var receives = services.GetService<IEventBroker>() is null;
        await Task.WhenAll(all.Zip(opened).Select(pair =>
            new QueueLoop(pair.First, pair.Second, receives, handling, options.Value, clock, logger).RunAsync(stoppingToken)));
    }
}
