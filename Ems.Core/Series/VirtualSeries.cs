using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Core.Series;

/// <summary>
/// Works out meters that are sums and differences of others: a value for each piece of time in which every part speaks, and none
/// where one is silent. From there on they add up like readings.
/// </summary>
internal sealed class VirtualSeries(SeriesReader reader)
{
    private const double Whole = 0.99;
    private const int SlotsAtOnce = 20_000;

    public static readonly Duration ShortestSlot = Duration.FromMinutes(15);

    /// <summary>The metric of a virtual meter; null when a part does not have it or the parts cannot be added.</summary>
    public static MetricSeries? Of(string equipmentId, string metric, IReadOnlyList<SeriesPart> parts)
    {
        if (parts.Count == 0 || !parts.All(part => part.Series.IsAdditive && !part.Series.IsCounter && part.Series.Unit == parts[0].Series.Unit))
        {
            return null;
        }

        var (from, to) = (parts.Max(part => part.Series.From), parts.Min(part => part.Series.To));
        var first = parts[0].Series;
        var kind = first.IsQuantity ? QuantityKind.Interval : QuantityKind.Level;
        return from >= to ? null : new MetricSeries(equipmentId, metric,
        [
            new SeriesSource(
                new SeriesInfo(
                    new SeriesKey(equipmentId, metric, ShortestSlot), kind, first.Unit, from, Instant.Max(from, to - ShortestSlot), to, Count: 0, Revision: null),
                Parts: parts),
        ]);
    }

    /// <summary>The values that lie in [from, to) or reach into it.</summary>
    public async Task<IReadOnlyList<Sample>> ReadAsync(SeriesSource source, Instant from, Instant to, CancellationToken cancellationToken)
    {
        var edges = await SlotsAsync(source, Instant.Max(from, source.From), Instant.Min(to, source.To), cancellationToken);
        List<Sample> samples = [];
        for (var first = 0; first + 1 < edges.Count; first += SlotsAtOnce)
        {
            samples.AddRange(await ReadSlotsAsync(source, edges[first..Math.Min(edges.Count, first + SlotsAtOnce + 1)], cancellationToken));
        }

        return samples;
    }

    /// <summary>Quarters of an hour, or the intervals of the part that has the longest ones: no interval is spread.</summary>
    private async Task<List<Instant>> SlotsAsync(SeriesSource source, Instant from, Instant to, CancellationToken cancellationToken)
    {
        if (from >= to)
        {
            return [];
        }

        var coarsest = source.Parts!.MaxBy(part => part.Series.LongestInterval(from, to))!.Series;
        var longest = coarsest.LongestInterval(from, to);
        if (longest <= ShortestSlot)
        {
            return CalendarBucket.QuarterHour.Edges(DateTimeZone.Utc, CalendarBucket.QuarterHour.Floor(DateTimeZone.Utc, from), Ceiling(to));
        }

        var observations = await reader.ReadObservationsAsync(coarsest, from - NominalLength.Longest(longest), to, DateTimeZone.Utc, cancellationToken);
        return [.. observations.Where(one => one.Start + one.Length > from).SelectMany(one => new[] { one.Start, one.Start + one.Length }).Distinct().Order()];
    }

    private async Task<IEnumerable<Sample>> ReadSlotsAsync(SeriesSource source, List<Instant> edges, CancellationToken cancellationToken)
    {
        var slots = new (double Quantity, double Estimated, double Absolute, bool IsWhole)[edges.Count - 1];
        Array.Fill(slots, (0, 0, 0, true));
        foreach (var part in source.Parts!)
        {
            var totals = await reader.ReadTotalsAsync(part.Series, edges, cancellationToken);
            for (var i = 0; i < slots.Length; i++)
            {
                var total = totals[i];
                slots[i] = (
                    slots[i].Quantity + (part.Sign * total.Quantity), slots[i].Estimated + total.EstimatedOrProrated,
                    slots[i].Absolute + total.AbsoluteQuantity, slots[i].IsWhole && total.Covered >= (edges[i + 1] - edges[i]) * Whole);
            }
        }

        return slots.Select((slot, i) => (Slot: slot, Start: edges[i], Length: edges[i + 1] - edges[i]))
            .Where(one => one.Slot.IsWhole)
            .Select(one => new Sample(
                one.Start, one.Length,
                source.Main.Kind == QuantityKind.Level ? one.Slot.Quantity / one.Length.TotalHours : one.Slot.Quantity,
                one.Slot.Estimated > one.Slot.Absolute / 2 ? ReadingFlags.Estimated : ReadingFlags.None));
    }

    private static Instant Ceiling(Instant at)
    {
        var floor = CalendarBucket.QuarterHour.Floor(DateTimeZone.Utc, at);
        return floor == at ? at : floor + ShortestSlot;
    }
}
