using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Readings;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Knows equipment that an import must not write to.</summary>
internal sealed partial class MeterChecks(ICatalogue catalogue, IReadingStore readings, IJobStore jobs)
{
    /// <param name="site">That the import is for; null where only the file may say it.</param>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfAsync(IEnumerable<MeterFacts> meters, string? site, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), cancellationToken);
        var faults = new List<ImportFault>();
        foreach (var meter in meters)
        {
            if (targetOf(meter.EquipmentId) is not { } equipment)
            {
                continue;
            }

            if (equipment.Virtual is not null)
            {
                faults.Add(new ImportFault(ImportFault.DataValidationFailed, IntakeCodes.VirtualMeter(meter.EquipmentId)));
            }
            else if (SiteOf(meter, equipment, site) is { } wanted && equipment.Site is { } actual && actual != wanted)
            {
                faults.Add(OfAnotherSite(meter.EquipmentId, actual, wanted));
            }
        }

        return faults;
    }

    public static ImportFault OfAnotherSite(string equipmentId, string actual, string wanted)
    {
        var proposed = EquipmentNames.ToId($"{wanted}:{equipmentId}");
        return new ImportFault(
            ImportFault.EquipmentSiteMismatch,
            $"{equipmentId} belongs to the site {actual}, and the import is for {wanted}: nothing was written to it. If it is another meter, import it as "
            + $"{proposed}: send equipment_id, or in the mapping \"equipment\": {{\"{equipmentId}\": \"{proposed}\"}}. If it is the same one, send site={actual}.",
            Alternatives: [proposed]);
    }

    /// <summary>Metrics of a sender's own that equipment of the file has in another unit, or of another kind: their numbers would not compare.</summary>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfUnitsAsync(
        IReadOnlyList<ValueColumn> mapping, IEnumerable<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var own = mapping.Where(column => MetricCatalogue.Find(column.Metric) is null).ToList();
        if (own.Count == 0)
        {
            return [];
        }

        var ids = meters.Select(meter => meter.EquipmentId).Concat(own.Select(column => column.EquipmentId).OfType<string>()).Distinct().ToList();
        var targetOf = await catalogue.FindTargetsAsync(ids, cancellationToken);
        var targets = ids.ToDictionary(id => id, id => targetOf(id)?.Id ?? id);
        var known = await readings.ListSeriesAsync(targets.Values.ToHashSet(), own.Select(column => column.Metric).ToHashSet(), cancellationToken);
        return
        [
            .. from series in known
               from column in own
               where column.Metric == series.Key.Metric && (column.EquipmentId is null || targets[column.EquipmentId] == series.Key.EquipmentId)
               from fault in FaultsOf(series, column)
               select fault,
        ];
    }

    /// <summary>Meters that have nothing of what the file's profile brings, but what another one with the same headers does.</summary>
    /// <param name="profile">That the file is read by.</param>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfProfileAsync(string? profile, ImportForm form, FileFacts facts, CancellationToken cancellationToken)
    {
        if (form.Others.Count == 0)
        {
            return [];
        }

        var targetOf = await catalogue.FindTargetsAsync(facts.Meters.Select(meter => meter.EquipmentId), cancellationToken);
        var targets = facts.Meters.Select(meter => targetOf(meter.EquipmentId)?.Id ?? meter.EquipmentId).ToHashSet();
        var brought = facts.Mapping.Select(column => column.Metric).ToHashSet();
        var known = await readings.ListSeriesAsync(targets, null, cancellationToken);
        return
        [
            .. from series in known.GroupBy(one => one.Key.EquipmentId, one => one.Key.Metric)
               where !series.Any(brought.Contains)
               let others = form.Others.Where(other => other.Metrics.Intersect(series).Any()).Select(other => other.Id).ToList()
               where others.Count > 0
               select new ImportFault(
                   ImportFault.AmbiguousMapping,
                   $"{series.Key} has {string.Join(", ", series)}, and {profile}, the newest profile with these headers, would bring {string.Join(", ", brought)}. Send profile={string.Join(" or profile=", [.. others, profile!])}.",
                   Alternatives: [.. others, profile!]),
        ];
    }

    private static IEnumerable<ImportFault> FaultsOf(SeriesInfo series, ValueColumn column)
    {
        var (id, metric) = (series.Key.EquipmentId, series.Key.Metric);
        if (series.Unit.Length > 0 && series.Unit != column.Unit)
        {
            yield return new ImportFault(
                ImportFault.DataValidationFailed,
                $"{id} has {metric} in {series.Unit}, and the column {column.Header} would bring it in {column.Unit}: give it another name in the mapping, or the same unit.",
                Column: column.Header, Alternatives: [series.Unit]);
        }

        if (series.Kind != column.Kind)
        {
            var (has, brings) = (series.Kind.ToString().ToLowerInvariant(), column.Kind.ToString().ToLowerInvariant());
            yield return new ImportFault(
                ImportFault.DataValidationFailed,
                $"{metric} of {id} is of the kind {has}, and the column {column.Header} would bring it as {brings}: give it another name in the mapping, or the same kind.",
                Column: column.Header, Alternatives: [has]);
        }
    }

    /// <summary>A site that a file names decides only as long as nobody has said where the equipment is.</summary>
    private static string? SiteOf(MeterFacts meter, Equipment equipment, string? site) =>
        site ?? (equipment.CreatedBy is not null && (meter.Site ?? meter.SiteName) is { } named ? EquipmentNames.ToId(named) : null);
}
