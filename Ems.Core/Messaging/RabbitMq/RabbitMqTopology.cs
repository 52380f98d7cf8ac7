using System.Globalization;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// Names and arguments of exchanges and queues. A subscription has a queue; what fails waits in the queue of its delay, which gives
/// it back, and what keeps failing, or ends the process each time, goes to the subscription's parked queue. All are quorum queues
/// that hand messages on only when the next queue has them.
/// </summary>
internal sealed class RabbitMqTopology(IOptions<RabbitMqOptions> options, IOptions<MessagingOptions> messaging)
{
    // Fixed, for a queue cannot be declared again with another limit. Ends of the process alone count: what a consumer throws is
    // counted by ourselves, see MessagingOptions.MaxAttempts.
    private const int DeliveryLimit = 20;

    // Looking at parked messages counts as a delivery. Newer brokers would drop them after 20 without a limit of our own.
    private const int NoDeliveryLimit = 1_000_000_000;

    private string Prefix => options.Value.Prefix;

    public string Events => $"{Prefix}.events";

    public string QueueOf(Subscription subscription) => $"{Prefix}.{subscription.Name}";

    public string ParkedOf(Subscription subscription) => $"{QueueOf(subscription)}.parked";

    /// <summary>A message that is published here with the name of a queue as its routing key comes to that queue after the delay.</summary>
    public string RetryOf(TimeSpan delay) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}.retry.{(long)delay.TotalMilliseconds}");

    public Task DeclareEventsAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    public async Task DeclareAsync(IChannel channel, Subscription subscription, CancellationToken cancellationToken)
    {
        await DeclareEventsAsync(channel, cancellationToken);
        foreach (var delay in Enumerable.Range(1, Math.Max(messaging.Value.MaxAttempts - 1, 1)).Select(messaging.Value.DelayAfter).Distinct())
        {
            var name = RetryOf(delay);
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
            await DeclareQueueAsync(channel, name, HandingOnTo(null, ("x-message-ttl", (long)delay.TotalMilliseconds)), cancellationToken);
            await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken);
        }

        var (queue, parked) = (QueueOf(subscription), ParkedOf(subscription));
        await DeclareQueueAsync(channel, parked, Quorum(("x-delivery-limit", NoDeliveryLimit), ("x-single-active-consumer", true)), cancellationToken);
        await DeclareQueueAsync(channel, queue, HandingOnTo(parked, ("x-delivery-limit", DeliveryLimit)), cancellationToken);
        foreach (var name in subscription.EventNames)
        {
            await channel.QueueBindAsync(queue, Events, name, cancellationToken: cancellationToken);
        }
    }

    private static Task<QueueDeclareOk> DeclareQueueAsync(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);

    /// <param name="queue">Null: the queue that the message's routing key names.</param>
    private static Dictionary<string, object?> HandingOnTo(string? queue, params (string Name, object Value)[] arguments)
    {
        var all = Quorum([.. arguments, ("x-dead-letter-exchange", ""), ("x-dead-letter-strategy", "at-least-once"), ("x-overflow", "reject-publish")]);
        if (queue is not null)
        {
            all["x-dead-letter-routing-key"] = queue;
        }

        return all;
    }

    private static Dictionary<string, object?> Quorum(params (string Name, object Value)[] arguments)
    {
        Dictionary<string, object?> all = new() { ["x-queue-type"] = "quorum" };
        foreach (var (name, value) in arguments)
        {
            all[name] = value;
        }

        return all;
    }
}
