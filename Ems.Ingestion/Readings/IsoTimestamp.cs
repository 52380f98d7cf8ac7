using System.Globalization;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>An ISO 8601 date and time, with an offset or local. Resolution is a millisecond; finer digits are cut off.</summary>
internal readonly record struct IsoTimestamp(LocalDateTime Local, Offset? Offset)
{
    private const int MinYear = 1970;
    private const int MaxYear = 2200;

    /// <summary>The instant, when the text names its offset.</summary>
    public Instant? Instant => Offset is { } offset ? Local.WithOffset(offset).ToInstant() : null;

    /// <summary>Reads <c>2025-06-11T05:46:22.41+02:00</c>; seconds, fraction and offset may be left out.</summary>
    public static IsoTimestamp? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute)
            || !IsDate(year, month, day) || minute > 59)
        {
            return null;
        }

        var rest = text[16..];
        if (!TryTakeSeconds(ref rest, out var milliseconds) || !TryOffset(rest, out var offset))
        {
            return null;
        }

        var midnight = new LocalDateTime(year, month, day, 0, 0);
        var withinDay = ((((hour * 60L) + minute) * 60) * 1000) + milliseconds;
        return withinDay > NodaConstants.MillisecondsPerDay ? null : new IsoTimestamp(midnight.PlusMilliseconds(withinDay), offset);
    }

    private static bool IsDate(int year, int month, int day) =>
        year is >= MinYear and <= MaxYear && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static bool TryTakeSeconds(ref ReadOnlySpan<char> rest, out int milliseconds)
    {
        milliseconds = 0;
        if (rest.IsEmpty || rest[0] != ':')
        {
            return true;
        }

        if (rest.Length < 3 || !TryDigits(rest[1..3], out var seconds) || seconds > 59)
        {
            return false;
        }

        milliseconds = seconds * 1000;
        rest = rest[3..];
        if (rest.IsEmpty || rest[0] is not ('.' or ','))
        {
            return true;
        }

        var length = 1;
        for (var weight = 100; length < rest.Length && char.IsAsciiDigit(rest[length]); length++, weight /= 10)
        {
            milliseconds += (rest[length] - '0') * weight;
        }

        rest = rest[length..];
        return length > 1;
    }

    private static bool TryOffset(ReadOnlySpan<char> rest, out Offset? offset)
    {
        offset = null;
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest is "Z" or "z")
        {
            offset = NodaTime.Offset.Zero;
            return true;
        }

        var minutes = 0;
        var tail = rest.Length > 3 ? rest[(rest[3] == ':' ? 4 : 3)..] : [];
        if (rest[0] is not ('+' or '-') || rest.Length is not (3 or 5 or 6) || !TryDigits(rest[1..3], out var hours)
            || (!tail.IsEmpty && (tail.Length != 2 || !TryDigits(tail, out minutes))) || hours > 18 || minutes > 59
            || (rest.Length > 3 && tail.IsEmpty))
        {
            return false;
        }

        var seconds = Math.Min((hours * 3600) + (minutes * 60), NodaConstants.SecondsPerHour * 18);
        offset = NodaTime.Offset.FromSeconds(rest[0] == '-' ? -seconds : seconds);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
