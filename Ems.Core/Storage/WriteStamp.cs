using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>Who changes values, for what and when.</summary>
internal sealed record WriteStamp(string Actor, string? JobId, Instant At, string? TraceParent)
{
    /// <summary>Tells of what changed of an equipment.</summary>
    public Event ToEvent(string equipmentId, string? site, StoredExtent extent)
    {
        var body = new ReadingsStored(
            equipmentId, site, [.. extent.Metrics],
            Instant.FromUnixTimeMilliseconds(extent.From), Instant.FromUnixTimeMilliseconds(extent.To), extent.Count, Actor, JobId);
        return new Event(
            Guid.CreateVersion7(At.ToDateTimeOffset()).ToString("N"), ReadingsStored.EventName, At, TraceParent,
            JsonSerializer.Serialize(body, EmsJson.Options));
    }
}

/// <summary>What changed of one equipment.</summary>
internal sealed class StoredExtent
{
    public SortedSet<string> Metrics { get; } = new(StringComparer.Ordinal);

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    /// <summary>Readings with at least one value that changed.</summary>
    public int Count { get; set; }

    public void Add(string metric, TouchedRanges changed)
    {
        Metrics.Add(metric);
        From = Math.Min(From, changed.First);
        To = Math.Max(To, changed.End);
    }
}
