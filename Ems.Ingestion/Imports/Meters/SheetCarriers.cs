using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>Tells what flows through the meters of sheets, and which names sheets of several services (<c>Elec</c>, <c>Gas</c>) share.</summary>
internal sealed class SheetCarriers
{
    private readonly HashSet<(string Name, string? Place)> _shared;

    public SheetCarriers(IEnumerable<SheetFacts> sheets, Func<Layout, RowSubject, string?> placeOf) =>
        _shared = [.. sheets.SelectMany(sheet => NamedIn(sheet, placeOf)).GroupBy(named => named.Name)
            .Where(same => same.Select(named => named.Carrier).OfType<string>().Distinct().Count() > 1).Select(same => same.Key)];

    /// <summary>The names of a sheet that it shares with sheets of other carriers.</summary>
    public HashSet<string> SharedIn(SheetFacts sheet, Func<RowSubject, string?> placeOf) =>
        [.. sheet.Layout.Columns.Select(column => (Name: column.EquipmentId, Place: (string?)null)).Concat(sheet.Subjects.Select(subject => (Name: subject.EquipmentId, Place: placeOf(subject))))
            .Where(named => named.Name is not null && _shared.Contains((named.Name, named.Place))).Select(named => named.Name!)];

    /// <summary>What flows through these columns of a sheet, as their metrics or the texts around them say it; null where they do not, or are of several.</summary>
    public static string? Of(Layout layout, IEnumerable<ValueColumn> columns) =>
        columns.Where(column => column.IsSaidByRow || MeterColumns.IsMetered(column))
            .Select(column => column.Carrier ?? Carriers.Of(column.KnownMetric) ?? layout.Carrier?.Carrier ?? Carriers.Of(column)).OfType<string>().Distinct().ToList() is [var only] ? only : null;

    private static IEnumerable<((string Name, string? Place) Name, string? Carrier)> NamedIn(SheetFacts sheet, Func<Layout, RowSubject, string?> placeOf)
    {
        var layout = sheet.Layout;
        foreach (var meter in layout.Columns.Where(column => column.EquipmentId is not null).GroupBy(column => column.EquipmentId!))
        {
            yield return ((meter.Key, null), Of(layout, meter));
        }

        var ofRows = layout.Subject is { Equipment: not null, EquipmentIsName: true } ? Of(layout, layout.Columns.Where(column => column.EquipmentId is null)) : null;
        foreach (var subject in ofRows is null ? [] : sheet.Subjects.Where(subject => subject is { EquipmentId: not null, Type: null }))
        {
            yield return ((subject.EquipmentId!, placeOf(layout, subject)), ofRows);
        }
    }
}
