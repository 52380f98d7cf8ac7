using Ems.Core.Messaging.Handling;

namespace Ems.Core.Messaging.Queue;

/// <summary>The events of one subscription in the store of its module: what carries events where there is no broker.</summary>
internal interface IMessageQueue
{
    /// <summary>Takes in what the publisher has said since, each event once.</summary>
    Task ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes messages that are due: several new ones, or a single one that was tried before, so that one which ends the
    /// process does not count against its neighbours.
    /// </summary>
    Task<IReadOnlyList<IReceivedEvent>> LeaseAsync(TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives messages back that were not tried.</summary>
    Task ReleaseAsync(IReadOnlyList<IReceivedEvent> messages, CancellationToken cancellationToken);

    /// <summary>When the next message falls due, if one waits.</summary>
    Task<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken);

    /// <summary>Has <paramref name="wake"/> called when there may be something new; not every time, for there is a poll as well.</summary>
    IDisposable Listen(Action wake);
}

/// <summary>The queues of a store.</summary>
internal interface IMessageQueues
{
    /// <summary>Opens the queues of these subscriptions, which are all that this process has.</summary>
    Task<IReadOnlyList<IMessageQueue>> OpenAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellationToken);
}
