using Ems.Core.Messaging;
using Ems.Core.Messaging.RabbitMq;
using Ems.Core.Messaging.Sqlite;

namespace Ems.Tests.Contracts;

/// <summary>While the store of the subscriber is away, or another process was faster, an event is not to blame.</summary>
public sealed partial class RabbitMqMessagingTests
{
    /// <summary>More than the deliveries after which the broker parks a message.</summary>
    private const int ManyRounds = 25;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private ShuttableInbox? _inbox;
    private TimeSpan _patience = Long;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_that_waits_long_for_the_store_waits_at_the_broker_and_has_its_effect_once(bool wasDelivered)
    {
        (_inbox, _patience) = (new ShuttableInbox(new SqliteInbox(_subscriber, TimeProvider.System)), TimeSpan.FromMilliseconds(20));
        var host = await StartAsync(SaveAsync);
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");
        await host.StopAsync(Cancellation);
        await using (var connection = await _broker.ConnectAsync())
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
            var waiting = new RabbitMqMessage(Fact("waiting"));
            await channel.BasicPublishAsync("", Queue, mandatory: true, waiting.Properties(), waiting.Body, Cancellation);
            await (wasDelivered ? TakeAndDisappearAsync(connection) : Task.CompletedTask);
        }

        _inbox.IsAway = true;
        var again = await StartAsync((fact, _) => SaveAsync(fact), lease: Long);
        await BecomesTrueAsync(() => Task.FromResult(_inbox.Refused >= ManyRounds), () => Task.FromResult($"{_inbox.Refused} rounds"));
        _inbox.IsAway = false;

        await EffectsBecomeAsync("first", "waiting");
        await again.StopAsync(Cancellation);
        Assert.Equal(0u, await CountLeftAsync());
    }

    [Fact]
    public async Task An_event_whose_lease_ends_while_the_store_is_away_is_not_parked_and_has_its_effect_once()
    {
        var rounds = 0;
        _inbox = new ShuttableInbox(new SqliteInbox(_subscriber, TimeProvider.System)) { IsAway = true };
        var host = await StartAsync(
            async (fact, stop) =>
            {
                if (_inbox.IsAway)
                {
                    Interlocked.Increment(ref rounds);
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                }

                return work => SaveEffect(work, fact.Id);
            },
            lease: TimeSpan.FromMilliseconds(50));

        await PublishAsync(Fact("a"));
        await BecomesTrueAsync(() => Task.FromResult(Volatile.Read(ref rounds) >= ManyRounds), () => Task.FromResult($"{rounds} rounds"));
        _inbox.IsAway = false;

        await EffectsBecomeAsync("a");
        await BecomesTrueAsync(async () => await CountLeftAsync() == 0, () => Task.FromResult("Something is left at the broker."));
        await host.StopAsync(Cancellation);
        Assert.Equal(["a"], await ReadEffectsAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_event_that_fails_here_but_was_handled_elsewhere_meanwhile_is_neither_tried_again_nor_parked(int attempts)
    {
        var (inbox, calls) = (new SqliteInbox(_subscriber, TimeProvider.System), 0);
        var host = await StartAsync(async fact =>
        {
            if (fact.Id == "first")
            {
                return work => SaveEffect(work, fact.Id);
            }

            Interlocked.Increment(ref calls);
            await inbox.ApplyAsync(Module + ".check", fact, work => SaveEffect(work, fact.Id), Cancellation);
            throw new FormatException("only here");
        });
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var failing = new RabbitMqMessage(Fact("a"), attempts);

        await channel.BasicPublishAsync("", Queue, mandatory: true, failing.Properties(), failing.Body, Cancellation);

        await EffectsBecomeAsync("first", "a");
        await host.StopAsync(Cancellation);
        Assert.Equal((1, 0u), (calls, await CountLeftAsync()));
    }

    /// <summary>Messages that wait or are parked, and are not being handled.</summary>
    private async Task<uint> CountLeftAsync()
    {
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var left = 0u;
        foreach (var queue in (string[])[$"{_broker.Prefix}.retry.5", $"{_broker.Prefix}.retry.10", Queue, $"{Queue}.parked"])
        {
            left += await channel.MessageCountAsync(queue, Cancellation);
        }

        return left;
    }

    /// <summary>A store that can be away.</summary>
    private sealed class ShuttableInbox(IInbox inner) : IInbox
    {
        private volatile bool _isAway;
        private int _refused;

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        /// <summary>How often an effect was to be applied while it was away.</summary>
        public int Refused => Volatile.Read(ref _refused);

        public Task<bool> ApplyAsync(string subscription, Event fact, Action<IUnitOfWork> effect, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                Interlocked.Increment(ref _refused);
                throw new IOException("away");
            }

            return inner.ApplyAsync(subscription, fact, effect, cancellationToken);
        }

        public Task<bool> HasHandledAsync(string subscription, string eventId, CancellationToken cancellationToken) =>
            IsAway ? throw new IOException("away") : inner.HasHandledAsync(subscription, eventId, cancellationToken);

        public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => inner.PruneAsync(before, cancellationToken);
    }
}
