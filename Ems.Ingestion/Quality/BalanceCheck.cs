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
    private static readonly HashSet<string> Sources = [.. Metrics.SelectMany(EnergySources.MetricsFor)];

    /// <summary>Whether meters are compared by values of the metric.</summary>
    public static bool Balances(string metric) => Sources.Contains(metric);

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

    /// <summary>
    /// How many values of meters are flagged on the days that are judged by something from the first to the last value that changed in them or in
    /// one below them.
    /// </summary>
    /// <param name="equipment">All there is, by id.</param>
    public async Task<long> CountAsync(
        IReadOnlyDictionary<string, Equipment> equipment, IReadOnlyCollection<WrittenRange> changes, CancellationToken cancellationToken)
    {
        var tree = new MeterTree(equipment);
        var changesOf = changes.ToLookup(range => tree.Resolve(range.Series.EquipmentId));
        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        long count = 0;
        foreach (var below in FindBelow(equipment, tree))
        {
            foreach (var metric in Metrics)
            {
                var tellIt = EnergySources.MetricsFor(metric);
                var ranges = below.Prepend(below.Key).SelectMany(id => changesOf[id]).Where(range => tellIt.Contains(range.Series.Metric)).ToList();
                if (ranges.Count > 0)
                {
                    var series = await reader.FindAsync([below.Key, .. below], metric, cancellationToken);
                    var days = BalanceDays.Of(ranges.Select(TimeOf), zoneOf(equipment[below.Key].Site), series);
                    count += (await ListFlaggedAsync(below.Key, tellIt, days, cancellationToken)).Count;
                }
            }
        }

        return count;

        static Interval TimeOf(WrittenRange range) => new(range.First, range.Last + Duration.Max(range.Series.Length, Instantly));
    }

    private async Task<List<FlaggedValue>> ListFlaggedAsync(
        string id, IReadOnlyCollection<string> metrics, BalanceDays days, CancellationToken cancellationToken)
    {
        var values = new List<FlaggedValue>();
        foreach (var together in days.Pieces)
        {
            values.AddRange(await quality.ListFlaggedAsync(
                new FlaggedQuery([id], ReadingFlags.Imbalance, together[0].Day.Start, together[^1].Day.End, int.MaxValue) { Metrics = metrics },
                cancellationToken));
        }

        return values;
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
        var flagged = new FlaggedQuery([above.Id], ReadingFlags.Imbalance, From: null, To: null, Limit: 1) { Metrics = EnergySources.MetricsFor(metric) };
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
