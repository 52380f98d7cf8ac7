using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Decides from whole columns whether a comma in a number is the decimal sign. A column whose own numbers leave it open follows the
/// others of its sheet.
/// </summary>
internal sealed class DecimalSigns(Layout layout)
{
    private readonly DecimalColumn[] _columns = [.. layout.Columns.Select(_ => new DecimalColumn())];

    public void Note(SpooledRow row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Note(row.Values[i], row.RowNumber);
        }
    }

    /// <summary>For each value column, whether a comma is the decimal sign.</summary>
    /// <param name="mayGroupByPoints">Whether the sheet is one of those countries that do; a point is the decimal sign elsewhere.</param>
    /// <exception cref="ImportFaultException">A column leaves it open.</exception>
    public IReadOnlyList<bool> Decide(ImportForm form, bool mayGroupByPoints, List<ImportAssumption> assumptions) =>
        form.Mapping?.DecimalSign is { } told ? [.. _columns.Select(_ => told == ",")]
        : [.. _columns.Select((column, i) => Decide(column, layout.Columns[i], mayGroupByPoints, assumptions))];

    private bool Decide(DecimalColumn column, ValueColumn of, bool mayGroupByPoints, List<ImportAssumption> assumptions)
    {
        var header = of.Header;
        if (column is { UnclearCommaRow: 0, UnclearPointRow: 0 } || column.ShowsComma != column.ShowsPoint)
        {
            return column.ShowsComma;
        }

        if (layout.WholeFile?.Columns?.ElementAtOrDefault(of.Index) is { } was and (FileColumn.Comma or FileColumn.Value))
        {
            return was == FileColumn.Comma;
        }

        var isOpen = !column.ShowsComma;
        var comma = Array.Exists(_columns, other => other.ShowsComma);
        if (isOpen && comma != Array.Exists(_columns, other => other.ShowsPoint))
        {
            if (comma || column.UnclearCommaRow > 0)
            {
                assumptions.Add(new ImportAssumption("decimal_sign", $"{header}: {(comma ? "," : ".")}", "other columns show it"));
            }

            return comma;
        }

        return isOpen && !comma && !mayGroupByPoints && column.UnclearCommaRow == 0 ? false : throw Unclear(column, header);
    }

    private ImportFaultException Unclear(DecimalColumn column, string header)
    {
        var (sign, row) = column.UnclearCommaRow > 0 ? ("comma", column.UnclearCommaRow) : ("point", column.UnclearPointRow);
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"In the column {header} a {sign} can be the decimal sign or group thousands. Send the decimal sign in the mapping, {{\"decimal_sign\": \",\"}} or {{\"decimal_sign\": \".\"}}, or send the numbers with a decimal point and without grouping.",
            layout.Sheet, row, header, [",", "."])
        {
            Guess = new ImportMapping { DecimalSign = "," },
        });
    }
}
