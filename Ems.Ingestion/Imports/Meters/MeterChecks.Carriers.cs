using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <content>Meters through which something else flows than the file says.</content>
internal sealed partial class MeterChecks
{
    /// <summary>
    /// Meters that are of one carrier, and for which the file has energy, or a metric that they have not had, of another: their numbers would be counted together. Where the request says whose they are,
    /// there are none, nor where the meter has no readings yet.
    /// </summary>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfCarriersAsync(string fileName, ImportForm form, FileFacts facts, CancellationToken cancellationToken)
    {
        if (form is { EquipmentId: not null } or { Profile: not null } || await FindOfOthersAsync(facts, cancellationToken) is not { Count: > 0 } found)
        {
            return [];
        }

        var given = GivenBy(form);
        return [.. found.Where(one => one.IsAdded && !given.Contains(one.Meter.EquipmentId)).GroupBy(one => (one.Known.Carrier, one.Meter.Carrier)).Select(alike => OfAnotherCarrier(fileName, [.. alike], form.IsMappingRemembered ? null : form.Mapping?.Equipment))];
    }

    /// <summary>The same where the request says whose they are, or the meter has no readings yet; and volumes that places have had in the meter of their electricity, and now get one for.</summary>
    public async Task<IReadOnlyList<ImportAssumption>> AssumeCarriersAsync(FileFacts facts, CancellationToken cancellationToken) =>
    [
        .. (await FindOfOthersAsync(facts, cancellationToken)).GroupBy(one => (one.Known.Carrier, one.Meter.Carrier)).Select(alike => new ImportAssumption(
            "carrier", $"{Named(alike.Select(one => one.Meter.EquipmentId))}: {alike.Key.Item1}", $"the equipment is there as one of {alike.Key.Item1}, though the file is of {alike.Key.Item2}: set its carrier if it is wrong (PUT data/equipment), or import the file for another meter")),
        .. await AssumeBegunAsync(facts, cancellationToken),
    ];

    private async Task<IEnumerable<ImportAssumption>> AssumeBegunAsync(FileFacts facts, CancellationToken cancellationToken)
    {
        var places = facts.Meters.Where(meter => meter.Carrier is Carriers.Gas or Carriers.Water && meter.EquipmentId.EndsWith($" {meter.Carrier}", StringComparison.Ordinal))
            .ToDictionary(meter => meter.EquipmentId, meter => meter.EquipmentId[..^(meter.Carrier!.Length + 1)]);
        if (places.Count == 0)
        {
            return [];
        }

        var targetOf = await catalogue.FindTargetsAsync(places.Keys.Concat(places.Values), cancellationToken);
        var begun = places.Where(place => targetOf(place.Key) is null && targetOf(place.Value) is not null).ToDictionary();
        var series = begun.Count == 0 ? null : (await readings.ListSeriesAsync([.. begun.Values.Select(place => targetOf(place)!.Id)], ["gas_volume", "water_volume"], cancellationToken)).ToLookup(one => one.Key.EquipmentId);
        return from meter in begun
               from before in series![targetOf(meter.Value)!.Id]
               where meter.Key.EndsWith($" {Carriers.Of(before.Key.Metric)}", StringComparison.Ordinal)
               group meter by before.Key.Metric into of
               select new ImportAssumption(
                   "equipment_id", Named(of.Select(one => one.Key)), $"what earlier files had of {of.Key} there is in {Named(of.Select(one => one.Value))}, and stays there: to go on in it, undo this import and send mapping={{\"equipment\":{{\"{of.First().Key}\":\"{of.First().Value}\"{(of.Count() > 1 ? ", …" : "")}}}}}");
    }

    /// <summary>Meters that are there with a carrier that is not what the whole file says of them. Rows that were rejected are of what their file was.</summary>
    private async Task<List<(MeterFacts Meter, Equipment Known, bool IsAdded)>> FindOfOthersAsync(FileFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Sheets.Any(sheet => sheet.Layout.WholeFile is not null))
        {
            return [];
        }

