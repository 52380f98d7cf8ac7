using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Query.Places;
using Ems.Query.Requests;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>An equipment with the metric asked for, its zone, and the range in that zone.</summary>
internal sealed record Meter(Equipment Equipment, MetricSeries Series, DateTimeZone Zone, Interval Range)
{
    /// <summary>Where parts of a day begin: the same for all meters that are put together, though half hours lie between their zones.</summary>
    public DateTimeZone Grid { get; init; } = Zone;

    /// <summary>Where the buckets begin.</summary>
    public DateTimeZone ZoneOf(CalendarBucket bucket) => bucket.IsPartOfDay ? Grid : Zone;
}

/// <summary>Decides which equipment a question is about.</summary>
internal sealed class MeterSelection(ICatalogue catalogue, SeriesReader reader, Zones zones, TimeProvider time)
{
    public async Task<(IReadOnlyList<Meter> Meters, IReadOnlyList<Fault> Faults)> SelectAsync(
        AggregateQuestion question, CancellationToken cancellationToken)
    {
        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(e => e.Id);
        if (question.EquipmentIds?.Where(id => !equipment.ContainsKey(id)).Select(Fault.NoEquipment).ToList() is { Count: > 0 } missing)
        {
            return ([], missing);
        }

        var request = question.Request;
        if (request.Site is { } site && await catalogue.FindSiteAsync(site, cancellationToken) is null)
        {
            return ([], [Fault.Of("site", $"There is no site '{site}'. data/sites lists what there is.")]);
        }

        var asked = equipment.Values
            .Where(e => question.EquipmentIds is null || question.EquipmentIds.Contains(e.Id))
            .Where(e => request.Site is null || e.Site == request.Site)
            .Where(e => request.Type is null || string.Equals(e.Type, request.Type, StringComparison.OrdinalIgnoreCase))
            .Where(e => request.Tag is null || e.Tags.Contains(request.Tag, StringComparer.OrdinalIgnoreCase))
            .Where(e => request.Carrier is null || string.Equals(e.Carrier, request.Carrier, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(e => e.Id);
        if (asked.Count == 0)
        {
            return ([], [Fault.Of("equipment", "No equipment matches equipment, site, type, tag and carrier together.")]);
        }

        var found = await reader.FindAsync(asked.Keys, question.Metric, cancellationToken);
        var faults = Check(question, found);
        if (faults.Count > 0)
        {
            return ([], faults);
        }

        var counted = found.Where(s => Counts(question, s, asked, equipment)).ToList();
        var carriers = counted.Select(s => asked[s.EquipmentId].Carrier).Distinct().Order().ToList();
        if (carriers.Count > 1 && counted[0].IsAdditive && question.EquipmentIds is null && question.Aggregate != "count"
            && !question.IsGroupedBy("carrier") && !question.IsGroupedBy("equipment"))
        {
            return ([], [Fault.Of("carrier",
                $"There are meters of {string.Join(", ", carriers)}, which are not added together: name a carrier, or group_by carrier.")]);
        }

        return await PlaceAsync(question, counted, asked, cancellationToken);
    }

    private static List<Fault> Check(AggregateQuestion question, IReadOnlyList<MetricSeries> found)
    {
        if (found.Count == 0)
        {
            return [Fault.Of("metric", $"None of the equipment asked for has readings of '{question.Metric}'.")];
        }

        List<Fault> faults = [];
        if (question.Aggregate == "sum" && found[0].TotalUnit is null)
        {
            faults.Add(Fault.Of("aggregate", $"A sum of '{question.Metric}' ({found[0].Unit}) means nothing: ask for mean, min, max or last."));
        }

        if (question.Aggregate == "sum" && question.FiltersValues && !found[0].IsQuantity)
        {
            faults.Add(Fault.Of("filters", "A sum of powers within limits is asked for as metric energy."));
        }

        var units = found.Select(s => s.Unit).Distinct().ToList();
        if (units.Count > 1)
        {
            faults.Add(Fault.Of("metric",
                $"'{question.Metric}' has different units ({string.Join(", ", units)}) in the equipment asked for: narrow it down."));
        }

        return faults;
    }

    /// <summary>What can be added counts once: the main meters, or of those asked for by type or tag the ones not below another.</summary>
    private static bool Counts(
        AggregateQuestion question, MetricSeries series, Dictionary<string, Equipment> asked, Dictionary<string, Equipment> all)
    {
        if (!series.IsAdditive || question.EquipmentIds is not null || question.IsGroupedBy("equipment"))
        {
            return true;
        }

        var equipment = asked[series.EquipmentId];
        var tree = new MeterTree(all);
        if (equipment.Virtual is not null)
        {
            return !tree.Origins(equipment.Id).Any(asked.ContainsKey);
        }

        return question.Request.Type is null && question.Request.Tag is null
            ? tree.IsMain(equipment)
            : !tree.Above(equipment).Any(above => asked.ContainsKey(above.Id) && above.Carrier == equipment.Carrier);
    }

    private async Task<(IReadOnlyList<Meter> Meters, IReadOnlyList<Fault> Faults)> PlaceAsync(
        AggregateQuestion question, List<MetricSeries> counted, Dictionary<string, Equipment> asked, CancellationToken cancellationToken)
    {
        if (counted.Count == 0)
        {
            return ([], [Fault.Of("equipment", "Every meter asked for is below another one: name equipment, or group_by equipment.")]);
        }

        var zoneOf = await zones.OfSitesAsync(cancellationToken);
        var (first, last) = (counted.Min(s => s.From), counted.Max(s => s.To));
        List<Meter> meters = [];
        foreach (var series in counted)
        {
            var zone = question.Zone ?? zoneOf(asked[series.EquipmentId].Site);
            var (range, faults) = RequestTime.ParseRange(question.Request.From, question.Request.To, zone, first, last, time);
            if (faults.Count > 0)
            {
                return ([], faults);
            }

            meters.Add(new Meter(asked[series.EquipmentId], series, zone, range));
        }

        return ([.. meters.GroupBy(m => RowKey.OfMeter(question, m)).SelectMany(group => group.Select(m => m with { Grid = group.First().Zone }))], []);
    }
}
