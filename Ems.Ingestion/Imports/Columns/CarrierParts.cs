using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>
/// Takes apart what columns of one meter count of several carriers: energy stays with the meter, what is certain to be of another carrier is
/// a part of it. The headers alone decide, for each file with these headers counts the same.
/// </summary>
/// <param name="carrier">What flows through what names no carrier, as the names of sheet and file or the headers of other columns say it; null where they do not.</param>
/// <param name="namesHeat">Whether these names speak of heat or cold, whatever else they say.</param>
internal sealed class CarrierParts(string? carrier, bool namesHeat)
{
    // Of what a meter counts, or of what another column counts in another unit: they name no meter.
    private static readonly string[] General =
    [
        "used", "supply", "supplied", "volume", "meter", "metered", "measured", "actual", "estimated", "allocated", "gross", "thermal", "useful",
        "billed", "billable", "invoiced", "charged", "converted", "corrected", "calculated", "computed", "content", "equivalent", "conversion", "factor",
        "abgerechnet", "abrechnung", "berechnet", "umgerechnet", "brennwert", "äquivalent", "facturé", "facturée", "converti", "calculé", "facturado", "calculado", "fatturato", "calcolato",
    ];

    // Of each number, as reports round them.
    private const double Rounding = 0.005;

    /// <summary>The only column that is headed as a total and is the sum of the others in each row, which are of a carrier each, and why it is left out; null where there is none.</summary>
    public static (ValueColumn Total, string Why)? FindTotal(SheetTable table, List<ValueColumn> energies)
    {
        var parts = energies.FindAll(column => !PartNames.HaveSum(column.Header) && Carriers.FindAll(column.Header).Count == 1);
        // Where each has a name, the sums of the whole file tell.
        return parts.Count > 1 && parts.Exists(column => PartNames.IsTotal(column.Name)) && energies.Except(parts).ToList() is [var total] && PartNames.HaveSum(total.Name) && PartNames.IsTotal(total.Name)
            && parts.DistinctBy(column => Carriers.Find(column.Header)).Count() == parts.Count && energies.DistinctBy(column => column.SourceUnit).Count() == 1
            && Array.Exists([false, true], decimalComma => AreSum(table, total, parts, decimalComma))
            ? (total, $"it is the sum of {string.Join(" and ", parts.Select(column => column.Header))}, which are of different carriers") : null;
    }

    private static bool AreSum(SheetTable table, ValueColumn total, List<ValueColumn> parts, bool decimalComma)
    {
        var rows = table.Rows.Take(SheetTable.EnoughRows).Select(row => (Total: DecimalColumn.NumberIn(row[total.Index], decimalComma), Sum: parts.Sum(part => DecimalColumn.NumberIn(row[part.Index], decimalComma) ?? 0)))
            .Where(row => row.Total is not null and not 0).ToList();
        return rows.Count > 1 && rows.TrueForAll(row => Math.Abs(row.Total!.Value - row.Sum) <= Rounding * Math.Abs(row.Sum));
    }

    /// <param name="columns">Which are named in place, where nothing has named their meters yet; else they are said to be beside the others.</param>
    /// <param name="blank">Headers of columns that hold nothing in this file.</param>
    /// <param name="isNamed">Whether the sender says what a column is, or whose.</param>
    /// <returns>Those that are parts, by index.</returns>
    public IEnumerable<int> TakeApart(List<ValueColumn> columns, IEnumerable<string> blank, Func<ValueColumn, bool> isNamed, List<ImportAssumption> assumptions)
    {
        var metered = columns.FindAll(IsMetered);
        var all = metered.Concat(blank.Select(AsColumn).OfType<ValueColumn>().Where(IsMetered)).ToList();
        if (all.DistinctBy(column => column.Metric).Count() < all.Count
            || all.TrueForAll(column => column.Header.Equals(column.Metric, StringComparison.OrdinalIgnoreCase)))
        {
            return [];
        }

        var parts = metered.FindAll(column => IsApart(column, all));
        var haveMeters = metered.Exists(column => isNamed(column) || column is not { EquipmentId: null, Part: null });
        foreach (var column in parts)
        {
            columns[columns.IndexOf(column)] = haveMeters ? column with { IsBeside = true } : column with { Part = CarrierOf(column) };
        }

        if (haveMeters)
        {
            return [];
        }

        if (parts.Count > 0)
        {
            assumptions.Add(new ImportAssumption(
                "layout", $"a meter per carrier: {string.Join(", ", parts.Select(column => column.Header))}", "other columns of the same meter are of another carrier; it is never added together"));
        }

        return parts.Select(column => column.Index);
    }

    /// <summary>Water brings heat and cold, and is no energy itself; gas and heat may be what the energy is of unless the headers tell them apart.</summary>
    private bool IsApart(ValueColumn column, List<ValueColumn> all)
    {
        var energy = all.FindAll(other => CarrierOf(other) is null);
        return energy.Count > 0 && CarrierOf(column) is { } own
            && (energy.Exists(IsOfElectricity) || (own == Carriers.Water ? !IsOfHeat(all) : carrier switch
            {
                Carriers.Electricity => true,
                null => energy.TrueForAll(other => HaveOtherNames(column, other)),
                _ => false,
            }));
    }

    private bool IsOfHeat(List<ValueColumn> all) => namesHeat || all.Exists(column => CarrierOf(column) is Carriers.Heat or Carriers.Cooling);

    private static bool IsOfElectricity(ValueColumn column) =>
        Carriers.Find(column.Header) == Carriers.Electricity || new HeaderWords(column.Header).Contains(["Strom"]) || IsOfHeatPump(column);

    /// <summary>Whether it is what a machine uses that is called after the heat or cold that it moves.</summary>
    private static bool IsOfHeatPump(ValueColumn column) =>
        column.KnownMetric == "energy" && Carriers.Find(column.Header) is Carriers.Heat or Carriers.Cooling && Carriers.Find(column.Header, Dimension.Energy) is null;

    private static bool HaveOtherNames(ValueColumn column, ValueColumn other) =>
        NamesOf(column) is { Count: > 0 } names && NamesOf(other) is { Count: > 0 } others && !names.Overlaps(others);

    /// <summary>The words of its own that a header has beside carrier, metric and unit.</summary>
    private static HashSet<string> NamesOf(ValueColumn column) =>
        [.. new HeaderWords(Carriers.Without(column.Name)).Except(General).Where(word => word.Any(char.IsLetter) && !GeneralNames.Have(word) && !DeviceNames.IsQuantity(word))];

    private static ValueColumn? AsColumn(string header) => HeaderReader.Read(header) is { Metric: { } metric, Unit: { } unit }
        ? new ValueColumn(-1, header, null, metric.Name, metric.Kind, metric.Unit, unit.Symbol) : null;

    private static bool IsMetered(ValueColumn column) => column.KnownMetric is "gas_volume" or "water_volume" || IsOfEnergy(column);

    private static bool IsOfEnergy(ValueColumn column) => column.KnownMetric == "active_power" || MetricCatalogue.Find(column.KnownMetric) is { Dimension: Dimension.Energy };

    /// <summary>What it is of beside electricity, as far as that is certain; null where it may be electricity. Water and air are not counted in kWh: what moves them is.</summary>
    private static string? CarrierOf(ValueColumn column) => Carriers.Of(column.KnownMetric)
        ?? (CarrierTexts.OfName(column.Header) is { } named and not (Carriers.Electricity or Carriers.Water or Carriers.CompressedAir) ? named : null);
}
