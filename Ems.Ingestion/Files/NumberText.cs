using System.Globalization;

namespace Ems.Ingestion.Files;

/// <summary>Numbers written as text.</summary>
internal static class NumberText
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    // Powers of ten that a double holds exactly.
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private const int MostDigits = 15;

    // Of times of day: 0015.
    private const int MostPadded = 4;

    /// <summary>Whether a number would lose some of these digits: there are more than one holds, or they begin with zeros.</summary>
    public static bool IsMoreThanNumber(ReadOnlySpan<char> digits) =>
        digits.Length > MostPadded && (digits[0] == '0' || digits.Length > MostDigits) && !digits.ContainsAnyExceptInRange('0', '9') && digits.ContainsAnyExcept('0');

    /// <summary>Whether a number, written again, has the same digits: no zeros that say nothing, but the one that programs write behind whole numbers, and no exponent.</summary>
    public static bool IsGivenBack(ReadOnlySpan<char> number)
    {
        var digits = number[0] == '-' ? number[1..] : number;
        var point = digits.IndexOf('.');
        return digits.Length <= MostDigits && char.IsAsciiDigit(digits[0]) && !digits.ContainsAny('e', 'E') && !(digits is ['0', >= '0' and <= '9', ..])
            && (point < 0 ? char.IsAsciiDigit(digits[^1]) : digits[^1] is not ('0' or '.') || digits.Length - point == 2);
    }

    /// <summary>A number with a decimal point and without grouping.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        TryParseShort(text, '.', out number)
        || (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));

    /// <summary>
    /// The decimal sign that a number shows by itself; null where it has none, or where its one sign may group thousands as well: 1.234,
    /// but not 0.125.
    /// </summary>
    public static char? DecimalSignIn(ReadOnlySpan<char> number)
    {
        var last = number.LastIndexOfAny(',', '.');
        if (last < 0)
        {
            return null;
        }

        var (sign, other) = number[last] == ',' ? (',', '.') : ('.', ',');
        var whole = number[..last];
        return whole.Contains(sign) ? other
            : whole.Contains(other) || !MayBeGroups(whole.TrimStart(" +-"), number[(last + 1)..].TrimEnd()) ? sign : null;
    }

    /// <summary>What the point of a number with at most one is.</summary>
    public static PointMeaning PointIn(ReadOnlySpan<char> number) =>
        !number.Contains('.') ? PointMeaning.None : DecimalSignIn(number) is null ? PointMeaning.Either : PointMeaning.Decimal;

    private static bool MayBeGroups(ReadOnlySpan<char> first, ReadOnlySpan<char> last) =>
        first.Length is >= 1 and <= 3 && first[0] != '0' && last.Length == 3 && !last.ContainsAnyExceptInRange('0', '9');

    /// <summary>
    /// A number of digits and at most one sign. Digits that a double holds exactly, divided by such a power of ten, are rounded once: as
    /// exact as the general way and several times as fast.
    /// </summary>
    public static bool TryParseShort(ReadOnlySpan<char> text, char decimalSign, out double number)
    {
        number = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        var (digits, count, point) = (0L, 0, -1);
        foreach (var c in isNegative ? text[1..] : text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits = (digits * 10) + (c - '0');
                count++;
            }
            else if (c == decimalSign && point < 0)
            {
                point = count;
            }
            else
            {
                return false;
            }

            if (count > MostDigits)
            {
                return false;
            }
        }

        if (count == 0)
        {
            return false;
        }

        var value = point < 0 ? digits : digits / Powers[count - point];
        number = isNegative ? -value : value;
        return true;
    }
}
