using System.Buffers;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Collects what the numbers of a column tell about its decimal sign.</summary>
internal sealed partial class DecimalColumn
{
    private static readonly SearchValues<char> Groupers = SearchValues.Create(" \u00A0\u202F\u2009'’");

    // Spanish groups from here on.
    private const double LeastGrouped = 10_000;

    // Of fewer, each may be above a thousand.
    private const int EnoughWithComma = 24;

    private bool _hasUngrouped;
    private bool _hasOthers;
    private int _withComma;
    private int _unclearPointRow;

    /// <summary>Whether a number shows that the comma is the decimal sign.</summary>
    public bool ShowsComma { get; private set; }

    /// <summary>Whether a number shows that the point is.</summary>
    public bool ShowsPoint { get; private set; }

    /// <summary>The first row with a comma that can be the decimal sign or group thousands; 0 without one.</summary>
    public int UnclearCommaRow { get; private set; }

    /// <summary>The first row with such a point; 0 without one, or where great numbers stand without groups.</summary>
    public int UnclearPointRow => _hasUngrouped ? 0 : _unclearPointRow;

    /// <summary>Whether the numbers are many, and each has a comma that can be the decimal sign or group thousands.</summary>
    public bool HasCommasOnly => _withComma >= EnoughWithComma && !_hasOthers;

    /// <summary>Whether a cell holds a number, if only as a text.</summary>
    public static bool IsNumber(in Cell cell) => cell.Kind == CellKind.Number || (cell.Kind == CellKind.Text && LooksNumeric(cell.Text!));

    public static bool LooksNumeric(string text) => Numeric().IsMatch(text) || (Plain(text) is { } plain && Numeric().IsMatch(plain));

    public void Note(in Cell cell, int row)
    {
        if (cell.Kind == CellKind.Number)
        {
            _hasOthers = true;
            ShowsPoint |= cell.Point == PointMeaning.Decimal;
            _hasUngrouped |= cell.Point == PointMeaning.None && Math.Abs(cell.Number) >= LeastGrouped;
            _unclearPointRow = cell.Point == PointMeaning.Either && _unclearPointRow == 0 ? row : _unclearPointRow;
        }
        else if (cell.Kind == CellKind.Text && LooksNumeric(cell.Text!))
        {
            var number = Plain(cell.Text!) ?? cell.Text!;
            var sign = NumberText.DecimalSignIn(number);
            ShowsComma |= sign == ',';
            ShowsPoint |= sign == '.';
            var isOpen = sign is null && number.Contains(',', StringComparison.Ordinal);
            _withComma += isOpen ? 1 : 0;
            _hasOthers |= !isOpen;
            UnclearCommaRow = sign is null && UnclearCommaRow == 0 && number.Contains(',', StringComparison.Ordinal) ? row : UnclearCommaRow;
            _unclearPointRow = sign is null && _unclearPointRow == 0 && number.Contains('.', StringComparison.Ordinal) ? row : _unclearPointRow;
        }
    }

    /// <param name="decimalComma">Of the column; counts where the number alone does not show its decimal sign.</param>
    public static double? NumberIn(in Cell cell, bool decimalComma) => cell.Kind switch
    {
        CellKind.Number => cell.Point == PointMeaning.Either && decimalComma ? Math.Round(cell.Number * 1000) : cell.Number,
        CellKind.Text => Parse(cell.Text!, decimalComma),
        _ => null,
    };

    private static double? Parse(string text, bool decimalComma)
    {
        if (char.IsAsciiDigit(text[^1]) && NumberText.TryParseShort(text, SignOf(text, decimalComma), out var parsed))
        {
            return parsed;
        }

        if (!LooksNumeric(text))
        {
            return null;
        }

        var number = Plain(text) ?? text;
        var plain = number.Replace(SignOf(number, decimalComma) == ',' ? "." : ",", "", StringComparison.Ordinal).Replace(',', '.');
        return NumberText.TryParse(plain, out parsed) ? parsed : null;
    }

    private static char SignOf(string number, bool decimalComma) => NumberText.DecimalSignIn(number) ?? (decimalComma ? ',' : '.');

    /// <summary>Without blanks and apostrophes between groups of three, and with an ordinary minus in front; null when nothing changes.</summary>
    private static string? Plain(string text)
    {
        var plain = text.Replace('−', '-');
        if (plain.AsSpan().ContainsAny(Groupers))
        {
            plain = Grouped().IsMatch(plain) ? string.Concat(plain.Where(c => !Groupers.Contains(c))) : plain;
        }

        plain = plain.Length > 1 && plain[^1] == '-' && char.IsAsciiDigit(plain[0]) ? $"-{plain[..^1]}" : plain;
        return plain == text ? null : plain;
    }

    [GeneratedRegex(@"^[+-]?\d{1,3}([.,]\d{3})+([.,]\d+)?$|^[+-]?\d{1,2}(,\d{2})+,\d{3}(\.\d+)?$|^[+-]?\d*[.,]?\d+([eE][+-]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex(@"^[+-]?\d{1,3}([ \u00A0\u202F\u2009'’]\d{3})+([.,]\d+)?-?$", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();
}
