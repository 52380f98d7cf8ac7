using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the zone that the lines above a table name: <c>Time zone: Europe/Berlin</c>.</summary>
internal static class ZoneLines
{
    /// <summary>Null when no line names one, or several name different ones.</summary>
    public static string? Find(IEnumerable<SampleRow> above) => above.SelectMany(ZonesIn).Distinct().ToList() is [var only] ? only : null;

    /// <summary>A name that several zones share, and the line that has it: <c>Time zone: Pacific</c>, <c>All times in Eastern Time</c>; null where none has one.</summary>
    public static (string Name, string Line)? FindShared(IEnumerable<SampleRow> above) => above
        .Select(row => string.Join(' ', row.Cells.Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text)))
        .Select(line => ZoneNames.SharedIn(line, mayBeAlone: new HeaderWords(line) is { NameTimeZone: true } or { NameTime: true }) is { } name ? (name, line) : ((string, string)?)null)
        .FirstOrDefault(found => found is not null);

    private static IEnumerable<string> ZonesIn(SampleRow row)
    {
        var key = "";
        foreach (var cell in row.Cells.Where(cell => cell.Kind == CellKind.Text))
        {
            var colon = cell.Text!.IndexOf(':', StringComparison.Ordinal);
            key = colon > 0 ? cell.Text[..colon] : key;
            if (ZoneNames.FindId(cell.Text[(colon + 1)..], mayBeAbbreviation: new HeaderWords(key).NameTimeZone) is { } zone)
            {
                yield return zone;
            }

            key = colon > 0 ? key : cell.Text;
        }
    }
}
