using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Core.Series;

/// <summary>One value to count with: a reading as it is, or the energy of one hour where readings are counters or instants.</summary>
public readonly record struct Observation(Instant Start, Duration Length, double Value, bool IsEstimated);

/// <summary>The one way from stored values to numbers that are shown anywhere.</summary>
public sealed class SeriesReader(IReadingStore store, ICatalogue catalogue)
{
    /// <summary>How much of an hour readings must speak for, for its energy to be compared with that of others.</summary>
    public const double WholeHour = 0.99;

    // Intervals that fill less than half of the time from the first to the last are single ones.
    private const int Sparse = 2;

    /// <summary>The metric of each of the equipment that has it.</summary>
    public async Task<IReadOnlyList<MetricSeries>> FindAsync(
        IReadOnlyCollection<string>? equipmentIds, string metric, CancellationToken cancellationToken)
    {
        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(e => e.Id);
        var tree = new MeterTree(equipment);
        var asked = equipmentIds?.ToList() ?? [.. equipment.Keys];
        var read = equipmentIds is null ? null : asked.SelectMany(tree.Origins).Distinct().ToList();
        var stored = new Dictionary<string, MetricSeries>();
        foreach (var known in (await store.ListSeriesAsync(read, EnergySources.MetricsFor(metric), cancellationToken)).GroupBy(s => s.Key.EquipmentId))
        {
            if (equipment.TryGetValue(known.Key, out var meter) && EnergySources.Order(metric, known) is { Count: > 0 } sources)
            {
                sources = sources.Count == 1 ? sources : await FillAsync(sources, cancellationToken);
                stored[known.Key] = new MetricSeries(known.Key, metric, sources) { Multiplier = meter.Multiplier };
            }
        }

        return [.. asked.Order(StringComparer.Ordinal).Select(id => Find(id, metric, equipment, stored, [])).OfType<MetricSeries>()];
    }

    /// <summary>
    /// Finds out where those speak that others may stand between: bills of one meter are of many lengths, and so are sessions of a charge point
    /// and runs of a generator, where no length fills most of its time. Both are few.
    /// </summary>
    private async Task<IReadOnlyList<SeriesSource>> FillAsync(IReadOnlyList<SeriesSource> sources, CancellationToken cancellationToken)
    {
        var intervals = sources.Where(source => source.Main.Kind == QuantityKind.Interval).ToList();
        var areSessions = intervals.TrueForAll(source => IsLong(source) || source.Main.Count == 1 || source.Main.Key.Length * source.Main.Count * Sparse < source.End - source.From);
        var filled = new List<SeriesSource>();
        foreach (var source in sources)
        {
            filled.Add(!intervals.Contains(source) || (!areSessions && !IsLong(source)) ? source : source with
            {
                Filled = Joined(await store.ReadAsync(source.Main.Key, source.From, source.End, 0, cancellationToken)),
            });
        }

        return filled;

        static bool IsLong(SeriesSource source) => source.Main.Key.Length > CalendarBucket.Week.Nominal;
    }

    private static List<Interval> Joined(IEnumerable<Sample> samples)
    {
        var joined = new List<Interval>();
        foreach (var sample in samples)
        {
            if (joined.Count > 0 && sample.Start <= joined[^1].End)
            {
                joined[^1] = new Interval(joined[^1].Start, Instant.Max(joined[^1].End, sample.Start + sample.Length));
            }
            else
            {
                joined.Add(new Interval(sample.Start, sample.Start + sample.Length));
            }
        }

        return joined;
    }

    /// <summary>The metric of stored or virtual equipment; null where it does not have it.</summary>
    private static MetricSeries? Find(
        string id, string metric, Dictionary<string, Equipment> equipment, Dictionary<string, MetricSeries> stored, HashSet<string> above)
    {
        if (equipment.GetValueOrDefault(id)?.Virtual is not { } formula)
        {
            return stored.GetValueOrDefault(id);
        }

        // A meter that is a part of itself says nothing: it cannot be put, but its parts may have been changed at once.
        if (!above.Add(id))
        {
            return null;
        }

        var tree = new MeterTree(equipment);
        // Two names of one meter are one part.
        List<SeriesPart?> parts = [.. formula.Parts.Select(part => (Id: tree.Resolve(part.EquipmentId), part.Sign)).Distinct().Select(part =>
            Find(part.Id, metric, equipment, stored, [.. above]) is { } series ? new SeriesPart(series, part.Sign) : null)];
        return parts.Contains(null) ? null : VirtualSeries.Of(id, metric, [.. parts.OfType<SeriesPart>()]);
    }

    /// <summary>Totals of the buckets between consecutive edges.</summary>
    public async Task<BucketTotal[]> ReadTotalsAsync(
        MetricSeries series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken)
    {
        var totals = new BucketTotal[edges.Count - 1];
        Array.Fill(totals, BucketTotal.Empty);
        foreach (var segment in series.Segments(edges[0], edges[^1]))
        {
            var first = LastAtOrBefore(edges, segment.From);
            // What is cut where another source or multiplier takes over does not become whole again in a longer bucket.
            var border = (From: segment.From > edges[0] ? segment.From : Instant.MinValue, To: segment.To < edges[^1] ? segment.To : Instant.MaxValue);
            List<Instant> cut = [segment.From];
            for (var i = first + 1; i < edges.Count && edges[i] < segment.To; i++)
            {
                cut.Add(edges[i]);
            }

            cut.Add(segment.To);
            var parts = await ReadSourceAsync(segment.Source, cut, cancellationToken);
            for (var i = 0; i < parts.Length; i++)
            {
                // What a counter shows is told as it was read; only what it counted is multiplied.
                var part = series.IsCounter ? parts[i].TimesAmount(segment.Factor) : parts[i].Times(segment.Factor);
                totals[first + i] = totals[first + i].Merge(part.Within(border.From, border.To));
            }
        }

        return totals;
    }

