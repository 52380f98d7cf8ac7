using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Finds the devices whose columns a table has, where their headers tell them apart otherwise than as meters of one metric each.</summary>
internal static class DeviceColumns
{
    /// <summary>The devices of the columns, those without one left out; null where the headers tell none, or other names are enough.</summary>
    /// <param name="isOfOne">Whether the rows, the request or the mapping name the equipment.</param>
    public static IReadOnlyDictionary<ValueColumn, string>? Find(IReadOnlyList<ValueColumn> columns, bool isOfOne)
    {
        var devices = WithoutSymbols(columns.Select(column => (Column: column, Device: DeviceNames.Find(column.Name))).Where(named => named.Device.Length > 0).ToDictionary(named => named.Column, named => named.Device));
        var metered = columns.Where(IsMetered).ToList();
        if (metered.Count == 0 || !metered.TrueForAll(devices.ContainsKey) || !HaveEachOnce(devices))
        {
            return null;
        }

        var groups = devices.GroupBy(named => named.Value, StringComparer.OrdinalIgnoreCase).ToList();
        if (groups.Count == 1)
        {
            return devices.Count > 1 && devices.Count == columns.Count && !isOfOne && DeviceNames.IsSure(groups[0].Key) ? devices : null;
        }

        return groups.Exists(group => group.Select(named => named.Key.Metric).Distinct().Count() > 1 && group.Select(named => named.Key.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1) ? devices
            : !isOfOne && AreOneEach(metered, devices) ? OfMeters(devices, metered) : null;
    }

    /// <summary>
    /// The devices without the symbols of what is measured at them, where several metrics of one have theirs (<c>P</c> in kW, <c>Ep</c> in kWh), and none of these is that of another name beside
    /// them: halls are called by letters, too.
    /// </summary>
    private static Dictionary<ValueColumn, string> WithoutSymbols(Dictionary<ValueColumn, string> devices)
    {
        var symbols = devices.Select(named => (Column: named.Key, Device: DeviceNames.WithoutSymbol(named.Value, named.Key.Metric))).Where(named => named.Device is not null).ToDictionary(named => named.Column, named => named.Device!);
        var others = devices.Where(named => !symbols.ContainsKey(named.Key)).Select(named => (DeviceNames.WithoutLast(named.Value).ToUpperInvariant(), named.Key.Metric)).ToHashSet();
        foreach (var same in symbols.GroupBy(named => named.Value, StringComparer.OrdinalIgnoreCase).Where(same => same.DistinctBy(named => named.Key.Metric).Count() > 1
            && same.All(named => !others.Contains((named.Value.ToUpperInvariant(), named.Key.Metric)))))
        {
            foreach (var (column, device) in same)
            {
                devices[column] = device;
            }
        }

        return devices;
    }

    /// <summary>Without those of what is no meter but in name: <c>Outdoor temperature</c>.</summary>
    private static Dictionary<ValueColumn, string> OfMeters(Dictionary<ValueColumn, string> devices, List<ValueColumn> metered)
    {
        var meters = metered.Select(column => devices[column]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return devices.Where(named => DeviceNames.IsSure(named.Value) || meters.Contains(named.Value)).ToDictionary();
    }

    /// <summary>Whether no two columns have the same device and metric, unless they are of its phases.</summary>
    private static bool HaveEachOnce(Dictionary<ValueColumn, string> devices) =>
        devices.GroupBy(named => (named.Value.ToUpperInvariant(), named.Key.Metric)).Where(same => same.Count() > 1)
            .All(same => MeterColumns.IsOfOnePhase(same.Key.Metric) && same.Select(named => DeviceNames.PhaseIn(named.Key.Name, named.Value)) is var phases && !phases.Contains(null) && phases.Distinct().Count() == same.Count());

    /// <summary>Whether each metric is of another device: nothing else would tell that they are not of one meter.</summary>
    private static bool AreOneEach(List<ValueColumn> metered, Dictionary<ValueColumn, string> devices) =>
        metered.Count > 1 && metered.DistinctBy(column => column.Metric).Count() == metered.Count
        && metered.DistinctBy(column => devices[column].ToUpperInvariant()).Select(column => devices[column]).ToList() is { Count: > 1 } names
        && names.Index().All(one => names.Skip(one.Index + 1).All(other => DeviceNames.AreApart(one.Item, other, mayBeThings: metered.TrueForAll(IsElectric))));

    /// <summary>Of gas, water and heat a house has one meter each, whatever its headers name.</summary>
    private static bool IsElectric(ValueColumn column) => column.Metric is "active_power" or "energy" or "energy_import_register" && Carriers.Of(column) is null or Carriers.Electricity;

    private static bool IsMetered(ValueColumn column) =>
        MetricCatalogue.Find(column.Metric) is { Dimension: Dimension.Energy or Dimension.Volume or Dimension.ActivePower or Dimension.ReactivePower or Dimension.ApparentPower };
}
