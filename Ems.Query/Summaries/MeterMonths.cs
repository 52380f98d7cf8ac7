using Ems.Core.Caching;
using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Series;
using NodaTime;

namespace Ems.Query.Summaries;

/// <summary>A meter that counts for the total of its carrier.</summary>
internal sealed record MainMeter(Equipment Equipment, MetricSeries Series, DateTimeZone Zone, Duration Demand)
{
    public Instant NewestAt => Series.Sources.Max(s => s.Main.LastAt);
}

/// <summary>A meter's energy in its own today, yesterday and month; null where there are no readings.</summary>
/// <param name="PowersKw">Mean power of the month's demand slots that readings speak for, by their start.</param>
internal sealed record MeterMonth(double? TodayKwh, double? YesterdayKwh, double? MonthKwh, IReadOnlyList<SlotPower> PowersKw);

/// <summary>Mean power of a demand slot.</summary>
internal readonly record struct SlotPower(Instant Start, double PowerKw);

/// <summary>Reads the months of meters, and reads a meter again only when it has delivered something or the day is another.</summary>
internal sealed class MeterMonths(SeriesReader reader, CachedAnswers cache)
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    public static Instant StartOfMonth(MainMeter meter, Instant now)
    {
        var date = now.InZone(meter.Zone).Date;
        return meter.Zone.AtStartOfDay(new LocalDate(date.Year, date.Month, 1)).ToInstant();
    }

    /// <param name="slots">Pieces of time in which demand is measured; null for none.</param>
    public async Task<IReadOnlyList<MeterMonth>> ReadAsync(
        IReadOnlyList<MainMeter> meters, CalendarBucket? slots, Instant now, CancellationToken cancellationToken)
    {
        var months = new MeterMonth[meters.Count];
        // Demand slots of all meters have to be the same pieces of time.
        var grid = meters[0].Zone;
        await Parallel.ForAsync(0, meters.Count, cancellationToken, async (i, cancellation) =>
        {
            var meter = meters[i];
            months[i] = await cache.GetAsync(
                "month",
                meter.Series.State is { } state ? [state, now.InZone(meter.Zone).Date, meter.Zone.Id, grid.Id, slots?.Name] : null,
                Age,
                token => ReadAsync(meter, slots, grid, now, token),
                cancellation);
        });
        return months;
    }

    private async Task<MeterMonth> ReadAsync(
        MainMeter meter, CalendarBucket? slots, DateTimeZone grid, Instant now, CancellationToken cancellationToken)
    {
        var today = now.InZone(meter.Zone).Date;
        var (yesterdayStart, todayStart, todayEnd) = (StartOf(today.PlusDays(-1)), StartOf(today), StartOf(today.PlusDays(1)));
        var monthStart = StartOfMonth(meter, now);
        var monthEnd = StartOf(new LocalDate(today.Year, today.Month, 1).PlusMonths(1));
        var slotEdges = slots is null ? [] : SlotEdges(slots, grid, monthStart, Instant.Min(meter.Series.To, monthEnd));
        List<Instant> edges = [.. slotEdges.Concat([yesterdayStart, todayStart, todayEnd, monthStart, monthEnd]).Distinct().Order()];
        var totals = await reader.ReadTotalsAsync(meter.Series, edges, cancellationToken);
        var isDerived = meter.Series.Segments(monthStart, monthEnd).Any(segment => meter.Series.IsDerivedAt(segment.Source));

        return new MeterMonth(
            Amount(CalendarBucket.Day, todayStart, todayEnd), Amount(CalendarBucket.Day, yesterdayStart, todayStart),
            Amount(CalendarBucket.Month, monthStart, monthEnd), [.. Enumerable.Range(0, Math.Max(slotEdges.Count - 1, 0)).SelectMany(Power)]);

        Instant StartOf(LocalDate date) => meter.Zone.AtStartOfDay(date).ToInstant();

        // What an interval says of a shorter time is not known.
        double? Amount(CalendarBucket bucket, Instant from, Instant to) =>
            meter.Series.LongestInterval(from, to) <= bucket.Nominal ? Numbers.Amount(Total(from, to)) : null;

        BucketTotal Total(Instant from, Instant to)
        {
            var (first, last) = (edges.BinarySearch(from), edges.BinarySearch(to));
            return totals[first..last].Aggregate((sum, total) => sum.Merge(total));
        }

        IEnumerable<SlotPower> Power(int slot)
        {
            var (start, end) = (slotEdges[slot], slotEdges[slot + 1]);
            var total = start < monthEnd && end > monthStart ? Total(start, end) : BucketTotal.Empty;
            return Numbers.IsEmpty(total) || !IsMeasured(slot) ? [] : [new SlotPower(start, total.Quantity / (end - start).TotalHours)];
        }

        // What a counter shows once a day is no demand of a quarter of an hour: readings must lie within an hour or so.
        bool IsMeasured(int slot)
        {
            var around = (int)Math.Ceiling(Duration.FromHours(1) / slots!.Nominal);
            return !isDerived
                || Total(slotEdges[Math.Max(slot - around, 0)], slotEdges[Math.Min(slot + 1 + around, slotEdges.Count - 1)]).Count > 1;
        }
    }

    /// <summary>Whole slots alone, from the one that the range begins in to the one that it ends in.</summary>
    private static List<Instant> SlotEdges(CalendarBucket slots, DateTimeZone grid, Instant from, Instant to)
    {
        var last = slots.Floor(grid, to);
        var end = last < to ? last + slots.Nominal : last;
        return end > from ? slots.Edges(grid, slots.Floor(grid, from), end) : [];
    }
}
