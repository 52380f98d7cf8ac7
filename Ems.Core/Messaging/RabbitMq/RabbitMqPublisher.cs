using Ems.Core.Messaging.Telemetry;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>Publishes so that the broker has what it has confirmed; what no queue takes comes back and is told.</summary>
internal sealed class RabbitMqPublisher(RabbitMqConnection connection, RabbitMqTopology topology, IOptions<RabbitMqOptions> options, TimeProvider clock)
    : IEventBroker, IAsyncDisposable
{
    // Confirms are tracked by the client, and how many are outstanding is for the callers to bound.
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);

    private readonly SemaphoreSlim _opening = new(1);
    private IChannel? _channel;

    public async Task<IReadOnlyCollection<string>> PublishAsync(IReadOnlyList<Event> facts, CancellationToken cancellationToken)
    {
        var channel = await GetChannelAsync(cancellationToken);
        var taken = await ConfirmedAsync(
            channel,
            Task.WhenAll(facts.Select(async fact =>
            {
                using var activity = MessagingActivities.StartPublishing(topology.Events, fact);
                var traced = activity is null ? fact : fact with { TraceParent = activity.Id };
                RabbitMqMessage message = new(traced);
                return await PublishAsync(channel, topology.Events, fact.Name, message.Properties(), message.Body, cancellationToken);
            })),
            cancellationToken);
        return [.. facts.Zip(taken).Where(pair => !pair.Second).Select(pair => pair.First.Id)];
    }

    /// <summary>Publishes one message, which has to find a queue.</summary>
    public Task PublishAsync(string exchange, string routingKey, RabbitMqMessage message, CancellationToken cancellationToken) =>
        PublishAsync(exchange, routingKey, message.Properties(), message.Body, cancellationToken);

    /// <inheritdoc cref="PublishAsync(string, string, RabbitMqMessage, CancellationToken)"/>
    public async Task PublishAsync(
        string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var channel = await GetChannelAsync(cancellationToken);
        if (!await ConfirmedAsync(channel, PublishAsync(channel, exchange, routingKey, properties, body, cancellationToken), cancellationToken))
        {
            throw new InvalidOperationException($"The broker has no queue for {routingKey} behind '{exchange}'; it is declared again at the next start.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await _channel.DisposeAsync();
        }

        _opening.Dispose();
    }

    /// <summary>False when no queue wants it.</summary>
    private static async Task<bool> PublishAsync(
        IChannel channel, string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken);
            return true;
        }
        catch (PublishException exception) when (exception.IsReturn)
        {
            return false;
        }
    }

    private async Task<T> ConfirmedAsync<T>(IChannel channel, Task<T> published, CancellationToken cancellationToken)
    {
        try
        {
            return await published.WaitAsync(options.Value.Timeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A channel that keeps its confirms to itself is not waited for again.
            await channel.CloseAsync(Constants.InternalError, "no confirm", abort: true, CancellationToken.None);
            throw;
        }
    }

    private async Task<IChannel> GetChannelAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is not { IsOpen: true })
            {
                if (_channel is not null)
                {
                    await _channel.DisposeAsync();
                    _channel = null;
                }

                var broker = await connection.GetAsync(cancellationToken);
                var opened = await broker.CreateChannelAsync(Confirming, cancellationToken);
                await topology.DeclareEventsAsync(opened, cancellationToken);
                _channel = opened;
            }

            return _channel;
        }
        finally
        {
            _opening.Release();
        }
    }
}
