using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Notices below the table of a sheet the headers of another one, whose columns are not those of the first. Headers that come again are
/// none, unless the lines above them name another meter, place or carrier than those above the first.
/// </summary>
internal sealed class LowerTables(Layout layout)
{
    private const int MostLines = 20;

    private static readonly string[] OfPages = ["page", "seite", "side", "pagina", "página", "printed", "report", "version"];

    private readonly List<string[]> _above = [];
    private readonly List<string[]> _lines = [];
    private string[] _header = [];
    private (int Row, string[] Texts, bool IsTitle)? _other;

    /// <summary>Takes note of a row above the values.</summary>
    public void NoteAbove(ITableSource source)
    {
        var texts = TextsOf(source);
        _header = source.RowNumber == layout.HeaderRow ? texts : _header;
        _above.Add(texts);
        if (_above.Count > MostLines)
        {
            _above.RemoveAt(0);
        }
    }

    /// <summary>Takes note of a row that was left out.</summary>
    public void NoteLeftOut(ITableSource source)
    {
        var texts = TextsOf(source);
        if (!IsHeader(source, texts))
        {
            _lines.Add(texts);
            if (_lines.Count > MostLines)
            {
                _lines.RemoveAt(0);
            }

            return;
        }

        var same = _above.FindLastIndex(row => row.SequenceEqual(texts, StringComparer.OrdinalIgnoreCase));
        if (same < 0)
        {
            _other = (source.RowNumber, texts, false);
        }
        else if ((_lines.Find(NamesAnother) ?? OtherGroups(same)) is { } line)
        {
            _other = (source.RowNumber, line, true);
        }

        _lines.Clear();
    }

    /// <summary>Takes note of a row of values, or of headers of a matrix that have times themselves.</summary>
    /// <exception cref="ImportFaultException">It is of another table.</exception>
    public void NoteGiven(ITableSource source)
    {
        if (layout.Matrix.Count > 0 && IsHeader(source, []))
        {
            NoteLeftOut(source);
            return;
        }

        _lines.Clear();
        if (_other is var (row, texts, isTitle) && HoldsNumbers(source))
        {
            var named = ImportFault.Shorten(string.Join(", ", texts.Where(text => text.Length > 0)));
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"Row {row} heads another table{(isTitle ? $", that of {named}" : $": {named}")}. Put each table on a sheet or in a file of its own.",
                layout.Sheet, row, layout.Time.Header));
        }
    }

    private bool IsHeader(ITableSource source, string[] texts) => layout.Matrix.Count > 0
        ? !HoldsNumbers(source) && TimeHeaders.Are(new SampleRow(source.RowNumber, [.. source.Cells]))
        : source.Cells.All(cell => cell.Kind != CellKind.Number) && texts.Count(text => text.Length > 0) > 1 && layout.Time.Indexes.Any(column => column < texts.Length && texts[column].Length > 0
            && ((column < _header.Length && Same(_header[column], texts[column])) || (new HeaderWords(texts[column]).NameTime && !_above.Exists(row => Same(row.FirstOrDefault() ?? "", texts[0])))));

    /// <summary>Whether a line says something else than the one of its kind above the first table.</summary>
    private bool NamesAnother(string[] line)
    {
        var (key, value) = KeyAndValueOf(line);
        var words = new HeaderWords(key);
        if (key.Length == 0 || (words.NameTime && !words.Any("source")) || words.AreAdministrative || words.Any((IEnumerable<string>)OfPages))
        {
            return false;
        }

        var before = _above.Select(KeyAndValueOf).ToList();
        return value.Length > 0
            ? before.Exists(above => Same(above.Key, key)) && !before.Exists(above => Same(above.Key, key) && Same(above.Value, value))
            : (SubjectFinder.NamesSubject(key) || Carriers.Find(key) is not null) && !before.Exists(above => above.Value.Length == 0 && Same(above.Key, key));
    }

    /// <summary>The names of groups right above headers, where they are others than those above the same headers of the first table.</summary>
    private string[]? OtherGroups(int header)
    {
        if (header == 0 || _lines.Count == 0 || _lines[^1] is not { Length: > 0 } line || _above[header - 1] is not { } before || before.Length != line.Length)
        {
            return null;
        }

        var filled = Enumerable.Range(0, line.Length).Where(column => line[column].Length > 0).ToList();
        return filled.Count > 1 && filled.TrueForAll(column => before[column].Length > 0 && layout.Columns.Any(value => value.Index == column))
            && filled.Exists(column => !Same(line[column], before[column])) ? line : null;
    }

    private static (string Key, string Value) KeyAndValueOf(string[] line)
    {
        var filled = line.Where(text => text.Length > 0).ToList();
        var colon = filled.Count == 1 ? filled[0].IndexOf(':', StringComparison.Ordinal) : -1;
        return colon > 0 ? (filled[0][..colon].Trim(), filled[0][(colon + 1)..].Trim())
            : filled.Count is 1 or 2 ? (filled[0].TrimEnd(':', ' '), filled.Count == 2 ? filled[1] : "") : ("", "");
    }

    private bool HoldsNumbers(ITableSource source) => (layout.Matrix.Count > 0 ? layout.Matrix.Select(column => column.Index) : layout.Columns.Select(column => column.Index))
        .Any(column => column < source.Cells.Count && source.Cells[column] is var cell && (cell.Kind == CellKind.Number || (cell.Kind == CellKind.Text && DecimalColumn.LooksNumeric(cell.Text!))));

    private static string[] TextsOf(ITableSource source)
    {
        var texts = source.Cells.Select(cell => HeaderTexts.TextOf(cell).Trim()).ToArray();
        var width = Array.FindLastIndex(texts, text => text.Length > 0) + 1;
        return texts[..width];
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
