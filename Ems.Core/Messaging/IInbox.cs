namespace Ems.Core.Messaging;

/// <summary>
/// What a module's consumers save, and which events they have handled: both in the module's own store. Keyed by the consuming
/// module.
/// </summary>
public interface IInbox
{
    /// <summary>
    /// Applies the effect and remembers the event in one transaction; false, and no effect, when the subscription has handled
    /// the event before.
    /// </summary>
    Task<bool> ApplyAsync(string subscription, Event fact, Action<IUnitOfWork> effect, CancellationToken cancellationToken);

    Task<bool> HasHandledAsync(string subscription, string eventId, CancellationToken cancellationToken);

    /// <summary>Forgets some of the events that were handled before the given time; returns how many.</summary>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
