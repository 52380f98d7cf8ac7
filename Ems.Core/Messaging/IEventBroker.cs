namespace Ems.Core.Messaging;

/// <summary>Where events go that have to leave the machine.</summary>
internal interface IEventBroker
{
    /// <summary>
    /// Hands the events over; when it returns, the broker keeps them. Returns the ids of those that nobody wants yet. When it
    /// throws, any of them may or may not have been taken.
    /// </summary>
    Task<IReadOnlyCollection<string>> PublishAsync(IReadOnlyList<Event> facts, CancellationToken cancellationToken);
}
