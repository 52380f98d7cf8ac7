using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Tells what flows through the meters of sheets, and which names sheets of several services (<c>Elec</c>, <c>Gas</c>; <c>Energy</c>, <c>Gas</c>) share.</summary>
internal sealed class SheetCarriers
{
    private readonly HashSet<(string Name, string? Place)> _shared;

    public SheetCarriers(IEnumerable<SheetFacts> sheets, Func<Layout, RowSubject, string?> placeOf) =>
        _shared = [.. sheets.SelectMany(sheet => NamedIn(sheet, placeOf)).GroupBy(named => named.Name)
            .Where(same => same.Select(named => named.Carrier).Distinct().Count() > 1).Select(same => same.Key)];

    /// <summary>The names of a sheet that it shares with sheets of other carriers.</summary>
    public HashSet<string> SharedIn(SheetFacts sheet, Func<RowSubject, string?> placeOf) =>
        [.. sheet.Layout.Columns.Select(column => (Name: column.EquipmentId, Place: (string?)null)).Concat(sheet.Subjects.Select(subject => (Name: subject.EquipmentId, Place: placeOf(subject))))
            .Where(named => named.Name is not null && _shared.Contains((named.Name, named.Place))).Select(named => named.Name!)];

    /// <summary>What flows through these columns of a sheet, as their metrics or the texts around them say it; null where they do not, or are of several.</summary>
    public static string? Of(Layout layout, IEnumerable<ValueColumn> columns) =>
        AllOf(layout, columns).OfType<string>().ToList() is [var only] ? only : null;

    private static List<string?> AllOf(Layout layout, IEnumerable<ValueColumn> columns) =>
        [.. columns.Where(column => column.IsSaidByRow || MeterColumns.IsMetered(column)).Select(column => column.Carrier ?? Carriers.Of(column.KnownMetric) ?? layout.Carrier?.Carrier ?? Carriers.Of(column)).Distinct()];

    /// <summary>The only carrier, or null where a sheet only says that it is of energy: beside it, one that is named is another. None where there are several, or nothing says any.</summary>
    private static List<string?> OnlyOf(Layout layout, IEnumerable<ValueColumn> columns) =>
        AllOf(layout, columns) is var all && all.FindAll(carrier => carrier is not null) is { Count: > 0 } named ? named.Count == 1 ? named : [] : CarrierTexts.NameEnergy(layout.Sheet) ? all : [];

    private static IEnumerable<((string Name, string? Place) Name, string? Carrier)> NamedIn(SheetFacts sheet, Func<Layout, RowSubject, string?> placeOf)
    {
        var layout = sheet.Layout;
        var columns = layout.Columns.Where(column => column.EquipmentId is not null).GroupBy(column => column.EquipmentId!)
            .SelectMany(meter => OnlyOf(layout, meter).Select(carrier => ((meter.Key, (string?)null), carrier)));
        var rows = layout.Subject is { Equipment: not null, EquipmentIsName: true } ? OnlyOf(layout, layout.Columns.Where(column => column.EquipmentId is null)) : [];
        return columns.Concat(rows.SelectMany(carrier => sheet.Subjects.Where(subject => subject is { EquipmentId: not null, Type: null }).Select(subject => ((subject.EquipmentId!, placeOf(layout, subject)), carrier))));
    }
}
