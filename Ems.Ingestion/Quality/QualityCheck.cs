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
    private const int EquipmentAtOnce = 8;
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
        IReadOnlyList<UncheckedRange> ranges;
        do
        {
            ranges = await quality.ListUncheckedAsync(jobId, RangesAtOnce, cancellationToken);
            var equipment = ranges.Count == 0 ? [] : (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);
            await Parallel.ForEachAsync(
                ranges.GroupBy(range => range.Series.Key.EquipmentId),
                new ParallelOptions { MaxDegreeOfParallelism = EquipmentAtOnce, CancellationToken = cancellationToken },
                async (ofEquipment, cancellation) => await CheckAsync(equipment, equipment[ofEquipment.Key], ofEquipment, cancellation));
        }
        while (ranges.Count == RangesAtOnce);
    }

    private async Task CheckAsync(
        IReadOnlyDictionary<string, Equipment> all, Equipment equipment, IEnumerable<UncheckedRange> ranges, CancellationToken cancellationToken)
    {
        var bySeries = ranges.GroupBy(range => range.Series.Key).ToList();
        foreach (var ofSeries in bySeries)
        {
            var series = ofSeries.First().Series;
            foreach (var (first, last) in Windows(series, ofSeries))
            {
                await CheckAsync(equipment, series, first, last, cancellationToken);
            }
        }

        await balance.CheckAsync(all, equipment, bySeries.SelectMany(one => one), cancellationToken);

        // Not before: a check that is interrupted is made again.
        await quality.SaveCheckedAsync([.. bySeries.SelectMany(one => one)], cancellationToken);
    }

    private async Task CheckAsync(Equipment equipment, SeriesInfo series, Instant first, Instant last, CancellationToken cancellationToken)
    {
        var reach = SeriesChecks.ReachTime;
        var samples = await readings.ReadAsync(
            series.Key, first - (reach * 2), last + (reach * 2) + Instantly, SeriesChecks.Reach * 2, cancellationToken);
        var from = Math.Max(0, Math.Min(CountBefore(samples, first) - SeriesChecks.Reach, CountBefore(samples, first - reach)));
        var end = Math.Min(
            samples.Count, Math.Max(CountBefore(samples, last + Instantly) + SeriesChecks.Reach, CountBefore(samples, last + reach + Instantly)));
        if (from >= end)
        {
            return;
        }

        // Values that start together are checked together, for flags are saved by start.
        from = CountBefore(samples, samples[from].Start);
        end = CountBefore(samples, samples[end - 1].Start + Instantly);
        Func<Instant, bool> mayBeNegative = Consumptions.Contains(series.Key.Metric) ? equipment.Export.At : _ => true;
        var flags = new SeriesChecks(series.Kind, mayBeNegative, samples).Check(from, end);
        var found = Enumerable.Range(from, end - from)
            .Where(i => flags[i - from] != ReadingFlags.None)
            .ToDictionary(i => (samples[i].Start, samples[i].Length), i => flags[i - from]);
        if (Enumerable.Range(from, end - from).Any(i => (samples[i].Flags & SeriesChecks.Looked) != flags[i - from]))
        {
            await quality.SaveFlagsAsync(series.Key, samples[from].Start, samples[end - 1].Start, SeriesChecks.Looked, found, cancellationToken);
        }
    }

    private static int CountBefore(IReadOnlyList<Sample> samples, Instant at)
    {
        var (low, high) = (0, samples.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = samples[middle].Start < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

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
