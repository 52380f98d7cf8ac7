using NodaTime;

namespace Ems.Core.Messaging;

/// <summary>
/// Events that wait, in the store whose change they tell of, until the broker has them. Keyed by the publishing module. Several
/// processes may empty one outbox: they share it by leases.
/// </summary>
public interface IOutbox
{
    /// <summary>Takes up to <paramref name="limit"/> events that are due, oldest first; nobody else gets them for the time of the lease.</summary>
    Task<IReadOnlyList<Event>> LeaseAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Deletes events that the broker has.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken);

    /// <summary>Gives events back that the broker did not take; they are due again after <paramref name="delay"/>.</summary>
    Task PutOffAsync(IReadOnlyCollection<string> eventIds, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>How many events wait, and when the oldest of them occurred.</summary>
    Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken);

    /// <summary>Has <paramref name="wake"/> called when events may have been added; not every time, for there is a poll as well.</summary>
    IDisposable Listen(Action wake);
}

/// <summary>What waits somewhere on its way.</summary>
public readonly record struct Backlog(long Count, Instant? OldestAt);
