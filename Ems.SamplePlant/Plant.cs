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

    /// <summary>What is wrong with those files.</summary>
    public TruthFile Truth(int days, Instant now)
    {
        var end = EndOf(now);
        return new TruthFile(
            seed, Sites.Min(site => StartOf(site.Site, days, now)), end, [.. Sites.SelectMany(FaultsOf).OrderBy(fault => fault.Start)]);

        IEnumerable<PlantedFault> FaultsOf(SiteReadings site)
        {
            var start = StartOf(site.Site, days, now);
            return site.Faults.Between(start, end).Select(fault => fault.Within(start, end));
        }
    }

    /// <summary>The last quarter of an hour that is over.</summary>
    public static Instant EndOf(Instant now) => Moment.StartOf(Moment.IndexOf(now));

    public static Instant StartOf(PlantSite site, int days, Instant now)
    {
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        return zone.AtStartOfDay(now.InZone(zone).Date.PlusDays(-days)).ToInstant();
    }
}
