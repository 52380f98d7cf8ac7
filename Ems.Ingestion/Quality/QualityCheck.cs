using System.Collections.Concurrent;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>Looks at the values that changed since they were last looked at, and flags what is odd about them.</summary>
internal sealed class QualityCheck(IReadingStore readings, IQualityStore quality, ICatalogue catalogue, BalanceCheck balance)
{
    // With each lot of them all equipment is read.
    private const int RangesAtOnce = 4000;
    private const double ValuesAtOnce = 200_000;

    // They share the flushes to disk that end what is saved.
    private const int GroupsAtOnce = 4;
    private static readonly Duration Instantly = Duration.FromMilliseconds(1);
    private static readonly string[] Consumptions = ["energy", "active_power", "heat", "gas_volume", "water_volume"];

    /// <summary>
    /// Checks the series that a job wrote to; returns how many values have each flag, as far as the job's values reach in each series, and of
    /// imbalance as far as it changed something of a meter or below it.
    /// </summary>
    /// <param name="changes">Where it stored or changed what meters are balanced by.</param>
    public async Task<IReadOnlyDictionary<ReadingFlags, long>> RunJobAsync(string jobId, IReadOnlyCollection<WrittenRange> changes, CancellationToken cancellationToken)
    {
        await RunAsync(jobId, cancellationToken);
        var found = new Dictionary<ReadingFlags, long>(await quality.CountFlaggedAsync(jobId, cancellationToken));
        found.Remove(ReadingFlags.Imbalance);
        if (await balance.CountAsync(await ListEquipmentAsync(cancellationToken), changes, cancellationToken) is > 0 and var imbalance)
        {
            found[ReadingFlags.Imbalance] = imbalance;
        }

        return found;
    }