        var carriersOf = facts.Sheets.SelectMany(FileScan.MetersOf).ToLookup(meter => meter.EquipmentId, meter => meter.Carrier);
        var targetOf = await catalogue.FindTargetsAsync(facts.Meters.Select(meter => meter.EquipmentId), cancellationToken);
        var others = facts.Meters.Select(meter => (Meter: meter, Known: targetOf(meter.EquipmentId)))
            .Where(one => one is { Meter.Carrier: { } carrier, Known: { Virtual: null } known } && Carriers.Find(known.Carrier) is { } has && has != carrier && carriersOf[one.Meter.EquipmentId].Distinct().Count() == 1).ToList();
        if (others.Count == 0)
        {
            return [];
        }

        var brought = facts.Sheets.SelectMany(MetricsIn).Distinct().ToLookup(one => one.Id, one => (one.Metric, one.IsUnnamed));
        var there = (await readings.ListSeriesAsync([.. others.Select(one => one.Known!.Id).Distinct()], null, cancellationToken)).ToLookup(series => series.Key.EquipmentId, series => series.Key.Metric);
        return
        [
            .. from one in others
               let metrics = brought[one.Meter.EquipmentId]
               let known = there[one.Known!.Id]
               where metrics.Any(metric => IsOfEnergy(metric.Metric)) || !metrics.Any(metric => known.Contains(metric.Metric))
               // Energy that nothing names beside a volume of gas may be of what it was of before.
               select (one.Meter, one.Known!, known.Any() && !(one.Meter.GuessedBy is null && metrics.Any(metric => metric.IsUnnamed))),
        ];
    }

    private static IEnumerable<(string Id, string Metric, bool IsUnnamed)> MetricsIn(SheetFacts sheet)
    {
        var quantities = new Quantities(sheet.Layout, sheet.Subjects);
        for (var i = 0; i < sheet.Layout.Columns.Count; i++)
        {
            var column = sheet.Layout.Columns[i];
            for (var subject = 0; subject < (column.EquipmentId is null || column.IsSaidByRow ? sheet.Subjects.Count : Math.Min(1, sheet.Subjects.Count)); subject++)
            {
                if (quantities.Of(i, subject) is { Fault: null } quantity)
                {
                    yield return (
                        column.MeterOf(sheet.Subjects[subject].EquipmentId ?? sheet.Layout.EquipmentId), quantity.Metric,
                        sheet.Layout.Subject.Type is null && !column.IsSaidByRow && IsOfEnergy(quantity.Metric) && Carriers.Of(column) is null);
                }
            }
        }
    }

    /// <summary>Whether it is of energy or power that may be of any carrier.</summary>
    private static bool IsOfEnergy(string metric) => Carriers.Of(metric) is null && MetricCatalogue.Find(metric) is { Dimension: Dimension.Energy or Dimension.ActivePower };

    private static string Named(IEnumerable<string> ids) => ids.Distinct().ToList() is var all && all.Count > MostNamed ? $"{string.Join(", ", all.Take(MostNamed))} and {all.Count - MostNamed} more" : string.Join(", ", all);

    private static ImportFault OfAnotherCarrier(string fileName, List<(MeterFacts Meter, Equipment Known, bool IsAdded)> meters, IReadOnlyDictionary<string, string>? sent)
    {
        var (has, brings, why) = (meters[0].Known.Carrier, meters[0].Meter.Carrier, meters[0].Meter.GuessedBy);
        var own = meters.ToDictionary(one => one.Meter.EquipmentId, one => EquipmentNames.ToId($"{one.Meter.EquipmentId} {one.Meter.Carrier}"));
        string Written(IEnumerable<KeyValuePair<string, string>> ids) =>
            $"{{\"equipment\": {{{string.Join(", ", ids.Concat(sent ?? new Dictionary<string, string>()).DistinctBy(entry => entry.Key).Take(MostWritten).Select(entry => $"\"{entry.Key}\": \"{entry.Value}\""))}}}}}";

        return new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{Named(own.Keys)} {(own.Count > 1 ? "are there as meters" : "is there as a meter")} of {has}, and {fileName} has {brings} for {(own.Count > 1 ? "them" : "it")}{(why is null ? "" : $" ({why})")}: nothing was written. If that is counted by another meter, send an id of its own in the mapping: {Written(own)}. "
            + $"If {brings} is what flows there, set the carrier of the equipment to {brings} (PUT data/equipment) and import the file again. If the file is of {has}, send {Written(own.Keys.Select(id => KeyValuePair.Create(id, id)))}.",
            Alternatives: [.. own.Values])
        {
            Guess = new ImportMapping { Equipment = own },
        };
    }
}
