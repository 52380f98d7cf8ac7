using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Messaging.Queue;

/// <summary>Runs the subscriptions of this process on the queues of the store.</summary>
internal sealed class QueuePump(
    IMessageQueues queues,
    IEnumerable<ConsumerRegistration> consumers,
    EventHandling handling,
    IOptions<MessagingOptions> options,
    TimeProvider clock,
    ILogger<QueuePump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var all = consumers.ToList();
        var opened = await queues.OpenAsync([.. all.Select(one => one.Subscription)], stoppingToken);
        await Task.WhenAll(all.Zip(opened).Select(pair =>
            new QueueLoop(pair.First, pair.Second, handling, options.Value, clock, logger).RunAsync(stoppingToken)));
    }
}
