using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Decides from whole columns whether a comma in a number is the decimal sign. A column whose own numbers leave it open follows the
/// others of its sheet, and where no value tells, money and what else is measured beside them. Coordinates and versions have a point everywhere.
/// </summary>
internal sealed class DecimalSigns(Layout layout)
{
    // Of which others than values are looked at: they are as many as the values.
    private const int EnoughRows = 1000;

    // Where a header is written in several rows, its words stand in any of them.
    private const int MostHeaderRows = 3;

    private static readonly string[] Amounts =
    [
        "amount", "bill", "invoice", "balance", "gross", "total", "betrag", "rechnungsbetrag", "nettobetrag", "bruttobetrag", "zahlbetrag", "gesamtbetrag", "endbetrag", "netto", "brutto", "summe",
        "montant", "facture", "importe", "factura", "importo", "fattura", "bedrag",
    ];

    private readonly DecimalColumn[] _columns = [.. layout.Columns.Select(_ => new DecimalColumn())];
    private readonly HashSet<int> _known =
        [.. layout.Columns.Select(column => column.Index), .. layout.Matrix.Select(column => column.Index), .. layout.Time.Indexes, .. layout.Subject.Indexes];

    private readonly DecimalColumn _others = new();

    // What is made and the like: only commas in it say something.
    private readonly DecimalColumn _unmeasured = new();
    private readonly HashSet<int> _measured = [];

    // With a unit that is not known: lists of channels and the like have commas, too.
    private readonly HashSet<int> _bracketed = [];
    private int _rows;

    public void Note(SpooledRow row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Note(row.Values[i], row.RowNumber);
        }
    }

    /// <summary>Takes note of a row above the values.</summary>
    public void NoteAbove(ITableSource source)
    {
        if (layout.HeaderRow - source.RowNumber is >= 0 and < MostHeaderRows && source.Cells.Count(cell => cell.Kind != CellKind.Empty) > 1)
        {
            _bracketed.UnionWith(Enumerable.Range(0, source.Cells.Count).Where(column => !_known.Contains(column) && HeaderTexts.TextOf(source.Cells[column]).IndexOfAny(['(', '[']) > 0));
            _measured.UnionWith(Enumerable.Range(0, source.Cells.Count).Where(column => !_known.Contains(column) && IsMeasured(HeaderTexts.TextOf(source.Cells[column]))));
        }
    }

    /// <summary>Takes note of the cells of a row that are no values.</summary>
    public void NoteOthers(ITableSource source)
    {
        if (layout.WholeFile is not null || _rows++ >= EnoughRows)
        {
            return;
        }

        for (var column = 0; column < source.Cells.Count; column++)
        {
            var cell = WithoutCurrency(source.Cells[column]);
            if (_measured.Contains(column) || (cell != source.Cells[column] && !_known.Contains(column)))
            {
                _others.Note(cell, source.RowNumber);
            }
            else if (_bracketed.Contains(column))
            {
                _unmeasured.Note(cell, source.RowNumber);
            }
        }
    }

    /// <summary>For each value column, whether a comma is the decimal sign.</summary>
    /// <param name="mayGroupByPoints">Whether the sheet is one of those countries that do; a point is the decimal sign elsewhere.</param>
    /// <param name="byDates">What the dates of the sheet say of columns in which every number has a comma before three digits; null where they say nothing.</param>
    /// <exception cref="ImportFaultException">A column leaves it open.</exception>
    public IReadOnlyList<bool> Decide(ImportForm form, bool mayGroupByPoints, (char Sign, string Why)? byDates, List<ImportAssumption> assumptions) =>
        form is { IsMappingRemembered: false, Mapping.DecimalSign: { } told } ? [.. _columns.Select(_ => told == ",")]
        : [.. _columns.Select((column, i) => Decide(column, layout.Columns[i], mayGroupByPoints, byDates, form.Mapping?.DecimalSign, assumptions))];

    /// <param name="remembered">The sign that a profile has, which answers what a column leaves open.</param>
    private bool Decide(DecimalColumn column, ValueColumn of, bool mayGroupByPoints, (char Sign, string Why)? byDates, string? remembered, List<ImportAssumption> assumptions)
    {
        var header = of.Header;
        if (column is { UnclearCommaRow: 0, UnclearPointRow: 0 } || column.ShowsComma != column.ShowsPoint)
        {
            if (remembered is not null && column.ShowsComma != column.ShowsPoint && column.ShowsComma != (remembered == ","))
            {
                assumptions.Add(new ImportAssumption("decimal_sign", $"{header}: {(column.ShowsComma ? "," : ".")}", $"its numbers show it, though the profile has {remembered}"));
            }

            return column.ShowsComma;
        }

        if (remembered is not null)
        {
            return remembered == ",";
        }

        if (layout.WholeFile?.Columns?.ElementAtOrDefault(of.Index) is { } was && FileColumns.IsValue(was))
        {
            return was is FileColumn.Comma or FileColumn.MarkedComma;
        }

        var isOpen = !column.ShowsComma;
        var (comma, point) = (Array.Exists(_columns, other => other.ShowsComma), Array.Exists(_columns, other => other.ShowsPoint));
        (comma, point) = (comma, point) is (false, false) ? (_others.ShowsComma || (_unmeasured.ShowsComma && !_unmeasured.ShowsPoint), _others.ShowsPoint) : (comma, point);
        if (isOpen && comma != point)
        {
            if (comma || column.UnclearCommaRow > 0)
            {
                assumptions.Add(new ImportAssumption("decimal_sign", $"{header}: {(comma ? "," : ".")}", "other columns show it"));
            }

            return comma;
        }

        if (isOpen && !comma && !point && column.UnclearCommaRow > 0 && byDates is var (sign, why) && (sign == '.' || column.HasCommasOnly))
        {
            assumptions.Add(new ImportAssumption("decimal_sign", $"{header}: {sign}", why));
            return sign == ',';
        }

        return isOpen && !comma && !mayGroupByPoints && column.UnclearCommaRow == 0 ? false : throw Unclear(column, header);
    }

    private static bool IsMeasured(string header) => new HeaderWords(header) is var words
        && (words.NameMoney || words.NameCharge || words.Any((IEnumerable<string>)Amounts) || header.Any(IsCurrency) || HeaderReader.Read(header) is { Unit: not null } or { Metric: not null });

    private static Cell WithoutCurrency(in Cell cell) => cell.Kind != CellKind.Text || !cell.Text!.Any(IsCurrency) ? cell
        : string.Concat(cell.Text!.Where(sign => !IsCurrency(sign))).Trim() is { Length: > 0 } number ? cell with { Text = number } : Cell.Empty;

    private static bool IsCurrency(char sign) => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol;

    private ImportFaultException Unclear(DecimalColumn column, string header)
    {
        var (sign, row) = column.UnclearCommaRow > 0 ? ("comma", column.UnclearCommaRow) : ("point", column.UnclearPointRow);
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"In the column {header} a {sign} can be the decimal sign or group thousands. Say which sign is the decimal one with mapping={{\"decimal_sign\":\",\"}} or mapping={{\"decimal_sign\":\".\"}}, or send the numbers with a decimal point and without grouping.",
            layout.Sheet, row, header, [",", "."])
        {
            Guess = new ImportMapping { DecimalSign = "," },
        });
    }
}
