using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>Decides from a whole column whether a comma in a number is a decimal comma or groups thousands.</summary>
internal sealed partial class DecimalColumn
{
    private bool _decimalComma;
    private bool _grouping;
    private int _unclearRow;

    public static bool LooksNumeric(string text) => Numeric().IsMatch(text);

    public void Note(in Cell cell, int row)
    {
        if (cell.Kind != CellKind.Text || !LooksNumeric(cell.Text!))
        {
            return;
        }

        var comma = cell.Text!.LastIndexOf(',');
        var point = cell.Text.LastIndexOf('.');
        var oneComma = comma >= 0 && cell.Text.IndexOf(',') == comma;
        _decimalComma |= comma > point && oneComma && (point >= 0 || cell.Text.Length - comma != 4);
        _grouping |= (point > comma && comma >= 0) || (comma >= 0 && !oneComma);
        _unclearRow = comma >= 0 && point < 0 && oneComma && cell.Text.Length - comma == 4 && _unclearRow == 0 ? row : _unclearRow;
    }

    /// <summary>Whether a comma is the decimal sign.</summary>
    /// <exception cref="ImportFaultException">The column leaves it open.</exception>
    public bool Decide(string sheet, string header)
    {
        if (_decimalComma == _grouping && (_decimalComma || _unclearRow > 0))
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"In the column {header} a comma can be the decimal sign or group thousands. Send the numbers with a decimal point and without grouping.",
                sheet, _unclearRow == 0 ? null : _unclearRow, header, ["decimal comma", "grouping comma"]));
        }

        return _decimalComma;
    }

    public static double? Parse(string text, bool decimalComma)
    {
        if (!LooksNumeric(text))
        {
            return null;
        }

        var plain = decimalComma
            ? text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.')
            : text.Replace(",", "", StringComparison.Ordinal);
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    [GeneratedRegex(@"^[+-]?\d{1,3}([.,]\d{3})+([.,]\d+)?$|^[+-]?\d*[.,]?\d+([eE][+-]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();
}
