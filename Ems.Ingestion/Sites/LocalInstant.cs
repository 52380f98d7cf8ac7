using Ems.Ingestion.Readings;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Sites;

/// <summary>Reads a time as requests write it: a date, a local time, or a time with its offset.</summary>
internal static class LocalInstant
{
    /// <summary>The instant, or what is wrong as the end of a sentence that begins with the field.</summary>
    public static (Instant At, string? Fault) Parse(string? text, DateTimeZone zone)
    {
        if (LocalDatePattern.Iso.Parse(text ?? "").TryGetValue(default, out var date))
        {
            return (zone.AtStartOfDay(date).ToInstant(), null);
        }

        if (IsoTimestamp.Parse(text) is not { } time)
        {
            return (default, $"has the time '{Shown(text)}'; write it as 2026-05-01, 2026-05-01T10:15 (local) or 2026-05-01T10:15:00Z.");
        }

        if (time.Instant is { } instant)
        {
            return (instant, null);
        }

        var mapping = zone.MapLocal(time.Local);
        return mapping.Count == 1
            ? (mapping.Single().ToInstant(), null)
            : (default, $"has the local time {text}, which {(mapping.Count == 0 ? "does not exist" : "happens twice")} in {zone.Id}: add its offset.");
    }

    private static string Shown(string? text) => text is { Length: > 40 } ? text[..40] + "…" : text ?? "";
}
