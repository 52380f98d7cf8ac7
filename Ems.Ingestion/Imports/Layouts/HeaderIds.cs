using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Rows of headers of which one has the ids of meters and the next their names: <c>Meter ID,M-001,M-002</c> above <c>Description,Main,HVAC</c>.</summary>
internal static class HeaderIds
{
    private const int FewestDigits = 4;

    /// <summary>By column; empty where there are no such rows, or the ids are not of a meter each.</summary>
    public static IReadOnlyDictionary<int, (string Id, string Name)> Find(IReadOnlyList<SampleRow> headers)
    {
        var first = Enumerable.Range(0, Math.Max(headers.Count - 1, 0))
            .FirstOrDefault(row => SubjectFinder.NamesIdsOfMeters(HeaderTexts.TextOf(headers[row][0])) && SubjectFinder.NamesNames(HeaderTexts.TextOf(headers[row + 1][0])), -1);
        if (first < 0)
        {
            return new Dictionary<int, (string, string)>();
        }

        var (ids, names) = (headers[first], headers[first + 1]);
        var meters = Enumerable.Range(1, Math.Max(ids.Cells.Length, 1) - 1).Where(column => ids[column].Kind != CellKind.Empty || names[column].Kind != CellKind.Empty)
            .ToDictionary(column => column, column => (Id: HeaderTexts.TextOf(ids[column]).Trim(), Name: HeaderTexts.TextOf(names[column]).Trim()));
        return meters.Count > 1 && meters.Values.All(meter => MayBeId(meter.Id) && meter.Name.Length > 0)
            && meters.Values.DistinctBy(meter => meter.Id, StringComparer.OrdinalIgnoreCase).Count() == meters.Count ? meters : new Dictionary<int, (string, string)>();
    }

    /// <summary>A few digits alone number the meters of one file, as those of another.</summary>
    private static bool MayBeId(string text) => text.Any(char.IsDigit) && (text.Any(char.IsLetter) || text.Count(char.IsDigit) >= FewestDigits);
}
