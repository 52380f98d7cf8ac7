using System.Security.Cryptography;
using System.Text;
using Ems.Core.Messaging.Handling;
using Microsoft.Extensions.Options;
using NodaTime;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// The parked queues of this process's subscriptions. A broker has no way to look into a queue but to take what is in it and give
/// it back; one at a time does so, or two would each see half.
/// </summary>
internal sealed class RabbitMqParkedMessages(
    IEnumerable<ConsumerRegistration> consumers, RabbitMqConnection connection, RabbitMqTopology topology, RabbitMqPublisher publisher,
    IOptions<RabbitMqOptions> options, TimeProvider clock) : IParkedMessages
{
    /// <summary>Of one subscription, the oldest: more are seen when these are gone.</summary>
    private const ushort SeenAtOnce = 10_000;

    /// <summary>Polls without a message after which those that were expected are taken to be gone.</summary>
    private const int LongQuiet = 20;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task<IReadOnlyList<ParkedMessage>> ListAsync(int limit, string? afterId, CancellationToken cancellationToken)
    {
        List<ParkedMessage> all = [];
        foreach (var subscription in consumers.Select(one => one.Subscription))
        {
            await using var look = await LookAsync(subscription, cancellationToken);
            all.AddRange(look.Messages.Select(one => Show(subscription, one)));
        }

        return
        [
            .. all.Where(message => afterId is null || string.CompareOrdinal(message.Id, afterId) > 0)
                .OrderBy(message => message.Id, StringComparer.Ordinal).Take(limit),
        ];
    }

    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var subscription in consumers.Select(one => one.Subscription).Where(one => id.StartsWith(one.Name + ":", StringComparison.Ordinal)))
        {
            await using var look = await LookAsync(subscription, cancellationToken);
            if (look.Messages.FirstOrDefault(one => Show(subscription, one).Id == id) is { } found)
            {
                await SendAgainAsync(topology.QueueOf(subscription), found, cancellationToken);
                await look.Channel.BasicAckAsync(found.DeliveryTag, multiple: false, CancellationToken.None);
                return true;
            }
        }

        return false;
    }

    /// <summary>Without the attempts of before; what is no event goes as it is, and is parked again if it still is none.</summary>
    private Task SendAgainAsync(string queue, BasicDeliverEventArgs parked, CancellationToken cancellationToken)
    {
        if (Read(parked) is { } message)
        {
            return publisher.PublishAsync("", queue, new RabbitMqMessage(message.Fact), cancellationToken);
        }

        // The broker takes nothing in the name of another user.
        BasicProperties properties = new(parked.BasicProperties);
        properties.ClearUserId();
        return publisher.PublishAsync("", queue, properties, parked.Body, cancellationToken);
    }

    private ParkedMessage Show(Subscription subscription, BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var message = Read(delivery);
        var id = properties.MessageId is { Length: > 0 } given ? given : Unknown(delivery);
        var fact = message?.Fact ?? new Event(
            id, properties.Type is { Length: > 0 } name ? name : "unknown", RabbitMqMessage.SaidAt(properties) ?? CameAt(delivery), null, "");
        var error = message switch
        {
            null => "This is no event of Ems.",
            { ParkedAt: not null, Error: { } failure } => failure,
            _ => EventHandling.EndedEachTime,
        };
        return new ParkedMessage(
            $"{subscription.Name}:{(id.AsSpan().ContainsAny('/', '\0') ? Unknown(delivery) : id)}", subscription.Name, fact.Name, fact.Id, fact.OccurredAt,
            message?.ParkedAt ?? RabbitMqMessage.HandedOnAt(properties) ?? fact.OccurredAt,
            Math.Max(message?.Attempts ?? 0, 1), error, fact.Body);
    }

    /// <summary>Names what has no id, or none that can be part of an address, by all that is known of it: the same at every look.</summary>
    private static string Unknown(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var said = Encoding.UTF8.GetBytes($"{properties.MessageId}\n{properties.Type}\n{properties.Timestamp.UnixTime}\n");
        return $"unknown-{Convert.ToHexStringLower(SHA256.HashData([.. said, .. delivery.Body.Span]))[..16]}";
    }

    private RabbitMqMessage? Read(BasicDeliverEventArgs delivery) => RabbitMqMessage.Read(delivery.BasicProperties, delivery.Body, CameAt(delivery));

    private Instant CameAt(BasicDeliverEventArgs delivery) =>
        RabbitMqMessage.HandedOnAt(delivery.BasicProperties) ?? Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>Takes all that is there. The broker lets one do so at a time; the others wait.</summary>
    private async Task<Look> LookAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.Value.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Look? look = null;
        try
        {
            var broker = await connection.GetAsync(both.Token);
            look = new Look(await broker.CreateChannelAsync(cancellationToken: both.Token));
            await topology.DeclareAsync(look.Channel, subscription, both.Token);
            await TakeAsync(look, topology.ParkedOf(subscription), both.Token);
            return look;
        }
        catch (Exception fault)
        {
            if (look is not null)
            {
                await look.DisposeAsync();
            }

            if (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new BrokerSilentException($"The parked messages of {subscription.Name} could not be seen within {options.Value.Timeout}.");
            }

            throw;
        }
    }

    private async Task TakeAsync(Look look, string queue, CancellationToken cancellationToken)
    {
        var state = await look.Channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        while (state.ConsumerCount > 0)
        {
            await Task.Delay(Poll, clock, cancellationToken);
            state = await look.Channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }

        if (state.MessageCount == 0)
        {
            return;
        }

        await look.BeginAsync(queue, SeenAtOnce, cancellationToken);
        var expected = Math.Min(state.MessageCount, SeenAtOnce);
        for (var quiet = 0; ;)
        {
            var before = look.Messages.Count;
            await Task.Delay(Poll, clock, cancellationToken);
            state = await look.Channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            quiet = look.Messages.Count == before ? quiet + 1 : 0;
            var isAlone = state.ConsumerCount == 1 || before > 0;
            if (before >= SeenAtOnce || (isAlone && state.MessageCount == 0 && quiet >= (before >= expected ? 1 : LongQuiet)))
            {
                return;
            }
        }
    }

    /// <summary>What was in the queue; all of it that was not acknowledged goes back at the end.</summary>
    private sealed class Look(IChannel channel) : IAsyncDisposable
    {
        private readonly List<BasicDeliverEventArgs> _messages = [];

        public IChannel Channel => channel;

        public IReadOnlyList<BasicDeliverEventArgs> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        public async Task BeginAsync(string queue, ushort limit, CancellationToken cancellationToken)
        {
            await channel.BasicQosAsync(0, limit, global: false, cancellationToken);
            AsyncEventingBasicConsumer receiving = new(channel);
            receiving.ReceivedAsync += (_, delivery) =>
            {
                Add(delivery);
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue, autoAck: false, receiving, cancellationToken);
        }

        public ValueTask DisposeAsync() => channel.DisposeAsync();

        private void Add(BasicDeliverEventArgs delivery)
        {
            // The body is the client's and is used again for the next message.
            var kept = new BasicDeliverEventArgs(
                delivery.ConsumerTag, delivery.DeliveryTag, delivery.Redelivered, delivery.Exchange, delivery.RoutingKey,
                delivery.BasicProperties, delivery.Body.ToArray(), CancellationToken.None);
            lock (_messages)
            {
                _messages.Add(kept);
            }
        }
    }
}
