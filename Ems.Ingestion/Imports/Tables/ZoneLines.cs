using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;
using Ems.Ingestion.Sites;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the zone that the lines above a table name: <c>Time zone: Europe/Berlin</c>.</summary>
internal static partial class ZoneLines
{
    private static readonly char[] Closing = [' ', ')', ']', '.', ',', ';'];

    /// <summary>Null when no line names one, or several name different ones.</summary>
    public static string? Find(IEnumerable<SampleRow> above) => above.SelectMany(row => ZonesIn(row).Concat(OffsetIn(row) is { Zone: { } zone, IsAllYear: true } ? [zone] : [])).Distinct().ToList() is [var only] ? only : null;

    /// <summary>The zone of the offset that the lines say of all times; null when none says one, or several say different ones.</summary>
    public static string? FindOffset(IEnumerable<SampleRow> above) => above.Select(row => OffsetIn(row)?.Zone).OfType<string>().Distinct().ToList() is [var only] ? only : null;

    /// <summary>A name that several zones share, and the line that has it: <c>Time zone: Pacific</c>, <c>All times in Eastern Time</c>; or an offset that may be that of winter alone. Null where none has one.</summary>
    public static (string Name, string Line)? FindShared(IEnumerable<SampleRow> above) => above.Select(row => (Line: LineOf(row), Offset: OffsetIn(row)))
        .Select(row => (ZoneNames.SharedIn(row.Line, mayBeAlone: new HeaderWords(row.Line) is { NameTimeZone: true } or { NameTime: true }) ?? (row.Offset is { Zone: null } open ? open.Offset : null)) is { } name ? (name, row.Line) : ((string, string)?)null)
        .FirstOrDefault(found => found is not null);

    /// <summary>
    /// The offset that a line says of all times, and its zone: <c>Time zone: UTC+01:00</c>, <c>All times are in GMT+1</c>. With places behind it, as Windows names zones, it is
    /// that of the first of them in winter; whether clocks change is open where anything else stands there.
    /// </summary>
    private static (string Offset, string? Zone, bool IsAllYear)? OffsetIn(SampleRow row)
    {
        var line = LineOf(row);
        if (OfTimes().Match(line) is not { Success: true } found)
        {
            return null;
        }

        var (offset, rest) = (found.Groups["offset"].Value, line[(found.Index + found.Length)..]);
        var isAllYear = WithoutSummer().IsMatch(rest);
        return (offset, rest.Trim(Closing).Length == 0 || isAllYear ? FixedZones.Find(offset)
            : rest.TrimStart() is [')', .. var places] ? ZoneNames.FindPlace(places, offset) : null, isAllYear);
    }

    private static string LineOf(SampleRow row) => string.Join(' ', row.Cells.Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text));

    [GeneratedRegex(
        @"(?<!\p{L})(time\s?zone|zeitzone|fuseau(\s+horaire)?|zona\s+horaria|fuso\s+orario|(all|alle)\s+(times?|timestamps|zeiten|zeitangaben|zeitstempel)|times|timestamps|zeiten|zeitstempel)(?!\p{L})"
        + @"([\s:;,=()\[\]-]|are|is|in|sind|given|shown|recorded|logged|MEZ|CET|EST|CST|MST|PST|AEST)*(?<![\p{L}/])(?<offset>(utc|gmt)\s*[+−-]\s*\d{1,2}(:?00)?)(?![\d:/])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfTimes();

    [GeneratedRegex(@"(?<!\p{L})(no|not|without|keine|ohne|sans|sin|senza)\s+(\p{L}+\s+){0,2}(dst|daylight|summer|sommerzeit|heure d['’]été|horario de verano|ora legale)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex WithoutSummer();

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
