using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Places;
using Ems.Query.Requests;
using Ems.Query.Series;
using NodaTime;

namespace Ems.Query.Summaries;

/// <summary>Energy of the main meters of a carrier; null where there are no readings.</summary>
/// <param name="PeakKw">Highest mean power of the month over the demand interval, of the summed main meters.</param>
/// <param name="AsOf">The newest reading.</param>
internal sealed record CarrierEnergy(
    double? TodayKwh, double? YesterdayKwh, double? MonthKwh, double? PeakKw, string? PeakAt, string? AsOf);

/// <summary>The energy part of the dashboard: that of electricity, or of the only carrier there is.</summary>
internal sealed record EnergySummary(
    string? Carrier, double? TodayKwh, double? YesterdayKwh, double? MonthKwh, double? PeakKw, string? PeakAt, string? AsOf,
    IReadOnlyDictionary<string, CarrierEnergy> ByCarrier);

/// <summary>Adds up main meters for the dashboard, each in the calendar of its site.</summary>
internal sealed class EnergySummaries(SeriesReader reader, ICatalogue catalogue, Zones zones, TimeProvider time)
{
    private const string Electricity = "electricity";

    private sealed record MainMeter(Equipment Equipment, MetricSeries Series, DateTimeZone Zone, int DemandMinutes);

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
        var main = (await catalogue.ListEquipmentAsync(cancellationToken))
            .Where(e => e.Parent is null && (site is null || e.Site == site))
            .ToDictionary(e => e.Id);
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
            return new MainMeter(equipment, s, zoneOf(equipment.Site), demand);
        })];
    }

    private async Task<CarrierEnergy> AddUpAsync(IReadOnlyList<MainMeter> meters, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        double? today = null, yesterday = null, month = null;
        foreach (var meter in meters)
        {
            var date = now.InZone(meter.Zone).Date;
            var monthStart = new LocalDate(date.Year, date.Month, 1);
            today = Sum(today, await ReadAsync(meter, date, date.PlusDays(1), cancellationToken));
            yesterday = Sum(yesterday, await ReadAsync(meter, date.PlusDays(-1), date, cancellationToken));
            month = Sum(month, await ReadAsync(meter, monthStart, monthStart.PlusMonths(1), cancellationToken));
        }

        var (peak, peakAt) = await FindPeakAsync(meters, now, cancellationToken);
        var newest = meters.Max(m => m.Series.Sources.Max(s => s.Main.LastAt));
        var zone = meters[0].Zone;
        return new CarrierEnergy(
            Numbers.Rounded(today), Numbers.Rounded(yesterday), Numbers.Rounded(month), Numbers.Rounded(peak),
            peakAt is { } at ? RequestTime.Text(at, zone) : null, RequestTime.Text(newest, zone));
    }

    private static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    private async Task<double?> ReadAsync(MainMeter meter, LocalDate from, LocalDate to, CancellationToken cancellationToken)
    {
        Instant[] edges = [meter.Zone.AtStartOfDay(from).ToInstant(), meter.Zone.AtStartOfDay(to).ToInstant()];
        return Numbers.Amount((await reader.ReadTotalsAsync(meter.Series, edges, cancellationToken))[0]);
    }

    /// <summary>No peak where a main meter's readings are longer than an hour: the mean of a day is no demand.</summary>
    private async Task<(double? PowerKw, Instant? At)> FindPeakAsync(
        IReadOnlyList<MainMeter> meters, Instant now, CancellationToken cancellationToken)
    {
        var zone = meters[0].Zone;
        var date = now.InZone(zone).Date;
        var monthStart = new LocalDate(date.Year, date.Month, 1);
        var (from, to) = (zone.AtStartOfDay(monthStart).ToInstant(), zone.AtStartOfDay(monthStart.PlusMonths(1)).ToInstant());
        to = Instant.Min(to, meters.Max(m => m.Series.To));
        if (from >= to)
        {
            return (null, null);
        }

        var longest = meters.Max(m => m.Series.LongestInterval(from, to));
        if (longest > Duration.FromHours(1))
        {
            return (null, null);
        }

        var demand = Duration.FromMinutes(meters.Max(m => m.DemandMinutes));
        var bucket = (demand > Duration.FromMinutes(15) ? CalendarBucket.Parse("30m")! : CalendarBucket.QuarterHour).AtLeast(longest);
        var edges = bucket.Edges(zone, from, bucket.Floor(zone, to) < to ? bucket.Floor(zone, to) + bucket.Nominal : to);
        var sums = new double?[edges.Count - 1];
        foreach (var meter in meters)
        {
            var totals = await reader.ReadTotalsAsync(meter.Series, edges, cancellationToken);
            for (var i = 0; i < totals.Length; i++)
            {
                sums[i] = Numbers.IsEmpty(totals[i]) ? sums[i] : (sums[i] ?? 0) + (totals[i].Quantity / (edges[i + 1] - edges[i]).TotalHours);
            }
        }

        var highest = Array.IndexOf(sums, sums.Max());
        return sums[highest] is { } power ? (power, edges[highest]) : (null, null);
    }
}
