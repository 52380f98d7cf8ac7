using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Layouts;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Tells meters apart that sheets of different places call by one name: what they measured at the same times is not the same. Each then is
/// the meter of its place.
/// </summary>
internal static class SheetPlaces
{
    // Enough to know whether sheets say the same.
    private const int MostValues = 50_000;

    /// <summary>The sheets with such meters at their places, as the file says them.</summary>
    /// <param name="ids">Those that the mapping has for names of meters.</param>
    public static IReadOnlyList<SheetFacts> Tell(IReadOnlyList<SheetFacts> sheets, string rowsPath, IReadOnlyDictionary<string, string>? ids)
    {
        var placed = sheets.Where(MayBeOfPlace).ToList();
        var shared = placed.Count < 2 ? [] : placed.SelectMany(sheet => IdsOf(sheet).Select(id => (Id: id, sheet.Layout.Place))).GroupBy(meter => meter.Id)
            .Where(meters => meters.Select(meter => meter.Place).Distinct().Count() > 1).Select(meters => meters.Key).ToHashSet();
        var apart = shared.Count == 0 ? [] : FindContradicting(placed, shared, rowsPath);
        return [.. sheets.Select(sheet =>
            sheet.Layout is { WholeFile: not null, IsOfPlace: true } ? At(sheet, _ => true, ids)
            : placed.Contains(sheet) && IdsOf(sheet).Any(apart.Contains) ? At(sheet, apart.Contains, ids) : sheet)];
    }

    private static bool MayBeOfPlace(SheetFacts sheet) => sheet.Layout is { WholeFile: null, Place: not null, Subject: { Equipment: not null, Site: null, SiteName: null } };

    private static HashSet<string> IdsOf(SheetFacts sheet) => [.. sheet.Subjects.Select(subject => subject.EquipmentId).OfType<string>()];

    /// <summary>Meters of which most values of the same times are others in another place.</summary>
    private static HashSet<string> FindContradicting(List<SheetFacts> sheets, HashSet<string> shared, string rowsPath)
    {
        var values = new Dictionary<(string Id, string Metric, LocalDateTime At), (string Place, double Number)>();
        var found = new Dictionary<string, (int Same, int Other)>();
        foreach (var sheet in sheets)
        {
            var (cells, quantities, place) = (new CellReader(sheet), new Quantities(sheet.Layout, sheet.Subjects), sheet.Layout.Place!);
            foreach (var row in RowSpoolReader.Scan(rowsPath, sheet.Spool, sheet.Layout.Columns.Count))
            {
                if (sheet.Subjects[row.Subject].EquipmentId is not { } id || !shared.Contains(id) || row.Time?.ToLocal(sheet.Order) is not { } at)
                {
                    continue;
                }

                for (var i = 0; i < row.Values.Length; i++)
                {
                    var key = (id, quantities.Of(i, row.Subject).Metric, at);
                    if (cells.NumberIn(row.Values[i], i) is not { } number || (!values.TryGetValue(key, out var first) && values.Count >= MostValues))
                    {
                        continue;
                    }

                    if (first.Place is null)
                    {
                        values[key] = (place, number);
                    }
                    else if (first.Place != place)
                    {
                        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(found, id, out _);
                        counts = first.Number == number ? counts with { Same = counts.Same + 1 } : counts with { Other = counts.Other + 1 };
                    }
                }
            }
        }

        return [.. found.Where(meter => meter.Value.Other > meter.Value.Same).Select(meter => meter.Key)];
    }

    private static SheetFacts At(SheetFacts sheet, Func<string, bool> isApart, IReadOnlyDictionary<string, string>? ids)
    {
        var place = sheet.Layout.Place!;
        var subjects = sheet.Subjects.Select(subject =>
        {
            if (subject.EquipmentId is not { } name || !isApart(name))
            {
                return subject;
            }

            var id = EquipmentNames.ToId($"{place}:{name}");
            return subject with { EquipmentId = ids?.GetValueOrDefault(id) ?? id, SiteName = place };
        });
        return new SheetFacts(sheet.Layout with { IsOfPlace = true }, sheet.Spool, [.. subjects], sheet.Order, sheet.DecimalComma) { HasOpenDates = sheet.HasOpenDates };
    }
}
