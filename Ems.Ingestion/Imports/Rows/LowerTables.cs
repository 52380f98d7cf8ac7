using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Notices below the table of a sheet the headers of another one, whose columns are not those of the first, and rows of one that stands to
/// its right. Headers that come again are none, unless the lines above them name another meter, place or carrier than those above the first.
/// </summary>
internal sealed class LowerTables(Layout layout)
{
    private const int MostLines = 20;

    // A note of two cells is no row of headers without units.
    private const int FewestOfNames = 3;

    private readonly List<int> _values = [.. layout.Columns.Select(column => column.Index)];
    private readonly List<string[]> _above = [];
    private readonly List<string[]> _lines = [];
    private string[] _header = [];
    private (int Row, string[] Texts, bool IsTitle)? _other;

    // A line that names a meter above headers that come again, where nothing stands above the first.
    private (int Row, string[] Texts, bool HasValues)? _titled;
    private string[] _foot = [];

    // The line before a row that has a time and a number, but nothing in the columns of this table: two of them in a row are of another one.
    private (int Row, string[] Texts)? _beside;
    private (int Row, string[] Texts)? _last;

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
        if (IsOfTableBeside(source))
        {
            if (_beside is (var row, var headers))
            {
                throw Refuse(row, headers, isTitle: false);
            }

            _beside = _last is { Texts.Length: > 0 } ? _last : (source.RowNumber, texts);
        }
        else
        {
            _beside = null;
        }

        _last = (source.RowNumber, texts);
        if (!IsHeader(source, texts))
        {
            NoteFoot(texts);
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
        else if ((_lines.Find(line => TitleLine.Of(line).NamesAnotherThan(_above.Select(TitleLine.Of))) ?? OtherGroups(same) ?? OtherTitle(same) ?? OtherYear()) is { } line)
        {
            _other = (source.RowNumber, line, true);
        }
        else if (_above.Count == 1 && _above[0] == _header && (_lines.Find(title => TitleLine.Of(title).NamesSubject && !title.SequenceEqual(_foot)) ?? OtherTitle(same)) is { } title)
        {
            _titled ??= (source.RowNumber, title, false);
        }

        _lines.Clear();
    }

    /// <summary>Takes note that no more rows follow.</summary>
    /// <exception cref="ImportFaultException">Some of them are of another table.</exception>
    public void End()
    {
        if (_titled is (var row, var texts, true))
        {
            throw Refuse(row, texts, isTitle: true);
        }
    }

    /// <summary>A line that comes again below the rows that it seemed to head is the foot of each page.</summary>
    private void NoteFoot(string[] line)
    {
        if (_titled is (_, var title, true) && title.SequenceEqual(line))
        {
            (_foot, _titled) = (line, null);
        }
    }

    /// <summary>Takes note of a row of values, or of headers of a matrix that have times themselves.</summary>
    /// <exception cref="ImportFaultException">It is of another table.</exception>
    public void NoteGiven(ITableSource source)
    {
        (_beside, _last) = (null, null);
        if (layout.Matrix.Count > 0 && IsHeader(source, []))
        {
            NoteLeftOut(source);
            return;
        }

        // A lone year stands where the name of a meter or a month does.
        if (layout.Time.Given is not null && TextsOf(source) is var lone && IsOtherYear(lone))
        {
            _lines.Add(lone);
            return;
        }

        _lines.Clear();
        if (_other is var (row, texts, isTitle) && HoldsNumbers(source))
        {
            throw Refuse(row, texts, isTitle);
        }

        if (_titled is { HasValues: false } titled && HoldsNumbers(source))
        {
            _titled = titled with { HasValues = true };
        }
    }

    private ImportFaultException Refuse(int row, string[] texts, bool isTitle)
    {
        var named = ImportFault.Shorten(string.Join(", ", texts.Where(text => text.Length > 0)));
        var areDirections = !isTitle && _header.Zip(texts).Any(pair => pair.First != pair.Second && NamesDirection(pair.First) && NamesDirection(pair.Second));
        return new ImportFaultException(new ImportFault(
            ImportFault.DataValidationFailed,
            $"Row {row} heads another table{(isTitle ? $", that of {named}" : $": {named}")}. "
            + (areDirections ? "Write the rows of all tables below one header, with Import or Export beside each in a column headed Direction." : "Put each table on a sheet or in a file of its own."),
            layout.Sheet, row, layout.Time.Header));
    }

