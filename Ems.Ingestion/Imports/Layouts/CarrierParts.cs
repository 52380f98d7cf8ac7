using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Takes apart what columns of one meter count of several carriers: electricity stays with the meter, each other carrier is a part of it.</summary>
/// <param name="carrier">What flows through what names no carrier, where the texts around the table or its other columns say it.</param>
internal sealed class CarrierParts(SheetTable table, string? carrier)
{
    private const int FewestRows = 2;
    private const double MostOff = 0.05;

    // What burning a cubic metre of gas gives, in kWh.
    private const double LeastHeat = 8;
    private const double MostHeat = 13;

    // Of what another column counts, in another unit.
    private static readonly string[] OfConversions =
    [
        "billed", "billable", "invoiced", "charged", "converted", "corrected", "calculated", "computed", "content", "equivalent", "conversion", "factor",
        "gross", "thermal", "useful", "supplied", "metered", "measured", "actual", "estimated", "allocated",
        "abgerechnet", "abrechnung", "berechnet", "umgerechnet", "brennwert", "äquivalent", "facturé", "facturée", "converti", "calculé", "facturado", "calculado", "fatturato", "calcolato",
    ];

    /// <param name="columns">Which are named in place.</param>
    /// <param name="isTold">Whether the sender says whose a column is.</param>
    public void TakeApart(List<ValueColumn> columns, Func<ValueColumn, bool> isTold, List<ImportAssumption> assumptions)
    {
        var metered = columns.FindAll(column => !isTold(column) && IsMetered(column));
        if (metered.TrueForAll(column => column.Header.Equals(column.Metric, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        var parts = metered.GroupBy(column => (column.EquipmentId, column.Part)).Select(meter => meter.ToList()).Where(meter => meter.Count > 1 && AreOfSeveral(meter)).SelectMany(PartsOf).ToList();
        foreach (var column in parts)
        {
            var part = CarrierOf(column)!;
            columns[columns.IndexOf(column)] = column.EquipmentId is { } id
                ? column with { EquipmentId = EquipmentNames.ToId($"{id} {part}") }
                : column with { Part = column.Part is null ? part : $"{column.Part} {part}", Whole = null };
        }

        if (parts.Count > 0)
        {
            assumptions.Add(new ImportAssumption(
                "layout", $"a meter per carrier: {string.Join(", ", parts.Select(column => column.Header))}", "other columns of the same meter are of another carrier; it is never added together"));
        }
    }

    /// <summary>Not what is of one carrier: gas in cubic metres and in kWh, the heat of a meter and the water that brings it.</summary>
    private bool AreOfSeveral(List<ValueColumn> meter)
    {
        var others = PartsOf(meter).ToList();
        var carriers = others.Select(CarrierOf).Distinct().ToList();
        return carriers.Count > 0 && ((carriers.Count > 1 && carriers.Contains(Carriers.Gas)) || meter.Exists(column => CarrierOf(column) is null && IsOfElectricity(column, others)));
    }

    private IEnumerable<ValueColumn> PartsOf(IEnumerable<ValueColumn> meter) => meter.Where(column => CarrierOf(column) is not null);

    /// <summary>Whether it says so, or has a name that no column of another carrier has.</summary>
    private bool IsOfElectricity(ValueColumn column, List<ValueColumn> others) => Carriers.Find(column.Header) == Carriers.Electricity
        || (carrier is null or Carriers.Electricity or Carriers.Water or Carriers.CompressedAir && DeviceNames.Find(column.Name).Length > 0 && !new HeaderWords(column.Name).Any((IEnumerable<string>)OfConversions)
            && !others.Exists(other => Carriers.Without(other.Name).Equals(column.Name, StringComparison.OrdinalIgnoreCase) || IsHeatOf(other, column)));

    /// <summary>Whether one is what burning the other gives.</summary>
    private bool IsHeatOf(ValueColumn gas, ValueColumn energy) => gas.Metric == "gas_volume" && energy.Metric == "energy" && (IsHeatOf(gas, energy, decimalComma: false) || IsHeatOf(gas, energy, decimalComma: true));

    private bool IsHeatOf(ValueColumn gas, ValueColumn energy, bool decimalComma)
    {
        var rows = table.Rows.Select(row => (Volume: gas.NumberIn(row, decimalComma), Energy: energy.NumberIn(row, decimalComma))).Where(row => row is { Volume: > 0, Energy: not null }).ToList();
        var (volume, heat) = (rows.Sum(row => row.Volume!.Value), rows.Sum(row => row.Energy!.Value));
        return rows.Count >= FewestRows && heat / volume is > LeastHeat and < MostHeat
            && rows.Sum(row => Math.Abs(row.Energy!.Value - (row.Volume!.Value * heat / volume))) <= MostOff * heat;
    }

    private static bool IsMetered(ValueColumn column) => column.KnownMetric is "active_power" or "gas_volume" or "water_volume" || IsOfEnergy(column);

    private static bool IsOfEnergy(ValueColumn column) => MetricCatalogue.Find(column.KnownMetric) is { Dimension: Dimension.Energy };

    /// <summary>What it is of beside electricity, as far as that is certain; null where it may be electricity. Water and air are not counted in kWh: what moves them is.</summary>
    private static string? CarrierOf(ValueColumn column) => Carriers.Of(column.KnownMetric)
        ?? (CarrierTexts.OfName(column.Header) is { } named and not (Carriers.Electricity or Carriers.Water or Carriers.CompressedAir) ? named : null);
}
