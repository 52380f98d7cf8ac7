using Ems.Core.Messaging.Telemetry;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>Lengths of the queues of subscriptions. A broker does not say how old what waits is.</summary>
internal sealed class RabbitMqDepths(RabbitMqConnection connection, RabbitMqTopology topology) : IQueueDepths
{
    public Task<Backlog> ReadWaitingAsync(Subscription subscription, CancellationToken cancellationToken) =>
        ReadAsync(topology.QueueOf(subscription), cancellationToken);

    public Task<Backlog> ReadParkedAsync(Subscription subscription, CancellationToken cancellationToken) =>
        ReadAsync(topology.ParkedOf(subscription), cancellationToken);

    private async Task<Backlog> ReadAsync(string queue, CancellationToken cancellationToken)
    {
        var broker = await connection.GetAsync(cancellationToken);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
        return new Backlog(await channel.MessageCountAsync(queue, cancellationToken), null);
    }
}
