using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Storage;
using Ems.Core.Tables;
using NodaTime;

namespace Ems.Ingestion.Equipments;

/// <summary>The list of equipment as a table: a row for each metric that was delivered, or one where there is none.</summary>
internal static class EquipmentTable
{
    private static readonly string[] Columns =
    [
        "id", "name", "type", "site", "parent", "tags", "carrier", "multiplier", "export", "metric", "unit", "kind", "duration_seconds",
        "first_local", "first_utc", "last_local", "last_utc", "count",
    ];

    public static Table Of(IReadOnlyList<EquipmentView> equipment, Func<string?, DateTimeZone> zoneOf) => new(
        "equipment", Columns, equipment.SelectMany(one => one.Metrics.Cast<DeliveredMetric?>().DefaultIfEmpty().Select(metric => Row(one, metric, zoneOf(one.Site)))));

    private static IReadOnlyList<object?> Row(EquipmentView one, DeliveredMetric? metric, DateTimeZone zone) =>
    [
        one.Id, one.Name, one.Type, one.Site, one.Parent, string.Join(", ", one.Tags), one.Carrier,
        Written(one.Multiplier), Written(one.Export), metric?.Metric, metric?.Unit, metric?.Kind, metric?.DurationSeconds,
        Local(metric?.FirstAt, zone), metric?.FirstAt.UtcDateTime, Local(metric?.LastAt, zone), metric?.LastAt.UtcDateTime, metric?.Count,
    ];

    private static object? Written<T>(Timeline<T> timeline) =>
        timeline.Changes.Count == 0 ? timeline.First : JsonSerializer.Serialize(timeline, EmsJson.Options);

    private static DateTime? Local(DateTimeOffset? at, DateTimeZone zone) =>
        at is { } instant ? Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified() : null;
}
