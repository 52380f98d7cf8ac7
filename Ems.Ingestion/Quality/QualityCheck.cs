using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>Looks at the values that changed since they were last looked at, and flags what is odd about them.</summary>
internal sealed class QualityCheck(IReadingStore readings, IQualityStore quality, ICatalogue catalogue, BalanceCheck balance)
{
    private const int RangesAtOnce = 500;
    private const double ValuesAtOnce = 50_000;

    // They share the flushes to disk that end what is saved.
    private const int SeriesAtOnce = 8;
    private static readonly Duration Instantly = Duration.FromMilliseconds(1);
    private static readonly string[] Consumptions = ["energy", "active_power", "heat", "gas_volume", "water_volume"];

    /// <summary>Checks the series that a job wrote to; returns how many values have each flag, as far as the job's values reach.</summary>
    public async Task<IReadOnlyDictionary<ReadingFlags, long>> RunJobAsync(string jobId, CancellationToken cancellationToken)
    {
        await RunAsync(jobId, cancellationToken);
        return await quality.CountFlaggedAsync(jobId, cancellationToken);
    }

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
        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);
        await Parallel.ForEachAsync(
            ranges.Where(range => equipment.ContainsKey(range.Series.EquipmentId)).GroupBy(range => range.Series),
            new ParallelOptions { MaxDegreeOfParallelism = SeriesAtOnce, CancellationToken = cancellationToken },
            async (ofSeries, cancellation) => await CheckAsync(ofSeries.Key, ofSeries, cancellation));
        await balance.CheckAsync(equipment, ranges, cancellationToken);

        // Not before: a check that is interrupted is made again.
        await quality.SaveCheckedAsync(ranges, cancellationToken);
    }

    private async Task CheckAsync(SeriesKey key, IEnumerable<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is { } known)
        {
            foreach (var (first, last) in Windows(known, ranges))
            {
                await CheckAsync(key, first, last, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(SeriesKey key, Instant first, Instant last, CancellationToken cancellationToken)
    {
        // As it is now: others write while the windows before this one are checked.
        if (await FindAsync(key, cancellationToken) is not { } series
            || await catalogue.FindEquipmentAsync(key.EquipmentId, cancellationToken) is not { } equipment)
        {
            return;
        }

        Func<Instant, bool> mayBeNegative = Consumptions.Contains(key.Metric) ? equipment.Export.At : _ => true;
        var (samples, from, end) = await ReadAsync(series, mayBeNegative, first, last, cancellationToken);
        if (from >= end)
        {
            return;
        }

        var flags = new SeriesChecks(series.Kind, mayBeNegative, samples).Check(from, end);
        if (Enumerable.Range(from, end - from).Any(i => (samples[i].Flags & SeriesChecks.Looked) != flags[i - from]))
        {
            var found = Enumerable.Range(from, end - from)
                .Where(i => flags[i - from] != ReadingFlags.None)
                .ToDictionary(i => (samples[i].Start, samples[i].Length), i => flags[i - from]);
            await quality.SaveFlagsAsync(
                key, samples[from].Start, samples[end - 1].Start, SeriesChecks.Looked, found, new FlagBasis([series], [(key, first, last)]), cancellationToken);
        }
    }

    /// <summary>The values about which something else may be found, by their indexes, among those that have a say in it.</summary>
    private async Task<(IReadOnlyList<Sample> Samples, int From, int End)> ReadAsync(
        SeriesInfo series, Func<Instant, bool> mayBeNegative, Instant first, Instant last, CancellationToken cancellationToken)
    {
        for (var neighbours = SeriesChecks.Reach * 2; ; neighbours = SeriesChecks.LongestRun + (2 * SeriesChecks.Reach))
        {
            var samples = await readings.ReadAsync(series.Key, first, last + Instantly, neighbours, cancellationToken);
            var (from, end) = new SeriesChecks(series.Kind, mayBeNegative, samples).Affected(first, last);
            var lacksBefore = from < SeriesChecks.Reach && samples.Count > 0 && samples[0].Start > series.FirstAt;
            var lacksAfter = samples.Count - end < SeriesChecks.Reach && samples.Count > 0 && samples[^1].Start < series.LastAt;
            if (!(lacksBefore || lacksAfter) || neighbours > SeriesChecks.LongestRun)
            {
                return (samples, lacksBefore ? SeriesChecks.Reach : from, lacksAfter ? samples.Count - SeriesChecks.Reach : end);
            }
        }
    }

    private async Task<SeriesInfo?> FindAsync(SeriesKey key, CancellationToken cancellationToken) =>
        (await readings.ListSeriesAsync([key.EquipmentId], [key.Metric], cancellationToken)).FirstOrDefault(one => one.Key == key);

    /// <summary>The ranges, joined or cut so that each holds about as many values as should be in memory together.</summary>
    private static IEnumerable<(Instant First, Instant Last)> Windows(SeriesInfo series, IEnumerable<UncheckedRange> ranges)
    {
        var extent = series.LastAt - series.FirstAt;
        var longest = series.Count <= ValuesAtOnce ? Duration.MaxValue : extent * (ValuesAtOnce / series.Count);
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
