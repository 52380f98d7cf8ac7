using Ems.Core.Storage;
using NodaTime;

namespace Ems.Query.Places;

/// <summary>Time zones of sites; equipment without a site is where <c>Ems:TimeZone</c> says, else in UTC.</summary>
internal sealed class Zones(ICatalogue catalogue, IConfiguration configuration)
{
    public DateTimeZone Default => Find(configuration["Ems:TimeZone"]) ?? DateTimeZone.Utc;

    /// <summary>The zone with this IANA name, or null.</summary>
    public static DateTimeZone? Find(string? name) =>
        name is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    /// <summary>The zone of each site by its id.</summary>
    public async Task<Func<string?, DateTimeZone>> OfSitesAsync(CancellationToken cancellationToken)
    {
        var sites = await catalogue.ListSitesAsync(cancellationToken);
        var zones = sites.ToDictionary(s => s.Id, s => Find(s.TimeZone) ?? Default);
        return id => id is not null && zones.TryGetValue(id, out var zone) ? zone : Default;
    }
}
