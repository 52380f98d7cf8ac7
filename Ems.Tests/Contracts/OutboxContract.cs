using Ems.Core.Messaging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What a relay may rely on, whatever store the outbox is in.</summary>
public abstract class OutboxContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected abstract IOutbox Outbox { get; }

    /// <summary>Adds events in the transaction of a change.</summary>
    protected abstract Task AppendAsync(params Event[] facts);

    [Fact]
    public async Task Events_are_taken_oldest_first_and_as_they_were_written()
    {
        await AppendAsync(Fact("a"), Fact("b"));
        await AppendAsync(Fact("c"));

        Assert.Equal([Fact("a"), Fact("b")], await Outbox.LeaseAsync(2, Lease, Cancellation));
        Assert.Equal([Fact("c")], await Outbox.LeaseAsync(2, Lease, Cancellation));
    }

    [Fact]
    public async Task What_one_relay_has_taken_no_other_gets_until_its_lease_runs_out()
    {
        await AppendAsync(Fact("a"));
        await Outbox.LeaseAsync(10, Lease, Cancellation);

        Assert.Empty(await Outbox.LeaseAsync(10, Lease, Cancellation));
        Clock.Advance(Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(["a"], (await Outbox.LeaseAsync(10, Lease, Cancellation)).Select(fact => fact.Id));
    }

    [Fact]
    public async Task Removed_events_never_come_back()
    {
        await AppendAsync(Fact("a"), Fact("b"));
        await Outbox.LeaseAsync(10, Lease, Cancellation);

        await Outbox.RemoveAsync(["a", "unknown"], Cancellation);
        Clock.Advance(Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(["b"], (await Outbox.LeaseAsync(10, Lease, Cancellation)).Select(fact => fact.Id));
    }

    [Fact]
    public async Task Events_that_were_put_off_come_when_they_are_due_and_hold_up_no_other()
    {
        await AppendAsync(Fact("a"));
        await Outbox.LeaseAsync(10, Lease, Cancellation);
        await Outbox.PutOffAsync(["a"], TimeSpan.FromSeconds(30), Cancellation);
        await AppendAsync(Fact("b"));

        Assert.Equal(["b"], (await Outbox.LeaseAsync(10, TimeSpan.FromHours(1), Cancellation)).Select(fact => fact.Id));
        Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(["a"], (await Outbox.LeaseAsync(10, Lease, Cancellation)).Select(fact => fact.Id));
    }

    [Fact]
    public async Task The_backlog_is_what_was_not_removed()
    {
        Assert.Equal(new Backlog(0, null), await Outbox.ReadBacklogAsync(Cancellation));
        await AppendAsync(Fact("a"), Fact("b") with { OccurredAt = Fact("b").OccurredAt + Duration.FromMinutes(1) });
        await Outbox.LeaseAsync(10, Lease, Cancellation);
        await Outbox.RemoveAsync(["a"], Cancellation);

        Assert.Equal(new Backlog(1, Fact("b").OccurredAt + Duration.FromMinutes(1)), await Outbox.ReadBacklogAsync(Cancellation));
    }

    [Fact]
    public async Task Relays_side_by_side_share_the_events_and_get_none_twice()
    {
        var ids = Enumerable.Range(0, 200).Select(number => $"{number:000}").ToArray();
        await AppendAsync([.. ids.Select(Fact)]);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            List<string> mine = [];
            while (await Outbox.LeaseAsync(10, Lease, Cancellation) is { Count: > 0 } facts)
            {
                mine.AddRange(facts.Select(fact => fact.Id));
            }

            return mine;
        })));

        Assert.Equal(ids, taken.SelectMany(mine => mine).Order(StringComparer.Ordinal));
    }

    protected static Event Fact(string id) => new(
        id, "checks.happened.v1", Instant.FromUtc(2026, 1, 1, 0, 0), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", $$"""{"n":"{{id}}"}""");
}
