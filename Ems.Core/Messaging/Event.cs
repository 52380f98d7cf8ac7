using NodaTime;

namespace Ems.Core.Messaging;

/// <summary>A fact that one module tells the others.</summary>
/// <param name="Id">Unique; a consumer handles each id once.</param>
/// <param name="Name">Written name with its version, such as <c>readings.stored.v1</c>.</param>
/// <param name="TraceParent">W3C trace context of what caused it, if any.</param>
/// <param name="Body">JSON, snake_case.</param>
public sealed record Event(string Id, string Name, Instant OccurredAt, string? TraceParent, string Body);

/// <summary>Readings of one equipment were stored or changed.</summary>
/// <param name="From">Start of the first of them.</param>
/// <param name="To">End of the last of them.</param>
/// <param name="Count">Number of readings.</param>
public sealed record ReadingsStored(
    string EquipmentId, string? Site, IReadOnlyList<string> Metrics, Instant From, Instant To, int Count, string Actor, string? JobId)
{
    public const string EventName = "readings.stored.v1";
}
