using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>
/// Knows the numbers that points of a network have: 18 digits by the standard of GS1 (GSRN), of which the last one checks the others, and those of countries that
/// begin with their letters (<c>DE…</c> and <c>AT…</c> of 33 signs, <c>ES0021…</c>, <c>IT001E…</c>).
/// </summary>
internal static partial class ServicePoints
{
    private const int Length = 18;

    public static bool IsNumber(string text) => OfCountry().IsMatch(text) || (text.Length == Length && text.All(char.IsAsciiDigit) && text[0] != '0'
        && text.Select((digit, i) => (digit - '0') * (i % 2 == 0 && i < Length - 1 ? 3 : 1)).Sum() % 10 == 0);

    /// <summary>Whether it may be the number of a point of the French gas network (PCE): 14 digits, of which a spreadsheet may drop the first, or <c>GI</c> and 6.</summary>
    public static bool IsNumberOfGas(string text) => OfGas().IsMatch(text);

    /// <summary>The only one in a header, beside what is measured there; null where there is none.</summary>
    public static string? FindIn(string header) => Words().Matches(header).Select(word => word.Value).Where(IsNumber).Distinct().ToList() is [var only] ? only : null;

    /// <summary>What a header says in front of such a number, and the number; null where it does not end in one.</summary>
    public static (string Before, string Number)? Behind(string header) =>
        Last().Match(header) is { Success: true } last && IsNumber(last.Groups["number"].Value) ? (last.Groups["before"].Value, last.Groups["number"].Value) : null;

    [GeneratedRegex(@"^(\d{13,14}|GI\d{6})\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfGas();

    [GeneratedRegex(@"[0-9A-Z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^(?<before>.*[^\s\-–:])[\s\-–:]+(?<number>[0-9A-Z]+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Last();

    [GeneratedRegex(@"^((DE|AT|CH|LU)\d{11}[0-9A-Z]{20}|ES\d{16}[A-Z]{2}(\d[A-Z])?|IT\d{3}E\d{8,9})\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfCountry();
}