    private async Task<Dictionary<string, Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);

    /// <summary>Checks the series that a job wrote to, or all.</summary>
    public async Task RunAsync(string? jobId, CancellationToken cancellationToken)
    {
        // What is put back on the list meanwhile, because others write, is for the next round.
        HashSet<(SeriesKey, Instant)> seen = [];
        IReadOnlyList<UncheckedRange> ranges;
        do
        {
            ranges = await quality.ListUncheckedAsync(jobId, RangesAtOnce, cancellationToken);
            var before = seen.Count;
            seen.UnionWith(ranges.Select(range => (range.Series, range.First)));
            if (seen.Count == before)
            {
                return;
            }

            await CheckAsync(ranges, cancellationToken);
        }
        while (ranges.Count == RangesAtOnce);
    }

    private async Task CheckAsync(IReadOnlyList<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var equipment = await ListEquipmentAsync(cancellationToken);
        var known = (await FindAsync(ranges.Select(range => range.Series).ToHashSet(), cancellationToken)).ToLookup(one => (one.Key.EquipmentId, one.Key.Length));
        await Parallel.ForEachAsync(
            ranges.GroupBy(range => (range.Series.EquipmentId, range.Series.Length)).Where(ofReadings => equipment.ContainsKey(ofReadings.Key.EquipmentId) && known.Contains(ofReadings.Key)),
            new ParallelOptions { MaxDegreeOfParallelism = GroupsAtOnce, CancellationToken = cancellationToken },
            async (ofReadings, cancellation) => await CheckReadingsAsync(equipment[ofReadings.Key.EquipmentId], [.. known[ofReadings.Key]], [.. ofReadings], cancellation));
        await balance.CheckAsync(equipment, ranges, cancellationToken);

        // Not before: a check that is interrupted is made again.
        await quality.SaveCheckedAsync(ranges, cancellationToken);
    }

    /// <param name="equipment">As it was when the ranges were listed, as all else: what changes of it puts its series on the list again.</param>
    /// <param name="ranges">Of series of one equipment and length: their values lie in the same readings, which are read once for all of them.</param>
    private async Task CheckReadingsAsync(Equipment equipment, List<SeriesInfo> known, IReadOnlyList<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var isFirst = true;
        foreach (var (first, last) in Windows(known, ranges))
        {
            var keys = ranges.Where(range => range.First <= last && range.Last >= first).Select(range => range.Series).ToHashSet();

            // As they are now: others write while the windows before this one are checked.
            var series = isFirst ? known.FindAll(one => keys.Contains(one.Key)) : await FindAsync(keys, cancellationToken);
            isFirst = false;
            await CheckAsync(equipment, series, first, last, SeriesChecks.Reach * 2, cancellationToken);
        }
    }

    /// <param name="neighbours">Those on either side that may have a say.</param>
    private async Task CheckAsync(
        Equipment equipment, IReadOnlyCollection<SeriesInfo> series, Instant first, Instant last, int neighbours, CancellationToken cancellationToken)
    {
        if (series.Count == 0)
        {
            return;
        }

        var samples = await readings.ReadAsync([.. series.Select(one => one.Key)], first, last + Instantly, neighbours, cancellationToken);
        var open = new ConcurrentBag<SeriesInfo>();
        await Parallel.ForEachAsync(series, cancellationToken, async (one, cancellation) =>
        {
            Func<Instant, bool> mayBeNegative = Consumptions.Contains(one.Key.Metric) ? equipment.Export.At : _ => true;
            if (!await TryCheckAsync(one, mayBeNegative, samples[one.Key], first, last, neighbours > SeriesChecks.LongestRun, cancellation))
            {
                open.Add(one);
            }
        });
        await CheckAsync(equipment, open, first, last, SeriesChecks.LongestRun + (2 * SeriesChecks.Reach), cancellationToken);
    }

    /// <param name="samples">Those among which something else may be found, and those that have a say in it.</param>
    /// <param name="areAll">Whether more of them are not to be had.</param>
    /// <returns>False when values farther away have a say.</returns>
    private async Task<bool> TryCheckAsync(
        SeriesInfo series, Func<Instant, bool> mayBeNegative, IReadOnlyList<Sample> samples, Instant first, Instant last, bool areAll,
        CancellationToken cancellationToken)
    {
        var checks = new SeriesChecks(series.Kind, mayBeNegative, samples);
        var (from, end) = checks.Affected(first, last);
        var lacksBefore = from < SeriesChecks.Reach && samples.Count > 0 && samples[0].Start > series.FirstAt;
        var lacksAfter = samples.Count - end < SeriesChecks.Reach && samples.Count > 0 && samples[^1].Start < series.LastAt;
        if ((lacksBefore || lacksAfter) && !areAll)
        {
            return false;
        }

        (from, end) = (lacksBefore ? SeriesChecks.Reach : from, lacksAfter ? samples.Count - SeriesChecks.Reach : end);
        if (from >= end)
        {
            return true;
        }

        var flags = checks.Check(from, end);
        if (Enumerable.Range(from, end - from).Any(i => (samples[i].Flags & SeriesChecks.Looked) != flags[i - from]))
        {
            var found = Enumerable.Range(from, end - from)
                .Where(i => flags[i - from] != ReadingFlags.None)
                .ToDictionary(i => (samples[i].Start, samples[i].Length), i => flags[i - from]);
            await quality.SaveFlagsAsync(
                series.Key, samples[from].Start, samples[end - 1].Start, SeriesChecks.Looked, found, new FlagBasis([series], [(series.Key, first, last)]),
                cancellationToken);
        }

        return true;
    }

    /// <summary>Those that are there.</summary>
    private async Task<List<SeriesInfo>> FindAsync(HashSet<SeriesKey> keys, CancellationToken cancellationToken) =>
        [
            .. (await readings.ListSeriesAsync([.. keys.Select(key => key.EquipmentId).Distinct()], [.. keys.Select(key => key.Metric).Distinct()], cancellationToken))
                .Where(one => keys.Contains(one.Key)),
        ];

    /// <summary>The ranges, joined or cut so that each holds about as many values as should be in memory together.</summary>
    /// <param name="known">The series that they are of.</param>
    private static IEnumerable<(Instant First, Instant Last)> Windows(IReadOnlyCollection<SeriesInfo> known, IEnumerable<UncheckedRange> ranges)
    {
        var count = known.Sum(series => series.Count);
        var longest = count <= ValuesAtOnce
            ? Duration.MaxValue
            : (known.Max(series => series.LastAt) - known.Min(series => series.FirstAt)) * (ValuesAtOnce / count);
        (Instant First, Instant Last)? open = null;
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (open is { } window && Instant.Max(window.Last, range.Last) - window.First <= longest)
            {
                open = (window.First, Instant.Max(window.Last, range.Last));
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            var first = range.First;
            for (; range.Last - first > longest; first += longest)
            {
                yield return (first, first + longest);
            }

            open = (first, range.Last);
        }

        if (open is { } left)
        {
            yield return left;
        }
    }
}
