using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ems.Ingestion.Sites;
using NodaTime;
using NodaTime.TimeZones;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Abbreviations of zones that mean one offset only, and names that several zones share.</summary>
internal static partial class ZoneNames
{
    private static readonly FrozenDictionary<string, short> Minutes = new (short Minutes, string Names)[]
    {
        (-600, "HST"), (-540, "AKST"), (-480, "PST AKDT"), (-420, "MST PDT"), (-360, "CST MDT"), (-300, "EST CDT"), (-240, "EDT"),
        (0, "Z UTC GMT WET"), (60, "CET MEZ WEST BST"), (120, "CEST MESZ EET SAST"), (180, "EEST"),
        (480, "AWST"), (540, "JST"), (570, "ACST"), (600, "AEST"), (630, "ACDT"), (660, "AEDT"), (720, "NZST"), (780, "NZDT"),
    }.SelectMany(zone => zone.Names.Split(' ').Select(name => (name, zone.Minutes)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.Minutes, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, short>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Minutes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name in the tz database of a zone that is named as there or in Windows, or by an abbreviation, which has its offset all year; null for other texts.</summary>
    public static string? FindId(string text, bool mayBeAbbreviation)
    {
        var name = text.Trim();
        return name.Contains('/', StringComparison.Ordinal) && SiteZones.IsIana(name) ? name
            : mayBeAbbreviation && name.Length > 1 && name.All(char.IsAsciiLetterUpper) && Find(name) is { } minutes ? FixedZones.NameOf(Offset.FromSeconds(minutes * NodaConstants.SecondsPerMinute))
            : name.Contains(' ', StringComparison.Ordinal) && TzdbDateTimeZoneSource.Default.WindowsToTzdbIds.TryGetValue(name, out var id) && SiteZones.IsIana(id) ? id
            : null;
    }

    /// <summary>The zone of the first of some places that the tz database has, as Windows names zones by them: <c>Amsterdam, Berlin, Rome</c>; null where none has this offset in winter.</summary>
    /// <param name="offset">In winter.</param>
    public static string? FindPlace(string places, string offset)
    {
        var names = places.Split(',', StringSplitOptions.TrimEntries).Select(place => $"/{place.Replace(' ', '_')}").ToList();
        return FixedZones.Find(offset) is { } standard
            ? names.SelectMany(name => DateTimeZoneProviders.Tzdb.Ids.Where(id => id.EndsWith(name, StringComparison.OrdinalIgnoreCase) && SiteZones.IsIana(id)))
                .FirstOrDefault(id => Math.Min(OffsetOf(id, month: 1), OffsetOf(id, month: 7)) == OffsetOf(standard, month: 1))
            : null;
    }

    private static int OffsetOf(string id, int month) => DateTimeZoneProviders.Tzdb[id].GetUtcOffset(Instant.FromUtc(2024, month, 15, 0, 0)).Seconds;

    /// <summary>What several zones are called that a text names, as <c>Pacific</c> or <c>Eastern Time</c>; null where it names none.</summary>
    /// <param name="mayBeAlone">Whether the text is known to be about times, so that the name needs no word for one.</param>
    public static string? SharedIn(string text, bool mayBeAlone) =>
        OfTimes().Match(text) is { Success: true } time ? time.Value
        : mayBeAlone && AtEnd().Match(text) is { Success: true } alone ? alone.Groups["name"].Value : null;

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(pacific|mountain|central|eastern)([\s_]+(standard|daylight|prevailing))?[\s_]+time(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfTimes();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?<name>pacific|mountain|central|eastern)\s*[\)\]]?\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AtEnd();

    private static readonly FrozenSet<string> Places = DateTimeZoneProviders.Tzdb.Ids.Select(id => id[(id.LastIndexOf('/') + 1)..]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a text is a name of the tz database, or what such a one ends with: <c>America/New_York</c>, <c>New_York</c>.</summary>
    public static bool IsPlace(ReadOnlySpan<char> text) => Places.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[(text.LastIndexOf('/') + 1)..]);

    /// <summary>Minutes from UTC; null for what is no zone.</summary>
    public static short? Find(ReadOnlySpan<char> word) => BySpan.TryGetValue(word, out var minutes) ? minutes : null;
}
