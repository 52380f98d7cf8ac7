using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the place that the lines above a table or the name of its sheet say it is of: <c>Property: Building C</c>.</summary>
internal static partial class PlaceLines
{
    private const int LongestTitle = 60;

    // A location may be a room, or an address.
    private static readonly string[] Sites = ["site", "standort", "building", "facility", "gebäude", "liegenschaft", Property];

    // What is measured, or the place where it is.
    private const string Property = "property";

    // All places or none, and what reports, meters and parts of houses are called.
    private static readonly string[] OfNoSite =
    [
        "all", "alle", "any", "multiple", "various", "none", "not", "total", "unknown", "unbekannt", "default", "undefined", "overview", "portfolio", "page", "seite", "year", "jahr",
        "report", "bericht", "meters", "floor", "www", "utc", "gmt", "allgemeinstrom", .. MeterLines.Named,
    ];

    // Sums of places, versions of one sheet, and what is no energy.
    private static readonly string[] OfNoSheet =
    [
        "group", "combined", "consolidated", "estate", "company", "sites", "properties", "buildings", "gruppe", "groupe",
        "old", "new", "raw", "copy", "clean", "cleaned", "draft", "backup", "archive", "archived", "template", "test", "sample", "example", "version", "scenario", "option", "original", "orig", "previous", "prev", "prior",
        "current", "last", "latest", "before", "after", "adjusted", "normalised", "normalized", "estimate", "estimated", "estimates", "input", "inputs", "output", "calc", "calculation", "calculations", "alt", "neu", "roh", "kopie", "entwurf",
        "vorlage", "archiv", "muster", "ancien", "nouveau", "brut", "copie", "brouillon", "viejo", "nuevo", "copia", "co2", "carbon", "emissions", "emissionen", "money", "day", "night", "weekday", "weekdays", "weekend", "weekends",
    ];

    /// <summary>Null where nothing says it.</summary>
    /// <param name="sheet">What its sheet or its file is called, without dates.</param>
    public static string? Find(IEnumerable<SampleRow> above, string sheet) =>
        above.Select(PlaceIn).FirstOrDefault(place => place is not null) ?? (SubjectFinder.NamesPlace(sheet) ? sheet : null);

    /// <summary>
    /// The place that a sheet may be called after, as it is beside sheets of others: <c>Leeds</c>, <c>Leeds 2024 kWh</c>. Null where its name says what is counted or when, or that it is a plan, a total or another version of the same.
    /// </summary>
    public static string? OfSheet(string sheet)
    {
        if (EquipmentNames.FromSheet(sheet) is not { } name)
        {
            return null;
        }

        var place = Carriers.Without(HeaderReader.Read(name) is { Unit: not null } reading ? reading.Rest : name).Trim(' ', '_', '-', ',', '(', ')');
        return place.Length > 1 && (MayBeSite(place) || IsAddress(place)) && new HeaderWords(place) is var words && !words.Any((IEnumerable<string>)OfNoSheet) && !words.NamePrice
            && (!OtherAmounts.AreNamedIn(name) || OtherAmounts.AreCorrected(name)) && !OtherAmounts.AreUsed(place) && !OtherAmounts.AreOfOtherYear(place) && !DatedNames.Corrects(name)
            && !Directions.AreDirection(name) && !Productions.AreNamedIn(name) && !PartNames.HaveTariff(name) && !PartNames.HaveSum(name) ? place : null;
    }

    /// <summary>What stands behind <c>Site:</c>, <c>Building:</c> or the like, in its cell or the only other one, and whether it may be a site that is not there yet.</summary>
    public static IReadOnlyList<(string Text, bool MayBeNew)> FindSites(IEnumerable<SampleRow> above) =>
    [
        .. above.Select(LabelledIn).Select(line => (line.Value, Label: new HeaderWords(line.Label)))
            .Where(line => line.Value.Length is > 0 and <= LongestTitle && line.Label.Except([.. Sites, "name"]).Count == 0 && line.Label.Any((IEnumerable<string>)Sites))
            .Select(line => (line.Value, MayBeSite(line.Value) && (!line.Label.Any(Property) || SubjectFinder.NamesPlace(line.Value)))),
    ];

    /// <summary>The site that lines above a table name, of those that are there or not; null where none does, or they name several.</summary>
    public static string? FindSite(IEnumerable<SampleRow> above) => SiteOf(FindSites(above), _ => null);

    /// <inheritdoc cref="FindSite"/>
    /// <param name="idOf">Of a site that is there.</param>
    public static string? SiteOf(IReadOnlyList<(string Text, bool MayBeNew)> lines, Func<string, string?> idOf) =>
        lines.Select(line => idOf(line.Text) ?? (line.MayBeNew ? line.Text : null)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList() is [var only] ? only : null;

    /// <summary>Whether two texts are one name, but for case and spaces.</summary>
    public static bool AreOne(string site, string other) => Spaces().Replace(site.Trim(), " ").Equals(Spaces().Replace(other.Trim(), " "), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is no address, not what is measured or how, no year, and not all places or none.</summary>
    private static bool MayBeSite(string value) => value.Any(sign => char.IsLetter(sign) || sign is >= '1' and <= '9') && !Year().IsMatch(value) && value.IndexOfAny([',', '/', '@']) < 0 && !IsAddress(value) && !GeneralNames.Have(value) && !TimeText.TryParse(value, out _) && !MissingMarkers.IsMissing(Cell.Of(value))
        && new HeaderWords(value) is var words && !words.Any((IEnumerable<string>)OfNoSite) && words.Except(["main"]).Count > 0 && !SubjectFinder.NamesSubjectAlone(value)
        && HeaderReader.Read(value).Unit is not { Symbol.Length: > 1 } && !(Carriers.Find(value) is not null && Carriers.Without(value).Length == 0);

    private static bool IsAddress(string value) => value.Any(char.IsDigit) && Streets().IsMatch(value);

    /// <summary>The label of a line that ends with a colon, and what stands behind it; empty where there is none.</summary>
    private static (string Label, string Value) LabelledIn(SampleRow row)
    {
        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count is 1 or 2 ? texts[0].IndexOf(':', StringComparison.Ordinal) : -1;
        var behind = colon < 0 ? "" : texts[0][(colon + 1)..].Trim();
        return colon <= 0 || (behind.Length > 0 && texts.Count > 1) ? ("", "") : (texts[0][..colon], behind.Length > 0 ? behind : texts.Count > 1 ? texts[1] : "");
    }

    private static string? PlaceIn(SampleRow row)
    {
        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count == 0 ? -1 : texts[0].IndexOf(':', StringComparison.Ordinal);
        var (name, behind) = colon > 0 ? (texts[0][..colon], texts[0][(colon + 1)..].Trim()) : (texts.FirstOrDefault() ?? "", "");
        var value = behind.Length > 0 ? behind : texts.Count == 2 ? texts[1] : "";
        return value.Length > 0 ? SubjectFinder.HeadsPlaces(name) && !TimeText.TryParse(value, out _) ? value : null
            : texts is [{ Length: <= LongestTitle } title] && SubjectFinder.NamesPlace(title) ? title : null;
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(19|20)\d{2}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year();

    [GeneratedRegex(
        @"(str(\.|a(ss|ß)e|aat)?|gasse|weg|allee|platz)(?!\p{L})|(?<!\p{L})(street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|rue|via|calle|viale|avenida)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Streets();
}
