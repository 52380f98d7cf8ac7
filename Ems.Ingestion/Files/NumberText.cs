using System.Globalization;

namespace Ems.Ingestion.Files;

/// <summary>Numbers written as text.</summary>
internal static class NumberText
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    // Powers of ten that a double holds exactly.
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>A number with a decimal point and without grouping.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        TryParseShort(text, out number)
        || (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));

    /// <summary>
    /// Digits that a double holds exactly, divided by such a power of ten, are rounded once: as exact as the general way and
    /// several times as fast.
    /// </summary>
    private static bool TryParseShort(ReadOnlySpan<char> text, out double number)
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
            else if (c == '.' && point < 0)
            {
                point = count;
            }
            else
            {
                return false;
            }

            if (count > 15)
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
