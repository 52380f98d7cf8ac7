namespace Ems.Core.Messaging.Telemetry;

/// <summary>How much waits for a subscription, wherever it waits.</summary>
internal interface IQueueDepths
{
    Task<Backlog> ReadWaitingAsync(Subscription subscription, CancellationToken cancellationToken);

    Task<Backlog> ReadParkedAsync(Subscription subscription, CancellationToken cancellationToken);
}
