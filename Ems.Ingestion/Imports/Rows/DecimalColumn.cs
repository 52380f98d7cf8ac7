using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Decides from a whole column whether a comma in a number is a decimal comma or groups thousands.</summary>
internal sealed partial class DecimalColumn
{
    private static readonly SearchValues<char> Groupers = SearchValues.Create(" \u00A0\u202F\u2009'’");

    private bool _decimalComma;
    private bool _grouping;
    private int _unclearRow;

    public static bool LooksNumeric(string text) => Numeric().IsMatch(text) || (Plain(text) is { } plain && Numeric().IsMatch(plain));

    public void Note(in Cell cell, int row)
    {
        if (cell.Kind != CellKind.Text || !LooksNumeric(cell.Text!))
        {
            return;
        }

        var text = Plain(cell.Text!) ?? cell.Text!;
        var comma = text.LastIndexOf(',');
        var point = text.LastIndexOf('.');
        var oneComma = comma >= 0 && text.IndexOf(',') == comma;
        var manyPoints = point >= 0 && text.IndexOf('.') != point;
        _decimalComma |= (comma > point && oneComma && (point >= 0 || text.Length - comma != 4)) || (comma < 0 && manyPoints);
        _grouping |= (point > comma && comma >= 0) || (comma >= 0 && !oneComma);
        _unclearRow = comma >= 0 && point < 0 && oneComma && text.Length - comma == 4 && _unclearRow == 0 ? row : _unclearRow;
    }

    /// <summary>Whether a comma is the decimal sign.</summary>
    /// <exception cref="ImportFaultException">The column leaves it open.</exception>
    public bool Decide(string sheet, string header)
    {
        if (_decimalComma == _grouping && (_decimalComma || _unclearRow > 0))
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"In the column {header} a comma can be the decimal sign or group thousands. Say the decimal sign in the mapping, as decimal_sign, or send the numbers with a decimal point and without grouping.",
                sheet, _unclearRow == 0 ? null : _unclearRow, header, [",", "."])
            {
                Guess = new ImportMapping { DecimalSign = "," },
            });
        }

        return _decimalComma;
    }

    public static double? Parse(string text, bool decimalComma)
    {
        if (!LooksNumeric(text))
        {
            return null;
        }

        var number = Plain(text) ?? text;
        number = decimalComma
            ? number.Replace(".", "", StringComparison.Ordinal).Replace(',', '.')
            : number.Replace(",", "", StringComparison.Ordinal);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

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

    [GeneratedRegex(@"^[+-]?\d{1,3}([.,]\d{3})+([.,]\d+)?$|^[+-]?\d*[.,]?\d+([eE][+-]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex(@"^[+-]?\d{1,3}([ \u00A0\u202F\u2009'’]\d{3})+([.,]\d+)?-?$", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();
}
