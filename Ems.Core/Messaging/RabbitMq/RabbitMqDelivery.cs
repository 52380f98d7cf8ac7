using Ems.Core.Messaging.Handling;
using NodaTime;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// An event as it came from the queue of a subscription. While the store of the module is away no event can be handled, and none is to
/// blame: what was tried meanwhile does not count. It is held only for a while, for a broker closes the channel of one that holds an
/// event for long, and counts that against the event; after that it waits in a queue, and comes anew.
/// </summary>
internal sealed class RabbitMqDelivery(
    RabbitMqMessage message, Subscription subscription, IInbox inbox, RabbitMqPublisher publisher, RabbitMqTopology topology,
    MessagingOptions options, RabbitMqOptions broker, TimeProvider clock, CancellationToken stoppingToken) : IReceivedEvent
{
    private volatile bool _storeWasAway;
    private int _isDecided;

    public Event Fact => message.Fact;

    public int Attempts => message.Attempts + 1;

    public Task<bool> CompleteAsync(Action<IUnitOfWork> effect) => inbox.ApplyAsync(subscription.Name, Fact, effect, CancellationToken.None);

    public async Task<bool> PutOffAsync(string error, TimeSpan delay)
    {
        if (await HasHandledAsync(broker.StorePatience) == true || !Decide())
        {
            return false;
        }

        await (_storeWasAway ? ComeAnewAsync(error) : RetryAsync(Attempts, error, delay));
        return true;
    }

    public async Task<bool> ParkAsync(string error)
    {
        if (await HasHandledAsync(broker.StorePatience) == true || !Decide())
        {
            return false;
        }

        if (_storeWasAway)
        {
            await ComeAnewAsync(error);
            return false;
        }

        var parked = message with { Attempts = Math.Min(Attempts, options.MaxAttempts), Error = error, ParkedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()) };
        await publisher.PublishAsync("", topology.ParkedOf(subscription), parked, CancellationToken.None);
        return true;
    }

    /// <summary>Of one that was delivered before: false when that is all, for it was handled then, or the store cannot tell and it comes anew.</summary>
    public async Task<bool> MayBeginAsync()
    {
        var hasHandled = await HasHandledAsync(broker.StorePatience);
        if (hasHandled is null && Decide())
        {
            await ComeAnewAsync(message.Error);
        }

        return hasHandled == false;
    }

    /// <summary>
    /// Leaves the event to another consumer while the work at it goes on. False when it is to go back to the queue, and has to count
    /// against it: the store is there, so it is the event that holds up its consumer.
    /// </summary>
    public async Task<bool> EndLeaseAsync(Task work)
    {
        if (await HasHandledAsync(options.FirstRetryDelay) == true)
        {
            return true;
        }

        if (!Decide())
        {
            await work;
            return true;
        }

        var isToBlame = !_storeWasAway;
        await (isToBlame ? Task.CompletedTask : ComeAnewAsync(message.Error));
        return !isToBlame;
    }

    /// <summary>Null when the store does not answer for as long as that.</summary>
    private async Task<bool?> HasHandledAsync(TimeSpan patience)
    {
        for (var began = clock.GetTimestamp(); ;)
        {
            var left = patience - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                return await inbox.HasHandledAsync(subscription.Name, Fact.Id, stoppingToken).WaitAsync(left, clock, stoppingToken);
            }
#pragma warning disable CA1031 // Whatever a store throws that is away; asked again until it answers or the process ends.
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _storeWasAway = true;
                await Task.Delay(left < options.FirstRetryDelay ? left : options.FirstRetryDelay, clock, stoppingToken);
            }
        }
    }

    /// <summary>What becomes of it is decided once: by its consumer, or at the end of the lease while the consumer goes on. True for the first.</summary>
    private bool Decide() => Interlocked.Exchange(ref _isDecided, 1) == 0;

    private Task ComeAnewAsync(string? error) => RetryAsync(message.Attempts, error, options.DelayAfter(1));

    private Task RetryAsync(int failed, string? error, TimeSpan delay) => publisher.PublishAsync(
        topology.RetryOf(delay), topology.QueueOf(subscription), message with { Attempts = failed, Error = error }, CancellationToken.None);
}
