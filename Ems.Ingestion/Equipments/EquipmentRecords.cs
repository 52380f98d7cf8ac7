using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Core.Storage;

namespace Ems.Ingestion.Equipments;

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record EquipmentList(IReadOnlyList<EquipmentView> Equipment, string? NextCursor);

/// <summary>Equipment as it is sent. What is left out takes its default.</summary>
/// <param name="Parent">The equipment whose meter also counts what this one counts.</param>
/// <param name="Carrier">electricity (default), gas, heat, water …</param>
/// <param name="Multiplier">
/// What amounts and powers (not voltages and the like) are multiplied by when they are read, such as the ratio of a transformer: a
/// number above 0, default 1, or a list such as [{"value": 1}, {"from": "2026-05-01", "value": 40}] with times in the site's zone.
/// </param>
/// <param name="Export">Whether negative consumption is expected: true, false (default), or a list as for multiplier.</param>
/// <param name="Virtual">A meter that is not there: the sum of others, or a main meter less its sub-meters.</param>
/// <param name="Metrics">Only answered: what is sent is not looked at, as with merged_into.</param>
internal sealed record EquipmentBody(
    string? Id, string? Name, string? Type, string? Site, string? Parent, IReadOnlyList<string>? Tags, string? Carrier,
    JsonElement? Multiplier, JsonElement? Export, VirtualBody? Virtual, string? MergedInto, JsonElement? Metrics)
{
    /// <summary>Fields that nothing is done with: refused, so that nobody believes they were kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>What a virtual meter is worked out from, by id.</summary>
/// <param name="Plus">What is added.</param>
/// <param name="Minus">What is subtracted.</param>
internal sealed record VirtualBody(IReadOnlyList<string?>? Plus, IReadOnlyList<string?>? Minus)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Equipment as it is answered.</summary>
/// <param name="Multiplier">A number, or a list of values and the times from which they hold.</param>
/// <param name="Export">True or false, or a list as for multiplier.</param>
/// <param name="MergedInto">The equipment that its readings, and those that come for it, belong to.</param>
internal sealed record EquipmentView(
    string Id, string Name, string? Type, string? Site, string? Parent, IReadOnlyList<string> Tags, string Carrier,
    Timeline<double> Multiplier, Timeline<bool> Export,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] VirtualMeter? Virtual,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MergedInto, IReadOnlyList<DeliveredMetric> Metrics)
{
    public static EquipmentView Of(Equipment equipment, IEnumerable<SeriesInfo> series) => new(
        equipment.Id, equipment.Name, equipment.Type, equipment.Site, equipment.Parent, equipment.Tags, equipment.Carrier,
        equipment.Multiplier, equipment.Export, equipment.Virtual, equipment.MergedInto, [.. series.Select(DeliveredMetric.Of)]);
}

/// <summary>A metric that the equipment has delivered at one length of interval.</summary>
/// <param name="Kind">register, interval or level.</param>
/// <param name="DurationSeconds">Length of its intervals; 0 for instants.</param>
internal sealed record DeliveredMetric(
    string Metric, string Unit, string Kind, double DurationSeconds, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count)
{
    public static DeliveredMetric Of(SeriesInfo series) => new(
        series.Key.Metric, series.Unit, NameOf(series.Kind), series.Key.Length.TotalSeconds,
        series.FirstAt.ToDateTimeOffset(), series.LastAt.ToDateTimeOffset(), series.Count);

    private static string NameOf(QuantityKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