    private static bool NamesDirection(string header) => Directions.NamedIn(header) || Directions.NameNoConsumption(header);

    private bool IsHeader(ITableSource source, string[] texts) => layout.Matrix.Count > 0
        ? !HoldsNumbers(source) && TimeHeaders.Are(new SampleRow(source.RowNumber, [.. source.Cells]))
        : !IsNote(source, texts) && (layout.Time.Indexes.Any(column => IsHeaderAgain(texts, column))
            ? HeadsValues(texts) || CountFilled(texts) >= CountFilled(_header)
            : layout.Time.Indexes.Any(column => NamesTime(texts, column)) && (HeadsValues(texts) || CountFilled(texts) >= Math.Max(FewestOfNames, CountFilled(_header))));

    /// <summary>Whether it has fewer texts than headers, numbers, marks of missing values, or the title of a total.</summary>
    private bool IsNote(ITableSource source, string[] texts) => CountFilled(texts) < 2 || Array.Exists(texts, DecimalColumn.LooksNumeric)
        || source.Cells.Any(cell => cell.Kind == CellKind.Number)
        || layout.Time.Indexes.Concat(_values).Any(column => column < texts.Length && texts[column].Length > 0 && MissingMarkers.IsMissing(source.Cells[column]))
        || layout.Time.Indexes.Concat(layout.Subject.Indexes).Any(column => column < texts.Length && RowFilter.NamesTotal(texts[column]));

    private bool IsHeaderAgain(string[] texts, int column) =>
        column < texts.Length && column < _header.Length && texts[column].Length > 0 && Same(_header[column], texts[column]);

    private bool NamesTime(string[] texts, int column) =>
        column < texts.Length && new HeaderWords(texts[column]).NameTimeBeside("data") && !_above.Exists(row => Same(row.FirstOrDefault() ?? "", texts[0]));

    private bool HeadsValues(string[] texts) => _values.Any(column => column < texts.Length && texts[column].Length > 0
        && (HeaderReader.Read(texts[column]) is { Metric: not null } or { Unit: not null } || SubjectFinder.NamesSubjectAlone(texts[column])));

    private static int CountFilled(string[] texts) => texts.Count(text => text.Length > 0);

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

    /// <summary>The title right above headers, where it is another one than that above the same headers of the first table, or nothing is there.</summary>
    private string[]? OtherTitle(int header) => _lines is [.., var line] && CountFilled(line) == 1 && !line.SequenceEqual(_foot)
        && TitleLine.Of(line).MayNameAnotherThan(header > 0 ? TitleLine.Of(_above[header - 1]) : null) ? line : null;

    /// <summary>A title with another year than that of times which lack it.</summary>
    private string[]? OtherYear() => _lines.FindLast(IsOtherYear);

    private bool IsOtherYear(string[] line) => layout.Time.Given is { } given && CountFilled(line) == 1 && NamedDate.YearIn(line[^1]) is { } year && !given.Has(year);

    /// <summary>Whether a row has a time and a number behind it, and nothing in the columns of this table.</summary>
    private bool IsOfTableBeside(ITableSource source)
    {
        var cells = source.Cells;
        var time = Enumerable.Range(0, cells.Count).FirstOrDefault(column => IsTime(cells[column]), -1);
        return time >= 0 && Enumerable.Range(time + 1, cells.Count - time - 1).Any(column => DecimalColumn.IsNumber(cells[column]))
            && layout.Time.Indexes.Concat(_values).Concat(layout.Matrix.Select(column => column.Index)).All(column => column >= cells.Count || cells[column].Kind == CellKind.Empty);
    }

    private static bool IsTime(in Cell cell) => cell is { Kind: CellKind.Time, Time.Year: >= 1900 }
        || (cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!) && TimeText.TryParse(cell.Text, out _));

    private bool HoldsNumbers(ITableSource source) => (layout.Matrix.Count > 0 ? layout.Matrix.Select(column => column.Index) : layout.Columns.Select(column => column.Index))
        .Any(column => column < source.Cells.Count && DecimalColumn.IsNumber(source.Cells[column]));

    private static string[] TextsOf(ITableSource source)
    {
        var texts = source.Cells.Select(cell => HeaderTexts.TextOf(cell).Trim()).ToArray();
        var width = Array.FindLastIndex(texts, text => text.Length > 0) + 1;
        return texts[..width];
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
