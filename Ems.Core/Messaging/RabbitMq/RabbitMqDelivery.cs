using Ems.Core.Messaging.Handling;
using NodaTime;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>An event as it came from the queue of a subscription.</summary>
internal sealed class RabbitMqDelivery(
    RabbitMqMessage message, Subscription subscription, IInbox inbox, RabbitMqPublisher publisher, RabbitMqTopology topology,
    MessagingOptions options, TimeProvider clock, CancellationToken stoppingToken) : IReceivedEvent
{
    public Event Fact => message.Fact;

    public int Attempts => message.Attempts + 1;

    public Task<bool> CompleteAsync(Action<IUnitOfWork> effect) => inbox.ApplyAsync(subscription.Name, Fact, effect, CancellationToken.None);

    public async Task PutOffAsync(string error, TimeSpan delay)
    {
        var failed = (await AskStoreAsync()).WasAway ? message.Attempts : Attempts;
        await RetryAsync(failed, error, failed == 0 ? options.DelayAfter(1) : delay);
    }

    public async Task ParkAsync(string error)
    {
        if ((await AskStoreAsync()).WasAway)
        {
            await RetryAsync(message.Attempts, error, options.DelayAfter(1));
            return;
        }

        var parked = message with { Attempts = Math.Min(Attempts, options.MaxAttempts), Error = error, ParkedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()) };
        await publisher.PublishAsync("", topology.ParkedOf(subscription), parked, CancellationToken.None);
    }

    /// <summary>
    /// Whether the event was handled before. While the store of the module is away no event can be handled, and none is to blame:
    /// waits for the store, and says so, that what was tried meanwhile does not count.
    /// </summary>
    public async Task<(bool HasHandled, bool WasAway)> AskStoreAsync()
    {
        for (var wasAway = false; ; wasAway = true)
        {
            try
            {
                return (await inbox.HasHandledAsync(subscription.Name, Fact.Id, stoppingToken), wasAway);
            }
#pragma warning disable CA1031 // Whatever a store throws that is away; asked again until it answers or the process ends.
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                await Task.Delay(options.FirstRetryDelay, clock, stoppingToken);
            }
        }
    }

    private Task RetryAsync(int failed, string error, TimeSpan delay) => publisher.PublishAsync(
        topology.RetryOf(delay), topology.QueueOf(subscription), message with { Attempts = failed, Error = error }, CancellationToken.None);
}
