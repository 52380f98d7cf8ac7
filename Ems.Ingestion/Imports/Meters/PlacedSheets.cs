using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Tells meters apart that the columns of sheets of different places call by one name, or the rows of sheets that are called after such: each then is that of its place. What a sheet is called after
/// may be anything, so that only values of the same times which are others show it, or meters that another file has told apart. Where it has no word for a place, sheets may be versions or sums of
/// each other as well, and are asked about.
/// </summary>
internal static class PlacedSheets
{
    private const int MostShown = 5;

    // One time that two sheets share may be where the one goes on with the other.
    private const int FewestContradictions = 2;

    /// <summary>The sheets with the ids of the meters of their columns. Those of rows follow from the places that sheets have then, and from the names that they share.</summary>
    /// <param name="fileName">An archive has files, of which any may be of any meter.</param>
    /// <exception cref="ImportFaultException">Sheets may be of places, or versions or sums of each other.</exception>
    public static IReadOnlyList<SheetFacts> Tell(IReadOnlyList<SheetFacts> sheets, string rowsPath, IReadOnlyDictionary<string, string>? ids, KnownMeters known, string fileName)
    {
        var given = ids is null ? [] : ids.Values.ToHashSet();
        var named = sheets.Where(sheet => sheet.Layout.WholeFile is null).Select(sheet => (Sheet: sheet, Place: PlaceOf(sheet.Layout, fileName), Names: NamesOf(sheet, given))).Where(one => one.Names.Count > 0).ToList();
        var bySheet = new Dictionary<SheetFacts, (string? Place, HashSet<string> Names)>(ReferenceEqualityComparer.Instance);
        named.ForEach(one => bySheet[one.Sheet] = (one.Place, one.Names));
        var shared = named.SelectMany(one => one.Names.Select(name => (Name: name, one.Place, IsSaid: one.Sheet.Layout.Place is not null))).GroupBy(one => one.Name)
            // Beside one that may be of any place, they may all be of the same meters.
            .Where(same => same.All(one => one.Place is not null) && same.Select(one => one.Place).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1)
            .ToDictionary(same => same.Key, same => same.All(one => one.IsSaid));
        var apart = shared.Count == 0 ? [] : new PlaceContradictions(shared.Keys.ToHashSet(), (layout, _) => PlaceOf(layout, fileName)?.ToUpperInvariant()).Find(named.Select(one => one.Sheet), rowsPath, name => shared[name], FewestContradictions);
        RefuseOpen([
            .. from one in named
               where one.Sheet.Layout.Place is null && one.Place is { } place && !IsNumberedPlace(place)
               from name in one.Names
               where apart.Contains(name) && !IsKnown(name, one.Place, one.Sheet.Layout)
               select (one.Sheet.Layout, IdOf(one.Place, name)),
        ], ids);
        return
        [
            .. sheets.Select(sheet =>
                sheet.Layout.WholeFile is { Place: { } told, Shared.ByPlace: var names } ? WithPlace(sheet, told, names, ids)
                : bySheet.TryGetValue(sheet, out var own) && own.Place is { } place && own.Names.Any(name => apart.Contains(name) || IsKnown(name, place, sheet.Layout)) ? WithPlace(sheet, place, own.Names, ids)
                : sheet),
        ];

        bool IsKnown(string name, string place, Layout layout) => known.IsOfPlace(name, place) || (known.Have(IdOf(place, name)) && (layout.Place is null || !known.Have(name)));
    }

    private static void RefuseOpen(IReadOnlyList<(Layout Layout, string Id)> open, IReadOnlyDictionary<string, string>? ids)
    {
        if (open.Count == 0 || open.Any(one => ids?.ContainsKey(one.Id) == true))
        {
            return;
        }

        var own = open.Select(one => one.Id).Distinct().ToDictionary(id => id);
        var written = string.Join(',', own.Keys.Take(MostShown).Select(id => $"\"{id}\":\"{id}\""));
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The sheets {string.Join(", ", open.Select(one => one.Layout.Sheet).Distinct().Take(MostShown))} call their meters alike, and have other values for the same times. If each is of a place with meters of its own, send mapping={{\"equipment\":{{{written}}}}}"
            + "; the others are called so, too. If they are versions or sums of each other, send the file without those that are not to be counted.",
            open[0].Layout.Sheet, open[0].Layout.HeaderRow, null, [.. own.Keys])
        {
            Guess = new ImportMapping { Equipment = own },
        });
    }

    /// <summary>Whether the sheet is called after the place, and nothing in it names one.</summary>
    public static IEnumerable<ImportAssumption> Assume(Layout layout) => !layout.PlaceIsSheet ? [] :
    [
        new ImportAssumption("equipment_id", $"{layout.Place}:{layout.Shared.ByPlace.Order(StringComparer.Ordinal).First()}", "other sheets have meters of the same names whose values are others: what the sheet is called stands in front of theirs"),
    ];

    private static string? PlaceOf(Layout layout, string fileName) => layout.Place ?? (MeterChecks.IsArchive(fileName) ? null : PlaceLines.OfSheet(layout.Sheet));

    /// <summary>A campus may be the sum of others, <c>Building A</c> is one of several.</summary>
    private static bool IsNumberedPlace(string place) => CarrierTexts.NamePlace(place) && place.Split([' ', '-', '_']).Any(word => word.Length == 1 || (word.Length > 0 && word.All(char.IsDigit)));

    /// <summary>What columns call meters, and rows where the sheet does not say itself of which place they are.</summary>
    private static HashSet<string> NamesOf(SheetFacts sheet, HashSet<string> given) =>
    [
        .. sheet.Layout.Columns.Where(column => !column.IsMeterTold).Select(column => column.EquipmentId)
            .Concat(sheet.Layout is { Place: null, Subject: { Equipment: not null, EquipmentIsPlace: false, Site: null, SiteName: null } } ? sheet.Subjects.Select(subject => subject.EquipmentId).Where(PlacedMeters.MayBeOwnNumber) : [])
            .OfType<string>().Where(name => !given.Contains(name)),
    ];

    private static string IdOf(string place, string name) => EquipmentNames.ToId($"{place}:{name}");

    private static SheetFacts WithPlace(SheetFacts sheet, string place, IReadOnlySet<string> names, IReadOnlyDictionary<string, string>? ids)
    {
        var layout = sheet.Layout;
        var own = layout.Columns.Where(column => column is { IsMeterTold: false, EquipmentId: { } id } && names.Contains(id)).Select(column => column.EquipmentId!).Distinct()
            .ToDictionary(name => name, name => ids?.GetValueOrDefault(IdOf(place, name)) ?? IdOf(place, name));
        return sheet with
        {
            Layout = layout with
            {
                Place = place,
                PlaceIsSheet = layout.WholeFile?.PlaceIsSheet ?? layout.Place is null,
                Site = layout.Site ?? (own.Count > 0 && layout.SiteLines.Count == 0 ? layout.Place : null),
                Shared = layout.Shared with { ByPlace = names },
                Columns = [.. layout.Columns.Select(column => column is { IsMeterTold: false, EquipmentId: { } id } && own.TryGetValue(id, out var meter) ? column with { EquipmentId = meter } : column)],
                Proposal = [.. layout.Proposal.Select(column => column.EquipmentId is { } id && own.TryGetValue(id, out var meter) ? column with { EquipmentId = meter } : column)],
            },
        };
    }
}
