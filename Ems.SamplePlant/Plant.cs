using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Loading;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant;

/// <summary>The whole sample plant for a seed: a value never depends on when it is asked for.</summary>
internal sealed class Plant(ulong seed)
{
    public IReadOnlyList<SiteReadings> Sites { get; } = [.. SampleSites.All.Select(site => new SiteReadings(site, seed))];

    /// <summary>The files of so many whole days before today, at each site, and of today up to now.</summary>
    public IReadOnlyList<SampleFile> Files(int days, Instant now) =>
    [
        .. Sites.SelectMany(site => site.Site.Meters.Select(meter => meter.Kind).Distinct()
            .Select(kind => new SampleFile(site, kind, StartOf(site.Site, days, now), EndOf(now)))),
    ];

    public TruthFile Truth(int days, Instant now)
    {
        var from = Sites.Min(site => StartOf(site.Site, days, now));
        return new TruthFile(
            seed, from, EndOf(now),
            [.. Sites.SelectMany(site => site.Faults.Between(StartOf(site.Site, days, now), EndOf(now))).OrderBy(fault => fault.Start)]);
    }

    /// <summary>The last quarter of an hour that is over.</summary>
    public static Instant EndOf(Instant now) => Moment.StartOf(Moment.IndexOf(now));

    public static Instant StartOf(PlantSite site, int days, Instant now)
    {
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        return zone.AtStartOfDay(now.InZone(zone).Date.PlusDays(-days)).ToInstant();
    }
}
