namespace Ems.Core.Messaging;

/// <summary>The transaction in which an effect and the mark "handled" are saved together.</summary>
public interface IUnitOfWork;

/// <summary>Handles the events of one subscription. They may come more than once and in any order.</summary>
public interface IEventConsumer
{
    /// <summary>
    /// Does what may take long or be done again, and returns the effect. The effect is applied once, together with the mark
    /// that the event is handled, and has to be short. An exception of either means that the event is tried again later.
    /// </summary>
    Task<Action<IUnitOfWork>> HandleAsync(Event fact, CancellationToken cancellationToken);
}
