using Ems.Core.Metering;
using Ems.Ingestion.Sites;
using NodaTime;
using NodaTime.TimeZones;

namespace Ems.Ingestion.Readings;

/// <summary>Turns timestamps into instants; local ones in the zone of the equipment's site.</summary>
internal sealed class LocalTimes(SiteZones zones)
{
    private readonly Dictionary<string, DateTimeZone> _zones = [];

    /// <summary>The instant, or why there is none.</summary>
    /// <param name="site">Of the equipment that the reading belongs to; null where it has none.</param>
    public async ValueTask<(Instant Instant, Rejection? Rejection)> ResolveAsync(
        ParsedReading reading, string? site, CancellationToken cancellationToken)
    {
        if (reading.Timestamp.Instant is { } instant)
        {
            return (instant, null);
        }

        if (!_zones.TryGetValue(reading.EquipmentId, out var zone))
        {
            zone = await zones.OfSiteAsync(site, cancellationToken);
            _zones.Add(reading.EquipmentId, zone);
        }

        return Resolve(reading, zone);
    }

    private static (Instant Instant, Rejection? Rejection) Resolve(ParsedReading reading, DateTimeZone zone)
    {
        var local = reading.Timestamp.Local;
        var label = new LocalLabels(zone, LabelMeaning.Instant, Duration.Zero).Resolve(local);
        return label.Fault switch
        {
            null => (label.Start, null),
            LocalLabels.AmbiguousLocalTime => (default, Ambiguous(reading, zone.MapLocal(local))),
            _ => (default, new Rejection(reading.Index, label.Fault, $"{local:s} does not exist in {zone.Id}: the clocks skip it.")),
        };
    }

    private static Rejection Ambiguous(ParsedReading reading, ZoneLocalMapping mapping) => new(
        reading.Index,
        LocalLabels.AmbiguousLocalTime,
        $"{mapping.LocalDateTime:s} happens twice in {mapping.Zone.Id}: add the offset {mapping.First().Offset} or {mapping.Last().Offset}.");
}
