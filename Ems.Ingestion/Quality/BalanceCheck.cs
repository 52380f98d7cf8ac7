using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>Flags the values of a meter on days on which the meters below it counted more than it did.</summary>
internal sealed class BalanceCheck(IReadingStore readings, IQualityStore quality, SeriesReader reader, SiteZones zones)
{
    private static readonly Duration Instantly = Duration.FromMilliseconds(1);

    /// <summary>Checks the meter that changed against those below it, and the one above it against all of its own.</summary>
    /// <param name="all">By id.</param>
    public async Task CheckAsync(
        IReadOnlyDictionary<string, Equipment> all, Equipment changed, IEnumerable<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var tellEnergy = EnergySources.MetricsFor(MetricSeries.Energy);
        var ofEnergy = ranges.Where(range => tellEnergy.Contains(range.Series.Key.Metric)).ToList();
        if (ofEnergy.Count == 0)
        {
            return;
        }

        var parent = changed.Parent is { } id ? all.GetValueOrDefault(id) : null;
        foreach (var above in new[] { changed, parent }.OfType<Equipment>())
        {
            var below = all.Values.Where(one => one.Parent == above.Id && one.Carrier == above.Carrier).Select(one => one.Id).ToList();
            await CheckAsync(
                above, below, ofEnergy.Min(range => range.First), ofEnergy.Max(range => range.Last) + Instantly, cancellationToken);
        }
    }

    private async Task CheckAsync(
        Equipment above, List<string> below, Instant from, Instant to, CancellationToken cancellationToken)
    {
        var series = await reader.FindAsync([above.Id, .. below], MetricSeries.Energy, cancellationToken);
        if (series.FirstOrDefault(one => one.EquipmentId == above.Id) is not { } main)
        {
            return;
        }

        var subs = series.Where(one => one != main).ToList();
        var zone = await zones.OfSiteAsync(above.Site, cancellationToken);
        var days = CalendarBucket.Day.AtLeast(series.Max(one => one.LongestInterval(from, to)));
        var edges = days.Edges(zone, days.Floor(zone, from), days.EndOf(zone, to - Instantly));
        var odd = subs.Count == 0 ? [] : await FindOddAsync(main, subs, edges, cancellationToken);
        foreach (var source in main.Sources)
        {
            var found = new Dictionary<(Instant, Duration), ReadingFlags>();
            foreach (var (start, end) in odd.Where(day => main.Segments(day.Start, day.End).Any(segment => segment.Source == source)))
            {
                foreach (var sample in await readings.ReadAsync(source.Main.Key, start, end, 0, cancellationToken))
                {
                    if (sample.Start >= start)
                    {
                        found[(sample.Start, sample.Length)] = ReadingFlags.Imbalance;
                    }
                }
            }

            await SaveAsync(source.Main.Key, edges[0], edges[^1], found, cancellationToken);
        }
    }

    private async Task SaveAsync(
        SeriesKey series, Instant from, Instant to, Dictionary<(Instant, Duration), ReadingFlags> found, CancellationToken cancellationToken)
    {
        var flagged = new FlaggedQuery([series.EquipmentId], ReadingFlags.Imbalance, from, to, Limit: 1);
        if (found.Count > 0 || (await quality.ListFlaggedAsync(flagged, cancellationToken)).Count > 0)
        {
            await quality.SaveFlagsAsync(series, from, to - Instantly, ReadingFlags.Imbalance, found, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(Instant Start, Instant End)>> FindOddAsync(
        MetricSeries main, List<MetricSeries> subs, List<Instant> edges, CancellationToken cancellationToken)
    {
        var above = await reader.ReadTotalsAsync(main, edges, cancellationToken);
        var below = new List<BucketTotal[]>();
        foreach (var sub in subs)
        {
            below.Add(await reader.ReadTotalsAsync(sub, edges, cancellationToken));
        }

        return
        [
            .. Enumerable.Range(0, above.Length)
                .Where(i => MeterBalance.IsOff(above[i], [.. below.Select(totals => totals[i])], edges[i + 1] - edges[i]))
                .Select(i => (edges[i], edges[i + 1])),
        ];
    }
}
