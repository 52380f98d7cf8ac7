using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>Flags the values of a meter on days on which the meters below it counted more than it did.</summary>
internal sealed class BalanceCheck(IReadingStore readings, IQualityStore quality, SeriesReader reader, SiteZones zones)
{
    private const int MetersAtOnce = 8;
    private static readonly Duration Instantly = Duration.FromMilliseconds(1);
    private static readonly string[] Metrics = [MetricSeries.Energy, "gas_volume", "water_volume"];

    /// <summary>Checks each meter that changed, or that stands above one that did, against all below it.</summary>
    /// <param name="equipment">All there is, by id.</param>
    public async Task CheckAsync(
        IReadOnlyDictionary<string, Equipment> equipment, IReadOnlyCollection<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var tree = new MeterTree(equipment);
        var below = FindBelow(equipment, tree);
        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        var concerned = Metrics.SelectMany(metric =>
        {
            var tellIt = EnergySources.MetricsFor(metric);
            return ranges.Where(range => tellIt.Contains(range.Series.Metric))
                .SelectMany(range => Concerned(equipment, tree, range.Series.EquipmentId), (range, meter) => (Meter: meter, Range: range))
                .GroupBy(one => one.Meter, one => one.Range)
                .Select(one => (Metric: metric, Meter: one.Key, Ranges: one.ToList()));
        });
        await Parallel.ForEachAsync(
            concerned,
            new ParallelOptions { MaxDegreeOfParallelism = MetersAtOnce, CancellationToken = cancellationToken },
            async (one, cancellation) =>
                await CheckAsync(one.Metric, one.Meter, [.. below[one.Meter.Id]], one.Ranges, zoneOf(one.Meter.Site), cancellation));
    }

    /// <summary>How many values of meters above these, that are none of them, are flagged where days are judged by something of the time.</summary>
    /// <param name="equipment">All there is, by id.</param>
    public async Task<long> CountAboveAsync(
        IReadOnlyDictionary<string, Equipment> equipment, IReadOnlySet<string> ids, Interval time, CancellationToken cancellationToken)
    {
        var tree = new MeterTree(equipment);
        var above = ids.SelectMany(id => Concerned(equipment, tree, id)).Where(one => !ids.Contains(one.Id)).DistinctBy(one => one.Id).ToList();
        if (above.Count == 0)
        {
            return 0;
        }

        var below = FindBelow(equipment, tree);
        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        long count = 0;
        foreach (var main in above.Where(main => below[main.Id].Any(id => ids.Contains(id))))
        {
            var flagged = new FlaggedQuery([main.Id], ReadingFlags.Imbalance, From: null, To: null, int.MaxValue);
            foreach (var metric in Metrics)
            {
                var series = await reader.FindAsync([main.Id, .. below[main.Id]], metric, cancellationToken);
                var sources = series.Where(one => one.EquipmentId == main.Id).SelectMany(one => one.Sources).Select(source => source.Main.Key).ToHashSet();
                foreach (var together in sources.Count == 0 ? [] : BalanceDays.Of([time], zoneOf(main.Site), series).Pieces)
                {
                    count += (await quality.ListFlaggedAsync(flagged with { From = together[0].Day.Start, To = together[^1].Day.End }, cancellationToken)).Count(value => sources.Contains(value.Series));
                }
            }
        }

        return count;
    }

    /// <summary>The meters below each one that count what it counts as well.</summary>
    private static ILookup<string, string> FindBelow(IReadOnlyDictionary<string, Equipment> equipment, MeterTree tree) =>
        equipment.Values.Where(one => one.Virtual is null && one.MergedInto is null)
            .Select(one => (Meter: one, Above: tree.Above(one).FirstOrDefault()))
            .Where(one => one.Above is { } above && above.Carrier == one.Meter.Carrier)
            .ToLookup(one => one.Above!.Id, one => one.Meter.Id);

