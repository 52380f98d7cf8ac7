namespace Ems.Core.Messaging;

/// <summary>What a consumer wants to be told.</summary>
/// <param name="Name">Written name, such as <c>analytics.detect</c>; what is before the dot is the module whose file takes the effects.</param>
/// <param name="Publisher">The module whose events it wants, such as <c>ingestion</c>.</param>
/// <param name="EventNames">Written names of the events.</param>
public sealed record Subscription(string Name, string Publisher, IReadOnlyList<string> EventNames)
{
    public string Module => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>A subscription and the type that handles it.</summary>
internal sealed record ConsumerRegistration(Subscription Subscription, Type ConsumerType);

/// <summary>A module whose file has an inbox.</summary>
internal sealed record InboxRegistration(string Module);

/// <summary>A module whose file has an outbox.</summary>
internal sealed record OutboxRegistration(string Module);
