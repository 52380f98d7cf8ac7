using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>A number that a cell has with its unit or a mark: <c>10 kW</c>, <c>12100 (est)</c>, <c>~12400</c>.</summary>
internal readonly partial record struct MarkedNumber(string Number, Unit? Unit, bool IsEstimated)
{
    private const int Longest = 40;

    /// <summary>Null for what is no number, or a number alone.</summary>
    public static MarkedNumber? Find(string text)
    {
        if (text.Length > Longest || (char.IsAsciiDigit(text[^1]) && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' or ',') && !text.Any(char.IsLetter)) || !text.AsSpan().ContainsAnyInRange('0', '9')
            || Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var number = match.Groups["number"].Value;
        var rest = match.Groups["unit"].Value;
        var isEstimated = match.Groups["before"].Success || match.Groups["mark"].Success;
        return !DecimalColumn.LooksNumeric(number) ? null
            : rest.Length == 0 ? isEstimated ? new MarkedNumber(number, null, true) : null
            : !UnclearUnits.IsOne(rest) && Units.TryParse(rest, out var unit) ? new MarkedNumber(number, unit, isEstimated) : null;
    }

    /// <summary>The cell as a number of a column's unit; as it is where it is no such number.</summary>
    /// <param name="ofColumn">The unit of the column; null or empty where rows say it.</param>
    public static Cell Plain(in Cell cell, string? ofColumn)
    {
        if (cell.Kind != CellKind.Text || Find(cell.Text!) is not { } found)
        {
            return cell;
        }

        var plain = WithoutUnit(cell);
        if (found.Unit is not { } own || own.Symbol == ofColumn)
        {
            return plain;
        }

        // A number of another unit stands alone, and no other one tells its decimal sign.
        return Units.TryParse(ofColumn, out var unit) && unit.Dimension == own.Dimension && DecimalColumn.NumberIn(plain, NumberText.DecimalSignIn(found.Number) == ',') is { } number
            ? plain with { Kind = CellKind.Number, Text = null, Number = (own.ToCanonical(number) - unit.Offset) / unit.Factor, Point = PointMeaning.Decimal } : cell;
    }

    /// <summary>The number alone, whatever its unit is; the cell as it is where it is no such number.</summary>
    public static Cell WithoutUnit(in Cell cell) => cell.Kind == CellKind.Text && Find(cell.Text!) is { } found
        ? new Cell(CellKind.Text, Text: found.Number) { IsEstimated = cell.IsEstimated || found.IsEstimated } : cell;

    [GeneratedRegex(
        @"^((?<before>~|≈|ca\.?|circa|approx\.?|est\.?)\s*)?(?<number>[+\-−]?[\d.,'’\u00A0\u202F ]*\d)(\s*(?<mark>\*|\(?\s*(est|e|estimated|estimate|geschätzt|estimé|estimado|stimato)\.?\s*\)?)|\s*(?<unit>[\p{L}°%µ][\p{L}\d°³²/·\- ]*?)(\s*(?<mark>\*|\(\s*(est|e|estimated)\.?\s*\)))?)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
