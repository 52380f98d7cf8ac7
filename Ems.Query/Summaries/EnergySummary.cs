using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Places;
using Ems.Query.Requests;
using Ems.Query.Series;
using NodaTime;

namespace Ems.Query.Summaries;

/// <summary>Energy of the main meters of a carrier, import less export; null where there are no readings.</summary>
/// <param name="TodayKwh">Each meter's own today: the days of sites in different zones begin at different instants.</param>
/// <param name="PeakKw">Highest mean power of the month over the demand interval, of the summed main meters.</param>
/// <param name="AsOf">The newest reading.</param>
internal sealed record CarrierEnergy(
    double? TodayKwh, double? YesterdayKwh, double? MonthKwh, double? PeakKw, string? PeakAt, string? AsOf);

/// <summary>The energy part of the dashboard: that of electricity, or of the only carrier there is.</summary>
internal sealed record EnergySummary(
    string? Carrier, double? TodayKwh, double? YesterdayKwh, double? MonthKwh, double? PeakKw, string? PeakAt, string? AsOf,
    IReadOnlyDictionary<string, CarrierEnergy> ByCarrier);

/// <summary>Adds up main meters for the dashboard, each in the calendar of its site.</summary>
internal sealed class EnergySummaries(SeriesReader reader, ICatalogue catalogue, Zones zones, MeterMonths months, TimeProvider time)
{
    private const string Electricity = "electricity";
    private static readonly Duration LongestDemand = Duration.FromHours(1);

    public async Task<EnergySummary> SummariseAsync(string? site, CancellationToken cancellationToken)
    {
        var meters = await ListMainMetersAsync(site, cancellationToken);
        Dictionary<string, CarrierEnergy> byCarrier = [];
        foreach (var carrier in meters.GroupBy(m => m.Equipment.Carrier).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            byCarrier[carrier.Key] = await AddUpAsync([.. carrier], cancellationToken);
        }

        var name = byCarrier.ContainsKey(Electricity) ? Electricity : byCarrier.Count == 1 ? byCarrier.Keys.Single() : null;
        var shown = name is null ? null : byCarrier[name];
        return new EnergySummary(
            name, shown?.TodayKwh, shown?.YesterdayKwh, shown?.MonthKwh, shown?.PeakKw, shown?.PeakAt, shown?.AsOf, byCarrier);
    }

    private async Task<IReadOnlyList<MainMeter>> ListMainMetersAsync(string? site, CancellationToken cancellationToken)
    {
        var sites = (await catalogue.ListSitesAsync(cancellationToken)).ToDictionary(s => s.Id);
        var all = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(e => e.Id);
        var tree = new MeterTree(all);
        var main = all.Values.Where(e => tree.IsMain(e) && (site is null || e.Site == site)).ToDictionary(e => e.Id);
        if (main.Count == 0)
        {
            return [];
        }

        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        var series = await reader.FindAsync(main.Keys, MetricSeries.Energy, cancellationToken);
        return [.. series.Select(s =>
        {
            var equipment = main[s.EquipmentId];
            var demand = equipment.Site is { } id && sites.TryGetValue(id, out var found) ? found.DemandIntervalMinutes : 15;
            return new MainMeter(equipment, s, zoneOf(equipment.Site), Duration.FromMinutes(demand));
        })];
    }

    private async Task<CarrierEnergy> AddUpAsync(IReadOnlyList<MainMeter> meters, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var read = await months.ReadAsync(meters, DemandSlots(meters, now), now, cancellationToken);
        var (peak, peakAt) = FindPeak(read);
        var newest = meters.MaxBy(m => m.NewestAt)!;
        var zone = meters.All(m => m.Zone.Equals(newest.Zone)) ? newest.Zone : DateTimeZone.Utc;
        return new CarrierEnergy(
            Sum(read.Select(m => m.TodayKwh)), Sum(read.Select(m => m.YesterdayKwh)), Sum(read.Select(m => m.MonthKwh)), Numbers.Rounded(peak),
            peakAt is { } at ? RequestTime.Text(at, zone) : null, RequestTime.Text(newest.NewestAt, zone));
    }

    /// <summary>
    /// The pieces of time whose highest mean is the peak. None where a main meter's readings are longer than an hour: the mean of a
    /// day is no demand.
    /// </summary>
    private static CalendarBucket? DemandSlots(IReadOnlyList<MainMeter> meters, Instant now)
    {
        var longest = meters.Max(m => m.Series.LongestInterval(MeterMonths.StartOfMonth(m, now), now));
        var demand = meters.Max(m => m.Demand) > CalendarBucket.QuarterHour.Nominal ? CalendarBucket.Parse("30m")! : CalendarBucket.QuarterHour;
        return longest > LongestDemand ? null : demand.AtLeast(longest);
    }

    private static double? Sum(IEnumerable<double?> amounts)
    {
        var known = amounts.OfType<double>().ToList();
        return known.Count == 0 ? null : Numbers.Rounded(known.Sum());
    }

    private static (double? PowerKw, Instant? At) FindPeak(IReadOnlyList<MeterMonth> months)
    {
        var sums = new Dictionary<Instant, double>();
        foreach (var (start, powerKw) in months.SelectMany(month => month.PowersKw))
        {
            sums[start] = sums.GetValueOrDefault(start) + powerKw;
        }

        if (sums.Count == 0)
        {
            return (null, null);
        }

        var (at, highest) = sums.OrderBy(slot => slot.Key).MaxBy(slot => slot.Value);
        return (highest, at);
    }
}
