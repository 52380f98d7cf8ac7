using Ems.Core.Messaging.Handling;
using Ems.Core.Messaging.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.Core.Messaging.Telemetry;

/// <summary>How much waits for a subscription: at the broker, where there is one; parked messages of the store come on top.</summary>
internal sealed class EveryQueueDepth(
    [FromKeyedServices(QueuePump.Store)] IQueueDepths store, [FromKeyedServices(EveryParkedMessage.Broker)] IQueueDepths? broker = null)
{
    public Task<Backlog> ReadWaitingAsync(Subscription subscription, CancellationToken cancellationToken) =>
        (broker ?? store).ReadWaitingAsync(subscription, cancellationToken);

    public async Task<Backlog> ReadParkedAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var parked = await store.ReadParkedAsync(subscription, cancellationToken);
        return broker is null
            ? parked
            : new Backlog(parked.Count + (await broker.ReadParkedAsync(subscription, cancellationToken)).Count, null);
    }
}
