using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Tells meters apart that rows or sheets of different places call by one name. Names alone do, and ids where what they measured at the
/// same times is not the same. Each then is the meter of its place.
/// </summary>
/// <param name="known">A meter that another file has told apart goes on so.</param>
internal sealed class PlacedMeters(KnownMeters known)
{
    private const int MostNamed = 5;

    // The numbers of networks and makers are longer than those that a site gives its meters, and no two meters share one.
    private const int LongestOwnNumber = 5;

    // Places are compared without case; the first spelling counts.
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sheets with the ids of all of their meters.</summary>
    public IReadOnlyList<SheetFacts> Tell(IReadOnlyList<SheetFacts> sheets, string rowsPath, ImportForm form, string fileName)
    {
        var ids = form.Mapping?.Equipment;
        sheets =
        [
            .. sheets.Select(sheet => sheet.Layout.OneCustomer?.Tell(sheet, known, ids) ?? sheet)
                .Select(sheet => NamedDevices.Tell(sheet.Layout.OneDirection?.Tell(sheet, known) ?? sheet, known, form)).Select(sheet => NamedUnits.Tell(sheet, known, ids)),
        ];
        sheets = PlacedSheets.Tell(sheets, rowsPath, ids, known, fileName);
        var whole = sheets.Where(sheet => sheet.Layout is { WholeFile: null, Subject.Equipment: not null }).ToList();
        var shared = SharedIn(whole.SelectMany(sheet => sheet.Subjects.Where(subject => MayBeOfPlace(sheet.Layout, subject)).Select(subject => (sheet.Layout, subject))));
        var apart = shared.Count == 0 ? [] : new PlaceContradictions(shared, PlaceOf).Find(whole, rowsPath);
        var services = new SheetCarriers(sheets.Where(sheet => sheet.Layout.WholeFile is null), PlaceOf);
        return [.. sheets.Select(sheet => new MeterIds(sheet, NamesOf(sheet, apart), subject => PlaceOf(sheet.Layout, subject), ids, known, services).Resolve())];
    }

    public static IEnumerable<ImportAssumption> Assume(Layout layout) =>
        layout.Shared.ByPlace.Count == 0 ? []
        : layout.PlaceIsSheet ? PlacedSheets.Assume(layout)
        : IsOfSheet(layout) ? [new ImportAssumption("site", layout.Place!, "its meters are called as those of other places whose values are others")]
        : layout.Shared.ByPlace.Order(StringComparer.Ordinal).Take(MostNamed).Select(id => new ImportAssumption("equipment_id", $"site:{id}", $"rows of several sites name a meter {id}: the site tells them apart"));

    private IReadOnlySet<string> NamesOf(SheetFacts sheet, HashSet<string> apart)
    {
        if (sheet.Layout.WholeFile is { } told)
        {
            return told.Shared.ByPlace;
        }

        var names = sheet.Subjects
            .Where(subject => subject.EquipmentId is { } name && PlaceOf(sheet.Layout, subject) is { } place && (apart.Contains(name) || known.IsOfPlace(name, place)))
            .Select(subject => subject.EquipmentId!).Concat(sheet.Layout.Shared.ByPlace).ToHashSet();
        if (sheet.Layout.Subject is { Equipment: { } column, Name: var name } && column == name)
        {
            names.UnionWith(SharedIn(sheet.Subjects.Select(subject => (sheet.Layout, subject))));
        }

        return names;
    }

    private HashSet<string> SharedIn(IEnumerable<(Layout Layout, RowSubject Subject)> named) =>
        [.. named.Where(one => one.Subject.EquipmentId is not null).GroupBy(one => one.Subject.EquipmentId!)
            .Where(same => same.Select(one => PlaceOf(one.Layout, one.Subject)).OfType<string>().Distinct().Count() > 1).Select(same => same.Key)];

    private static bool MayBeOfPlace(Layout layout, RowSubject subject) => IsOfSheet(layout) || MayBeOwnNumber(subject.EquipmentId);

    /// <summary>Whether a site may have given a meter this name or number, which another may have as well.</summary>
    public static bool MayBeOwnNumber(string? meter) => meter?.Count(char.IsAsciiDigit) <= LongestOwnNumber;

    private static bool IsOfSheet(Layout layout) => layout is { Place: not null, Subject: { Site: null, SiteName: null } };

    private string? PlaceOf(Layout layout, RowSubject subject)
    {
        var place = IsOfSheet(layout) ? layout.Place : subject.Site ?? subject.SiteName;
        return place is null ? null : _spellings.TryGetValue(place, out var first) ? first : _spellings[place] = place;
    }
}
