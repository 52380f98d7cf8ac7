using System.Globalization;
using System.Text.Json;
using Ems.Core.Json;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Sites;

/// <summary>Holidays as they are sent: a list of dates, or the text of an iCalendar file.</summary>
internal static class HolidayList
{
    private const int MaxDays = 5_000;
    private static readonly char[] Separators = [':', ';'];

    /// <summary>The days in order, or what is wrong.</summary>
    public static (IReadOnlyList<LocalDate> Days, string? Fault) Parse(JsonElement? holidays) => holidays switch
    {
        null or { ValueKind: JsonValueKind.Null } => ([], null),
        { ValueKind: JsonValueKind.Array } list => Sorted(ParseList(list)),
        { ValueKind: JsonValueKind.String } text => text.FindText() is { } calendar ? Sorted(ParseCalendar(calendar)) : ([], JsonText.Fault),
        _ => ([], "must be a list of dates (2025-12-25) or the text of an .ics file."),
    };

    private static (IReadOnlyList<LocalDate> Days, string? Fault) Sorted((HashSet<LocalDate> Days, string? Fault) found) =>
        found.Fault is not null ? ([], found.Fault)
        : found.Days.Count > MaxDays ? ([], $"has {found.Days.Count} days; at most {MaxDays} are kept.")
        : ([.. found.Days.Order()], null);

    private static (HashSet<LocalDate> Days, string? Fault) ParseList(JsonElement list)
    {
        HashSet<LocalDate> days = [];
        foreach (var item in list.EnumerateArray())
        {
            if (item.FindText() is not { } text || !LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var day))
            {
                return (days, $"contains {item.GetRawText()}, which is not a date such as \"2025-12-25\".");
            }

            days.Add(day);
        }

        return (days, null);
    }

    private static (HashSet<LocalDate> Days, string? Fault) ParseCalendar(string text)
    {
        HashSet<LocalDate> days = [];
        LocalDate? start = null, end = null;
        var inEvent = false;
        foreach (var line in Unfold(text))
        {
            var name = line.Split(Separators, 2)[0].ToUpperInvariant();
            switch (name)
            {
                case "BEGIN" when line.EndsWith("VEVENT", StringComparison.OrdinalIgnoreCase):
                    (inEvent, start, end) = (true, null, null);
                    break;
                case "DTSTART" or "DTEND" when inEvent && DateOf(line) is null:
                    return (days, $"has an event with the date '{line}', which cannot be read.");
                case "DTSTART" when inEvent:
                    start = DateOf(line);
                    break;
                case "DTEND" when inEvent:
                    end = DateOf(line);
                    break;
                case "RRULE" or "RDATE" when inEvent:
                    return (days, "has an event that repeats; export the calendar with one event for each date.");
                case "END" when inEvent && line.EndsWith("VEVENT", StringComparison.OrdinalIgnoreCase):
                    if (start is null)
                    {
                        return (days, "has an event without DTSTART.");
                    }

                    AddDays(days, start.Value, end);
                    inEvent = false;
                    break;
            }
        }

        return days.Count == 0 ? (days, "is text, but not an iCalendar file with events.") : (days, null);
    }

    private static void AddDays(HashSet<LocalDate> days, LocalDate start, LocalDate? end)
    {
        days.Add(start);
        for (var day = start.PlusDays(1); day < end && days.Count <= MaxDays; day = day.PlusDays(1))
        {
            days.Add(day);
        }
    }

    /// <summary>The date of <c>DTSTART;VALUE=DATE:20251225</c> or of a date with a time.</summary>
    private static LocalDate? DateOf(string line)
    {
        var value = line.AsSpan()[(line.LastIndexOf(':') + 1)..].Trim();
        return value.Length >= 8
            && DateOnly.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? LocalDate.FromDateOnly(date)
            : null;
    }

    /// <summary>A line that begins with white space continues the one before (RFC 5545, 3.1).</summary>
    private static List<string> Unfold(string text)
    {
        List<string> lines = [];
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.TrimEnd('\r');
            if (lines.Count > 0 && trimmed.Length > 0 && trimmed[0] is ' ' or '\t')
            {
                lines[^1] += trimmed[1..];
            }
            else
            {
                lines.Add(trimmed);
            }
        }

        return lines;
    }
}
