using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the place that the lines above a table or the name of its sheet say it is of: <c>Property: Building C</c>.</summary>
internal static class PlaceLines
{
    private const int LongestTitle = 60;

    /// <summary>Null where nothing says it.</summary>
    /// <param name="sheet">What its sheet or its file is called, without dates.</param>
    public static string? Find(IEnumerable<SampleRow> above, string sheet) =>
        above.Select(PlaceIn).FirstOrDefault(place => place is not null) ?? (SubjectFinder.NamesPlace(sheet) ? sheet : null);

    private static string? PlaceIn(SampleRow row)
    {
        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count == 0 ? -1 : texts[0].IndexOf(':', StringComparison.Ordinal);
        var (name, behind) = colon > 0 ? (texts[0][..colon], texts[0][(colon + 1)..].Trim()) : (texts.FirstOrDefault() ?? "", "");
        var value = behind.Length > 0 ? behind : texts.Count == 2 ? texts[1] : "";
        return value.Length > 0 ? SubjectFinder.HeadsPlaces(name) && !TimeText.TryParse(value, out _) ? value : null
            : texts is [{ Length: <= LongestTitle } title] && SubjectFinder.NamesPlace(title) ? title : null;
    }
}
