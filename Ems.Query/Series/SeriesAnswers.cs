using Ems.Core.Caching;
using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Places;
using Ems.Query.Requests;
using NodaTime;

namespace Ems.Query.Series;

/// <summary>Numbers of one metric of one equipment over time.</summary>
internal sealed record SeriesNumbers(MetricSeries Series, string Unit, string DerivedFrom, string Bucket, DateTimeZone Zone, IReadOnlyList<SeriesNumber> Points);

/// <summary>The number of one bucket or reading; <paramref name="At"/> is when a minimum or maximum was.</summary>
internal readonly record struct SeriesNumber(
    Instant Start, Instant End, double? Value, double Coverage, double EstimatedFraction, Instant? At = null);

/// <summary>Answers requests for series.</summary>
internal sealed class SeriesAnswers(
    SeriesReader reader, ICatalogue catalogue, IReadingStore store, Zones zones, CachedAnswers cache, TimeProvider time)
{
    public const int MaxPoints = 100_000;

    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <param name="Bucket">Null for readings as they are.</param>
    private sealed record Part(MetricSeries Series, DateTimeZone Zone, Interval Range, CalendarBucket? Bucket, string Aggregate)
    {
        /// <summary>Whether totals of the buckets tell the numbers, without a look at each value.</summary>
        public bool IsTold => Aggregate == "sum" || !Series.IsQuantity || Series.IsCounter;
    }

    public async Task<(IReadOnlyList<SeriesNumbers> Series, IReadOnlyList<Fault> Faults)> AnswerAsync(
        SeriesQuestion question, CancellationToken cancellationToken)
    {
        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        List<Part> parts = [];
        List<Fault> faults = [];
        foreach (var id in question.EquipmentIds)
        {
            var (part, partFaults) = await PlanAsync(question, id, zoneOf, cancellationToken);
            faults.AddRange(partFaults);
            parts.AddRange(part is null ? [] : [part]);
        }

        var points = 0.0;
        foreach (var part in parts)
        {
            points += part.Bucket is { } bucket
                ? part.Range.Duration / bucket.Nominal
                : await reader.CountReadingsAsync(part.Series, part.Range.Start, part.Range.End, cancellationToken);
        }

        if (points > MaxPoints + question.EquipmentIds.Count)
        {
            faults.Add(TooMany((long)points));
        }

        if (faults.Count > 0)
        {
            return ([], faults);
        }

        List<SeriesNumbers> answers = [];
        foreach (var part in parts)
        {
            answers.Add(await ReadAsync(part, cancellationToken));
            if (answers.Sum(a => a.Points.Count) is var count && count > MaxPoints)
            {
                return ([], [TooMany(count)]);
            }
        }

        return (answers, []);
    }

    private static Fault TooMany(long points) => new("bucket", Fault.InvalidTimeRange,
        $"That would be {points} points; one answer holds at most {MaxPoints}. Ask for a shorter range or longer buckets.");

    private async Task<(Part? Part, IReadOnlyList<Fault> Faults)> PlanAsync(
        SeriesQuestion question, string id, Func<string?, DateTimeZone> zoneOf, CancellationToken cancellationToken)
    {
        if (await catalogue.FindEquipmentAsync(id, cancellationToken) is not { } equipment)
        {
            return (null, [Fault.NoEquipment(id)]);
        }

        if (await reader.FindAsync([id], question.Metric, cancellationToken) is not [var series])
        {
            var metrics = (await store.ListSeriesAsync([id], null, cancellationToken)).Select(s => s.Key.Metric).Distinct();
            return (null, [Fault.Of("metric",
                $"Equipment '{id}' has no readings of '{question.Metric}'. It has: {string.Join(", ", metrics.DefaultIfEmpty("none"))}."
                + (equipment.MergedInto is { } target ? $" Its readings were given to '{target}': ask for those." : ""))]);
        }

        if (question.Aggregate == "sum" && series.TotalUnit is null)
        {
            return (null, [Fault.Of("aggregate", $"A sum of '{question.Metric}' ({series.Unit}) means nothing: ask for mean, min, max or last.")]);
        }

        var zone = question.Zone ?? zoneOf(equipment.Site);
        var (range, faults) = RequestTime.ParseRange(question.From, question.To, zone, series.From, question.Bucket is null ? series.End : series.To, time);
        if (faults.Count > 0)
        {
            return (null, faults);
        }

        var part = new Part(series, zone, range, question.Bucket, question.Aggregate ?? (series.IsQuantity && !series.IsCounter ? "sum" : "mean"));
        var longest = part.IsTold ? series.LongestInterval(range.Start, range.End) : series.LongestObservation(range.Start, range.End);
        return (part with { Bucket = part.Bucket?.AtLeast(longest) }, []);
    }

    private async Task<SeriesNumbers> ReadAsync(Part part, CancellationToken cancellationToken)
    {
        var (series, zone, range, bucket, aggregate) = part;
        var points = await cache.GetAsync(
            "series",
            series.State is { } state ? [state, zone.Id, range.Start, range.End, bucket?.Name, aggregate] : null,
            Age,
            token => bucket is null ? ReadRawAsync(part, token) : ReadBucketsAsync(part, bucket, token),
            cancellationToken);
        var unit = bucket is not null && aggregate == "sum" ? series.TotalUnit ?? series.Unit : series.Unit;
        return new SeriesNumbers(series, unit, series.DerivedFrom(range.Start, range.End), bucket?.Name ?? "raw", zone, points);
    }

    private async Task<IReadOnlyList<SeriesNumber>> ReadRawAsync(Part part, CancellationToken cancellationToken)
    {
        var (series, zone, range, _, _) = part;
        var observations = await reader.ReadReadingsAsync(series, range.Start, range.End, zone, cancellationToken);
        return [.. observations.Select(o => new SeriesNumber(o.Start, o.Start + o.Length, o.Value, 1, o.IsEstimated ? 1 : 0))];
    }

    private async Task<IReadOnlyList<SeriesNumber>> ReadBucketsAsync(
        Part part, CalendarBucket bucket, CancellationToken cancellationToken)
    {
        var (series, zone, range, _, aggregate) = part;
        var edges = bucket.Edges(zone, range.Start, range.End);
        var totals = await reader.ReadTotalsAsync(series, edges, cancellationToken);
        var values = part.IsTold
            ? Numbers.FromTotals(totals, aggregate)
            : Numbers.FromObservations(
                await reader.ReadObservationsAsync(series, range.Start, range.End, zone, cancellationToken), edges, aggregate);
        return [.. totals.Select((total, i) => new SeriesNumber(
            edges[i], edges[i + 1], Numbers.Rounded(values[i].Value),
            Numbers.Share(total.Covered / (edges[i + 1] - edges[i])), Numbers.Share(total.EstimatedFraction), values[i].At))];
    }
}
