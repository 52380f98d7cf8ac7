using Ems.Core.Storage;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Ingestion.Sites;

/// <summary>Finds the time zone that local times of a site or of an equipment are in.</summary>
internal sealed class SiteZones(ICatalogue catalogue, IOptions<TimeZoneOptions> options)
{
    private static readonly HashSet<string> Names = [.. DateTimeZoneProviders.Tzdb.Ids];

    /// <summary>Whether the tz database knows the name (fixed offsets such as <c>UTC+01</c> are none of its names).</summary>
    public static bool IsIana(string? timeZone) => timeZone is not null && Names.Contains(timeZone);

    /// <summary>What is wrong with the name of a zone, and the name that may be meant; null when nothing is.</summary>
    public static string? FaultOf(string? timeZone) => timeZone is null || IsIana(timeZone) ? null
        : $"is '{timeZone}'; it must be an IANA name such as Europe/Berlin{(FixedZones.Find(timeZone) is { } name ? $", or {name} where clocks keep this offset all year" : "")}.";

    public DateTimeZone Default => DateTimeZoneProviders.Tzdb[options.Value.TimeZone];

    public async Task<DateTimeZone> OfSiteAsync(string? siteId, CancellationToken cancellationToken)
    {
        var site = siteId is null ? null : await catalogue.FindSiteAsync(siteId, cancellationToken);
        return site is null ? Default : DateTimeZoneProviders.Tzdb[site.TimeZone];
    }

    /// <summary>The zone of each site by its id.</summary>
    public async Task<Func<string?, DateTimeZone>> OfSitesAsync(CancellationToken cancellationToken)
    {
        var sites = (await catalogue.ListSitesAsync(cancellationToken)).ToDictionary(site => site.Id, site => DateTimeZoneProviders.Tzdb[site.TimeZone]);
        return id => id is not null && sites.TryGetValue(id, out var zone) ? zone : Default;
    }

    /// <summary>The zone of each of the equipment by its id.</summary>
    /// <param name="equipmentIds">Null for all there is.</param>
    public async Task<IReadOnlyDictionary<string, DateTimeZone>> OfEachAsync(IReadOnlyCollection<string>? equipmentIds, CancellationToken cancellationToken)
    {
        var zoneOf = await OfSitesAsync(cancellationToken);
        var sites = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id, one => one.Site);
        return (equipmentIds ?? sites.Keys).Distinct().ToDictionary(id => id, id => zoneOf(sites.GetValueOrDefault(id)));
    }

    public async Task<DateTimeZone> OfEquipmentAsync(string equipmentId, CancellationToken cancellationToken)
    {
        var equipment = await catalogue.FindEquipmentAsync(equipmentId, cancellationToken);
        return await OfSiteAsync(equipment?.Site, cancellationToken);
    }
}
