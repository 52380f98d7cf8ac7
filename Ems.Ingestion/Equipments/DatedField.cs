using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Storage;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Equipments;

/// <summary>Fields that are sent as a value, or as a list of values with the time from which each holds.</summary>
internal static class DatedField
{
    private const int MaxChanges = 1_000;
    private const string Shape = """must be a value, or a list such as [{"value": …}, {"from": "2026-05-01", "value": …}].""";
    private static readonly Duration Grid = Duration.FromMinutes(15);

    public static (Timeline<double>? Value, string? Fault) ParseMultiplier(JsonElement? sent, DateTimeZone zone) => Parse(
        sent, zone, 1.0, "a number above 0",
        value => value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < double.PositiveInfinity and var number ? number : null);

    public static (Timeline<bool>? Value, string? Fault) ParseExport(JsonElement? sent, DateTimeZone zone) => Parse<bool>(
        sent, zone, false, "true or false",
        value => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null);

    /// <param name="first">What holds from the beginning when nothing else is said.</param>
    private static (Timeline<T>? Value, string? Fault) Parse<T>(
        JsonElement? sent, DateTimeZone zone, T first, string what, Func<JsonElement, T?> read)
        where T : struct
    {
        if (sent is not { ValueKind: not JsonValueKind.Null } element)
        {
            return (new Timeline<T>(first), null);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return read(element) is { } constant ? (new Timeline<T>(constant), null) : (null, $"is {Shown(element)}; it must be {what}.");
        }

        if (element.GetArrayLength() > MaxChanges)
        {
            return (null, $"has {element.GetArrayLength()} entries; at most {MaxChanges} are kept.");
        }

        var (undated, changes) = ((T?)null, new SortedDictionary<Instant, T>());
        foreach (var entry in element.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || entry.EnumerateObject().Any(field => field.FindName() is not ("value" or "from"))
                || !entry.TryGetProperty("value", out var sentValue))
            {
                return (null, $"has the entry {Shown(entry)}: it {Shape}");
            }

            if (read(sentValue) is not { } value)
            {
                return (null, $"has the value {Shown(sentValue)}; it must be {what}.");
            }

            var isDated = entry.TryGetProperty("from", out var sentFrom) && sentFrom.ValueKind != JsonValueKind.Null;
            if (!isDated && undated is not null)
            {
                return (null, "has more than one entry without from; only the first value holds from the beginning.");
            }

            var (from, fault) = isDated ? ParseFrom(sentFrom, zone) : default;
            if (fault is not null || (isDated && !changes.TryAdd(from, value)))
            {
                return (null, fault ?? $"has two values from {sentFrom.FindText()} on.");
            }

            undated = isDated ? undated : value;
        }

        return (new Timeline<T>(undated ?? first, [.. changes.Select(change => new Change<T>(change.Key, change.Value))]), null);
    }

    /// <summary>On a quarter of an hour, as totals are.</summary>
    private static (Instant From, string? Fault) ParseFrom(JsonElement sent, DateTimeZone zone)
    {
        var (from, fault) = LocalInstant.Parse(sent.FindText() ?? sent.GetRawText(), zone);
        return fault is not null || from.ToUnixTimeTicks() % Grid.BclCompatibleTicks == 0
            ? (from, fault)
            : (default, $"has the time {Shown(sent)}; a value can change on a full quarter of an hour only.");
    }

    private static string Shown(JsonElement element) => element.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : element.GetRawText();
}
