using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>Reads what operator panels of WinCC log, without the rows (<c>$RT_OFF$</c>, <c>$RT_COUNT$</c>) in which they note that they began, ended or counted what they wrote.</summary>
internal sealed class PanelLogSource(CsvSource records) : ITableSource
{
    private const string Validity = "Validity";

    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private int _validity = -1;
    private int _invalid;

    public string SheetName => records.SheetName;

    public int RowNumber => records.RowNumber;

    public IReadOnlyList<Cell> Cells => records.Cells;

    public double Progress => records.Progress;

    public char? Delimiter => records.Delimiter;

    public IReadOnlyList<ImportAssumption> Assumptions =>
    [
        .. _notes.Count == 0 ? (ImportAssumption[])[] : [new ImportAssumption("left_out", $"rows of {string.Join(", ", _notes)}", "the panel notes there that it began, ended or counted what it wrote")],
        .. _invalid == 0 ? (ImportAssumption[])[] : [new ImportAssumption("left_out", $"{_invalid} rows with the {Validity} 0", "the panel had no valid value then")],
    ];

    /// <summary>The log; null for a text whose first row has other headers.</summary>
    /// <param name="text">How it begins.</param>
    public static PanelLogSource? Find(string text, CsvSource records) =>
        text.TrimStart('\uFEFF', '"').StartsWith("VarName", StringComparison.Ordinal) ? new PanelLogSource(records) : null;

    public bool ReadRow()
    {
        while (records.ReadRow())
        {
            if (records.Cells is [{ Kind: CellKind.Text, Text: { } name }, ..] && IsNote(name))
            {
                _notes.Add(name);
            }
            else if (_validity >= 0 && records.Cells.Count > _validity && records.Cells[_validity] is { Kind: CellKind.Number, Number: 0 })
            {
                _invalid++;
            }
            else
            {
                _validity = _validity >= 0 ? _validity : Enumerable.Range(0, records.Cells.Count).FirstOrDefault(at => records.Cells[at].Text == Validity, -1);
                return true;
            }
        }

        return false;
    }

    public bool NextSheet() => records.NextSheet();

    public void Dispose() => records.Dispose();

    // A name of a variable has no such signs.
    private static bool IsNote(string name) => name.StartsWith("$RT_", StringComparison.Ordinal) && name.EndsWith('$');
}
