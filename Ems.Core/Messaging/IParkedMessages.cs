using NodaTime;

namespace Ems.Core.Messaging;

/// <summary>An event that a consumer could not handle however often it was tried.</summary>
/// <param name="Id">Of this message: the event as one subscription got it.</param>
/// <param name="Error">Of the last attempt.</param>
public sealed record ParkedMessage(
    string Id, string Subscription, string EventName, string EventId, Instant OccurredAt, Instant ParkedAt, int Attempts, string Error, string Body);

/// <summary>The parked messages of this process's modules.</summary>
public interface IParkedMessages
{
    /// <summary>By id.</summary>
    Task<IReadOnlyList<ParkedMessage>> ListAsync(int limit, string? afterId, CancellationToken cancellationToken);

    /// <summary>Gives the message to its consumer again; false when no message of this id is parked.</summary>
    Task<bool> RetryAsync(string id, CancellationToken cancellationToken);
}
