using Ems.Core.Messaging;
using Ems.Core.Messaging.Relay;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>The relay takes the next events while those before are removed.</summary>
public sealed class OutboxRelayTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_removal_that_fails_strands_none_of_the_events_that_were_taken_meanwhile()
    {
        var outbox = new Outbox("first", "second", "third");
        var broker = new Broker();
        using var relay = new OutboxRelay(
            new ServiceCollection().AddKeyedSingleton<IOutbox>("module", outbox).BuildServiceProvider(),
            [new OutboxRegistration("module")],
            broker,
            Options.Create(new MessagingOptions { PublishWindow = 1, Lease = TimeSpan.FromHours(1), FirstRetryDelay = TimeSpan.FromMilliseconds(10) }),
            TimeProvider.System,
            NullLogger<OutboxRelay>.Instance);

        await relay.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => outbox.Removed == 2, Limit, () => string.Join(", ", broker.Published));
        await relay.StopAsync(TestContext.Current.CancellationToken);

        // The first one was published, but its removal failed: it stays leased until its time is over.
        Assert.Equal(["first", "second", "third"], broker.Published);
    }

    private sealed class Broker : IEventBroker
    {
        public List<string> Published { get; } = [];

        public Task<IReadOnlyCollection<string>> PublishAsync(IReadOnlyList<Event> facts, CancellationToken cancellationToken)
        {
            Published.AddRange(facts.Select(fact => fact.Id));
            return Task.FromResult<IReadOnlyCollection<string>>([]);
        }
    }

    /// <summary>Its first removal fails after the next event was taken.</summary>
    private sealed class Outbox(params IEnumerable<string> ids) : IOutbox
    {
        private readonly List<string> _due = [.. ids];
        private TaskCompletionSource? _failing = new();

        public int Removed { get; private set; }

        public Task<IReadOnlyList<Event>> LeaseAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
        {
            var taken = _due.Take(limit).ToList();
            _due.RemoveRange(0, taken.Count);
            if (taken.Contains("second") && _failing is { } failing)
            {
                _failing = null;
                failing.SetException(new IOException("The store is away."));
            }

            return Task.FromResult<IReadOnlyList<Event>>(taken.ConvertAll(id => new Event(id, "happened.v1", Instant.FromUtc(2024, 1, 1, 0, 0), null, "{}")));
        }

        public Task RemoveAsync(IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken)
        {
            if (_failing is { } failing)
            {
                return failing.Task;
            }

            Removed += eventIds.Count;
            return Task.CompletedTask;
        }

        public Task PutOffAsync(IReadOnlyCollection<string> eventIds, TimeSpan delay, CancellationToken cancellationToken)
        {
            _due.InsertRange(0, eventIds);
            return Task.CompletedTask;
        }

        public Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken) => Task.FromResult(new Backlog(_due.Count, null));

        public IDisposable Listen(Action wake) => new CancellationTokenSource();
    }
}
