using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Who changes values, for what and when.</summary>
internal sealed record WriteStamp(string Actor, string? JobId, Instant At, string? TraceParent)
{
    /// <summary>Makes the version under which the changes are kept.</summary>
    public long NewVersion(SqliteConnection connection) => connection.ReadLong(
        "INSERT INTO write(job, actor, at) VALUES ($job, $actor, $at) RETURNING version",
        ("$job", JobId), ("$actor", Actor), ("$at", At.ToUnixTimeMilliseconds()));

    public void Announce(SqliteConnection connection, SqliteTransaction transaction, string equipmentId, StoredExtent extent)
    {
        var body = new ReadingsStored(
            equipmentId, SqliteCatalogue.FindEquipment(connection, equipmentId)?.Site, [.. extent.Metrics],
            Instant.FromUnixTimeMilliseconds(extent.From), Instant.FromUnixTimeMilliseconds(extent.To), extent.Count, Actor, JobId);
        SqliteOutbox.Append(connection, transaction, new Event(
            Guid.CreateVersion7(At.ToDateTimeOffset()).ToString("N"), ReadingsStored.EventName, At, TraceParent,
            JsonSerializer.Serialize(body, EmsJson.Options)));
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
