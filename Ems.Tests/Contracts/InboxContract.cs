using Ems.Core.Messaging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What consumers behind a broker may rely on, whatever store the inbox is in.</summary>
public abstract class InboxContract
{
    protected const string Subscription = "checks.check";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected abstract IInbox Inbox { get; }

    /// <summary>Of two that are the same the second is refused.</summary>
    protected abstract void SaveEffect(IUnitOfWork work, string effect);

    protected abstract Task<IReadOnlyList<string>> ReadEffectsAsync();

    [Fact]
    public async Task An_event_has_its_effect_once_for_each_subscription()
    {
        Assert.True(await ApplyAsync(Subscription, "a"));
        Assert.False(await ApplyAsync(Subscription, "a"));
        Assert.True(await ApplyAsync("checks.other", "a"));

        Assert.Equal(["checks.check a", "checks.other a"], (await ReadEffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_event_whose_effect_fails_counts_as_never_handled()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Inbox.ApplyAsync(
            Subscription,
            Fact("a"),
            work =>
            {
                SaveEffect(work, "half");
                throw new InvalidOperationException("between effect and mark");
            },
            Cancellation));

        Assert.False(await Inbox.HasHandledAsync(Subscription, "a", Cancellation));
        Assert.Empty(await ReadEffectsAsync());
        Assert.True(await ApplyAsync(Subscription, "a"));
    }

    [Fact]
    public async Task An_event_whose_effect_is_refused_for_a_key_that_is_there_counts_as_never_handled()
    {
        await ApplyAsync(Subscription, "a");

        await Assert.ThrowsAnyAsync<Exception>(() => Inbox.ApplyAsync(
            Subscription, Fact("b"), work => SaveEffect(work, $"{Subscription} a"), Cancellation));

        Assert.False(await Inbox.HasHandledAsync(Subscription, "b", Cancellation));
        Assert.True(await ApplyAsync(Subscription, "b"));
    }

    [Fact]
    public async Task It_is_known_which_events_were_handled()
    {
        await ApplyAsync(Subscription, "a");

        Assert.True(await Inbox.HasHandledAsync(Subscription, "a", Cancellation));
        Assert.False(await Inbox.HasHandledAsync(Subscription, "b", Cancellation));
        Assert.False(await Inbox.HasHandledAsync("checks.other", "a", Cancellation));
    }

    [Fact]
    public async Task Of_consumers_side_by_side_one_has_the_effect()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ApplyAsync(Subscription, "a"))));

        Assert.Single(applied, one => one);
        Assert.Equal(["checks.check a"], await ReadEffectsAsync());
    }

    [Fact]
    public async Task Events_handled_long_ago_are_forgotten_and_younger_ones_are_not()
    {
        await ApplyAsync(Subscription, "a");
        Clock.Advance(TimeSpan.FromHours(2));
        await ApplyAsync(Subscription, "b");

        Assert.Equal(1, await Inbox.PruneAsync(Clock.GetUtcNow() - TimeSpan.FromHours(1), Cancellation));
        Assert.False(await Inbox.HasHandledAsync(Subscription, "a", Cancellation));
        Assert.True(await Inbox.HasHandledAsync(Subscription, "b", Cancellation));
        Assert.Equal(0, await Inbox.PruneAsync(Clock.GetUtcNow() - TimeSpan.FromHours(1), Cancellation));
    }

    private Task<bool> ApplyAsync(string subscription, string id) =>
        Inbox.ApplyAsync(subscription, Fact(id), work => SaveEffect(work, $"{subscription} {id}"), Cancellation);

    private static Event Fact(string id) => new(id, "checks.happened.v1", Instant.FromUtc(2026, 1, 1, 0, 0), null, "{}");
}