    /// <summary>The equipment whose readings these are, and that above both; a meter that was merged may have stood elsewhere.</summary>
    private static IEnumerable<Equipment> Concerned(IReadOnlyDictionary<string, Equipment> equipment, MeterTree tree, string id) =>
        new[] { id, tree.Resolve(id) }
            .Select(equipment.GetValueOrDefault).OfType<Equipment>()
            .SelectMany(one => tree.Above(one).Take(1).Prepend(one))
            .Where(one => one.MergedInto is null)
            .DistinctBy(one => one.Id);

    private async Task CheckAsync(
        string metric, Equipment above, List<string> below, List<UncheckedRange> ranges, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var flagged = new FlaggedQuery([above.Id], ReadingFlags.Imbalance, From: null, To: null, Limit: 1);
        if (below.Count == 0 && (await quality.ListFlaggedAsync(flagged, cancellationToken)).Count == 0)
        {
            return;
        }

        var series = await reader.FindAsync([above.Id, .. below], metric, cancellationToken);
        if (series.FirstOrDefault(one => one.EquipmentId == above.Id) is not { } main)
        {
            return;
        }

        var subs = series.Where(one => one != main).ToList();
        var days = BalanceDays.Of(ranges.Select(range => new Interval(range.First, range.Last + Instantly)), zone, series);
        var odd = subs.Count == 0 ? [] : await FindOddAsync(main, subs, days, cancellationToken);
        var basis = new FlagBasis(
            [.. series.SelectMany(one => one.Sources).SelectMany(source => new[] { source.Main, source.Subtracted }).OfType<SeriesInfo>()],
            [.. ranges.Select(range => (range.Series, range.First, range.Last))]);
        foreach (var together in days.Pieces)
        {
            foreach (var source in main.Sources)
            {
                var found = await FindValuesAsync(main, source, [.. together.Where(day => odd.Contains(day.Bucket))], cancellationToken);
                var (from, to) = (together[0].Day.Start, together[^1].Day.End);
                var known = (await quality.ListFlaggedAsync(flagged with { From = from, To = to, Limit = int.MaxValue }, cancellationToken))
                    .Where(value => value.Series == source.Main.Key).Select(value => (value.Start, value.Length));
                if (!found.Keys.ToHashSet().SetEquals(known))
                {
                    await quality.SaveFlagsAsync(source.Main.Key, from, to - Instantly, ReadingFlags.Imbalance, found, basis, cancellationToken);
                }
            }
        }
    }

    private async Task<Dictionary<(Instant, Duration), ReadingFlags>> FindValuesAsync(
        MetricSeries main, SeriesSource source, List<BalanceDay> odd, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(Instant, Duration), ReadingFlags>();
        foreach (var day in odd.Select(one => one.Day).Where(day => main.Segments(day.Start, day.End).Any(segment => segment.Source == source)))
        {
            var samples = await readings.ReadAsync(source.Main.Key, day.Start, day.End, 0, cancellationToken);
            foreach (var sample in samples.Where(sample => sample.Start >= day.Start))
            {
                found[(sample.Start, sample.Length)] = ReadingFlags.Imbalance;
            }
        }

        return found;
    }

    private async Task<HashSet<Interval>> FindOddAsync(
        MetricSeries main, List<MetricSeries> subs, BalanceDays days, CancellationToken cancellationToken)
    {
        var odd = new HashSet<Interval>();
        foreach (var edges in days.Edges)
        {
            var above = await reader.ReadTotalsAsync(main, edges, cancellationToken);
            var below = new List<BucketTotal[]>();
            foreach (var sub in subs)
            {
                below.Add(await reader.ReadTotalsAsync(sub, edges, cancellationToken));
            }

            odd.UnionWith(Enumerable.Range(0, above.Length)
                .Where(i => MeterBalance.IsOff(above[i], [.. below.Select(totals => totals[i])], edges[i + 1] - edges[i]))
                .Select(i => new Interval(edges[i], edges[i + 1])));
        }

        return odd;
    }
}
