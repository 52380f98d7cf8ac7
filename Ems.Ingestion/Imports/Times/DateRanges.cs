using System.Text.RegularExpressions;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Which of the two dates of a cell is read; none where a column has one date in each cell.</summary>
internal enum RangeEnd { None, First, Last }

/// <summary>Reads both ends of what a bill is for from one text: <c>01-01-2023 t/m 31-01-2023</c>, <c>du 01/01/2023 au 31/01/2023</c>, <c>1.1.2023 – 31.1.2023</c>.</summary>
internal static partial class DateRanges
{
    private const int ShortestText = 13;
    private const int LongestText = 80;

    public static bool Are(in Cell cell) => TryRead(cell, RangeEnd.First, out _);

    /// <summary>The first or the last date of a cell that has both.</summary>
    public static bool TryRead(in Cell cell, RangeEnd which, out WrittenTime time)
    {
        time = default;
        return cell.Kind == CellKind.Text && TryRead(cell.Text, which, out time);
    }

    /// <summary>The first or the last date of a text that has two of them without times of day.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, RangeEnd which, out WrittenTime time)
    {
        time = default;
        text = text.Trim();
        if (text.Length is < ShortestText or > LongestText || !char.IsAsciiDigit(text[^1]))
        {
            return false;
        }

        foreach (var between in Between().EnumerateMatches(text))
        {
            var from = WithoutFrom(text[..between.Index]);
            var to = text[(between.Index + between.Length)..];
            // A sign that parts the numbers of a date parts no dates.
            if ((between.Length > 1 || !(from.Contains(text[between.Index]) || to.Contains(text[between.Index]))) && TryReadDay(from, out var first) && TryReadDay(to, out var last))
            {
                time = which == RangeEnd.Last ? last : first;
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> WithoutFrom(ReadOnlySpan<char> text)
    {
        foreach (var word in From().EnumerateMatches(text))
        {
            return text[word.Length..];
        }

        return text;
    }

    private static bool TryReadDay(ReadOnlySpan<char> text, out WrittenTime day) => TimeText.TryParse(text, out day)
        && day is { IsMonth: false, IsWeek: false, IsRange: false, OffsetMinutes: null, IsHyphened: false } && day.OfDay == TimeSpan.Zero && !text.Contains(':');

    [GeneratedRegex(@"\s+(to|until|till?|thru|through|t/m|tm|tot(\s+en\s+met)?|bis(\s+zum)?|au|à|al?|até|hasta|do|til|–|—|-|~)\s+|(?<=\d)[-–—/](?=\d)|(?<=\d)\s*[–—]\s*(?=\d)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Between();

    [GeneratedRegex(@"^(from|vom|von|du|del?|dal|van|fra|från|od|desde)\s+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex From();
}
