namespace Ems.Core.Messaging.Handling;

/// <summary>An event as one subscription got it; one of the three ends its handling.</summary>
internal interface IReceivedEvent
{
    Event Fact { get; }

    /// <summary>This one included.</summary>
    int Attempts { get; }

    /// <summary>Applies the effect, once; false, and no effect, when it was applied before or another consumer has taken over.</summary>
    Task<bool> CompleteAsync(Action<IUnitOfWork> effect);

    /// <summary>Has it delivered again after the delay; false when that is not wanted, for it was handled or given to another meanwhile.</summary>
    Task<bool> PutOffAsync(string error, TimeSpan delay);

    /// <summary>
    /// Sets it aside until somebody sends it again; false when it is not, for it was handled or given to another meanwhile, or could not
    /// be handled anyway.
    /// </summary>
    Task<bool> ParkAsync(string error);
}