    /// <summary>How many readings <see cref="ReadReadingsAsync"/> would give, about; none of virtual meters, which have none.</summary>
    public async Task<double> CountReadingsAsync(MetricSeries series, Instant from, Instant to, CancellationToken cancellationToken)
    {
        var count = 0.0;
        foreach (var segment in series.Segments(from, to).Where(segment => segment.Source.Parts is null))
        {
            count += IsWorkedOut(series, segment)
                ? (segment.To - segment.From) / CalendarBucket.Hour.Nominal
                : (await ReadSourceAsync(segment.Source, [segment.From, segment.To], cancellationToken)).Single().Count;
        }

        return count;
    }

    /// <summary>
    /// The readings that start within [from, to) as they are, in order of time; of energy that is told by counters or momentary powers, which has
    /// no readings, the whole hours.
    /// </summary>
    public Task<IReadOnlyList<Observation>> ReadReadingsAsync(
        MetricSeries series, Instant from, Instant to, DateTimeZone zone, CancellationToken cancellationToken) =>
        ReadAsync(series, from, to, zone, segment => IsWorkedOut(series, segment), cancellationToken);

    /// <summary>The values that start within [from, to) and can be compared, in order of time: of counters and momentary powers those of whole hours.</summary>
    /// <param name="zone">Where hours begin, for energies of hours.</param>
    public Task<IReadOnlyList<Observation>> ReadObservationsAsync(
        MetricSeries series, Instant from, Instant to, DateTimeZone zone, CancellationToken cancellationToken) =>
        ReadAsync(series, from, to, zone, segment => series.IsDerivedAt(segment.Source), cancellationToken);

    private static bool IsWorkedOut(MetricSeries series, SourceSegment segment) => series.Metric == MetricSeries.Energy && series.IsDerivedAt(segment.Source);

    private async Task<IReadOnlyList<Observation>> ReadAsync(
        MetricSeries series, Instant from, Instant to, DateTimeZone zone, Func<SourceSegment, bool> asHours, CancellationToken cancellationToken)
    {
        List<Observation> observations = [];
        foreach (var segment in series.Segments(from, to))
        {
            observations.AddRange(asHours(segment)
                ? await ReadHoursAsync(segment, zone, cancellationToken)
                : await ReadValuesAsync(series, segment, cancellationToken));
        }

        return observations;
    }

    private async Task<IEnumerable<Observation>> ReadHoursAsync(
        SourceSegment segment, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var from = Instant.Max(segment.From, segment.Source.From);
        var to = Instant.Min(segment.To, segment.Source.To);
        if (from >= to)
        {
            return [];
        }

        var edges = CalendarBucket.Hour.Edges(zone, from, to);
        var totals = await ReadSourceAsync(segment.Source, edges, cancellationToken);
        return totals
            .Select((total, i) => (Total: total, Start: edges[i], Length: edges[i + 1] - edges[i]))
            .Where(h => h.Length >= Duration.FromHours(1) && h.Total.Covered >= h.Length * WholeHour)
            .Select(h => new Observation(h.Start, h.Length, h.Total.Quantity * segment.Factor, h.Total.EstimatedFraction > 0.5));
    }

    private async Task<IEnumerable<Observation>> ReadValuesAsync(
        MetricSeries series, SourceSegment segment, CancellationToken cancellationToken)
    {
        var main = segment.Source.Main;
        var samples = segment.Source.Parts is null
            ? await store.ReadAsync(main.Key, segment.From, segment.To, 0, cancellationToken)
            : await new VirtualSeries(this).ReadAsync(segment.Source, segment.From, segment.To, cancellationToken);
        var hours = series.Metric == MetricSeries.Energy && main.Kind == QuantityKind.Level ? main.Key.Length.TotalHours : 1;
        var factor = main.Kind == QuantityKind.Register ? 1 : segment.Factor * hours;
        return samples
            .Where(s => s.Start >= segment.From && s.Start < segment.To)
            .Select(s => new Observation(s.Start, s.Length, s.Value * factor, s.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    private async Task<BucketTotal[]> ReadSourceAsync(
        SeriesSource source, List<Instant> edges, CancellationToken cancellationToken)
    {
        if (source.Parts is not null)
        {
            var samples = await new VirtualSeries(this).ReadAsync(source, edges[0], edges[^1], cancellationToken);
            return SeriesArithmetic.Totals(source.Main.Kind, samples, edges);
        }

        var totals = await store.ReadTotalsAsync(source.Main.Key, edges, cancellationToken);
        if (source.Subtracted is null)
        {
            return source.IsExport ? Array.ConvertAll(totals, total => total with { Quantity = -total.Quantity }) : totals;
        }

        // Where one of the two is silent the difference is not known, whatever the other says.
        var subtracted = await store.ReadTotalsAsync(source.Subtracted.Key, edges, cancellationToken);
        return [.. totals.Select((total, i) => total with
        {
            Quantity = total.Quantity - subtracted[i].Quantity,
            EstimatedQuantity = total.EstimatedQuantity + subtracted[i].EstimatedQuantity,
            AbsoluteQuantity = total.AbsoluteQuantity + subtracted[i].AbsoluteQuantity,
            Resets = total.Resets + subtracted[i].Resets,
            Covered = Duration.Min(total.Covered, subtracted[i].Covered),
        })];
    }

    private static int LastAtOrBefore(IReadOnlyList<Instant> edges, Instant at)
    {
        var (low, high) = (0, edges.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = edges[middle] <= at ? (middle, high) : (low, middle);
        }

        return low;
    }
}
