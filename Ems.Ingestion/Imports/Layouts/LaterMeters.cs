using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// A column that has one text in the first rows and so names nothing: where another text stands farther down and its rows begin anew, at the times of those, the
/// file is sorted by it, and it tells meters apart.
/// </summary>
internal sealed class LaterMeters
{
    private const int FewestRows = 10;
    private const int MostOthers = 100;

    // An hour comes twice in autumn.
    private static readonly Duration FewestHours = Duration.FromHours(2);

    private readonly int _column;
    private readonly IReadOnlyList<int> _key;
    private readonly TimeColumns _time;
    private readonly DateOrder _order;
    private readonly Func<string, ImportFaultException> _ask;
    private readonly string _first;
    private readonly string _rowsOf;
    private readonly List<LocalDateTime> _times;
    private readonly Duration _near;
    private readonly HashSet<string> _done = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _rows;
    private string? _other;
    private LocalDateTime _begin;
    private int _count;
    private int _same;

    private LaterMeters(int column, IReadOnlyList<int> key, TimeColumns time, DateOrder order, List<SampleRow> rows, List<LocalDateTime> times, Func<string, ImportFaultException> ask)
    {
        (_column, _key, _time, _order, _ask, _times) = (column, key, time, order, ask, times);
        (_first, _rowsOf) = (HeaderTexts.TextOf(rows[0][column]), KeyOf(rows[0].Cells));
        _rows = rows.Select(row => TextsOf(row.Cells)).ToHashSet();
        _near = times.Zip(times.Skip(1), ApartColumns.Between).Where(step => step > Duration.Zero).DefaultIfEmpty(Duration.FromSeconds(1)).GroupBy(step => step).MaxBy(same => same.Count())!.Key / 2;
    }

    /// <summary>Null where the column has no one text in the first rows, or their times cannot be read.</summary>
    /// <param name="key">Columns that say whose the rows are, and what they measure.</param>
    /// <param name="ask">What to ask, by why.</param>
    public static LaterMeters? Find(SheetTable table, TimeColumns time, int column, IReadOnlyList<int> key, Func<string, ImportFaultException> ask)
    {
        var first = HeaderTexts.TextOf(table.Rows[0][column]);
        var rows = table.Rows.TakeWhile(row => HeaderTexts.TextOf(row[column]).Equals(first, StringComparison.OrdinalIgnoreCase)).ToList();
        if (rows.Count < FewestRows || (rows.Count == table.Rows.Count && !table.IsCut) || MissingMarkers.IsMissing(table.Rows[0][column]))
        {
            return null;
        }

        var order = time.OrderIn(table.Rows) ?? DateOrder.DayMonthYear;
        var times = rows.Select(row => time.LocalOf(row, order)).OfType<LocalDateTime>().Distinct().Order().ToList();
        return times.Count < FewestRows ? null : new LaterMeters(column, key, time, order, rows, times, ask);
    }

    /// <exception cref="ImportFaultException">The rows of another text have begun anew, and have gone on for a while.</exception>
    public void Check(ITableSource row)
    {
        if (_column >= row.Cells.Count || MissingMarkers.IsMissing(row.Cells[_column]) || HeaderTexts.TextOf(row.Cells[_column]) is not { } text || text.Equals(_first, StringComparison.OrdinalIgnoreCase)
            || _done.Contains(text) || _done.Count > MostOthers || KeyOf(row.Cells) != _rowsOf || _time.LocalOf(new SampleRow(row.RowNumber, [.. row.Cells]), _order) is not { } at)
        {
            return;
        }

        if (!text.Equals(_other, StringComparison.OrdinalIgnoreCase))
        {
            _done.UnionWith(_other is { } left ? [left] : []);
            (_other, _begin, _count, _same) = (text, at, 0, 0);
        }

        if (!ApartColumns.IsNear(at, _times, _near))
        {
            _done.Add(text);
        }
        else if (Count(row) >= FewestRows && Absolute(ApartColumns.Between(_begin, at)) >= FewestHours)
        {
            // What was exported twice says the same of the same times.
            if (_same * 2 > _count)
            {
                _done.Add(text);
                return;
            }

            throw _ask($"Rows of {ImportFault.Shorten(_first)} come first, and farther down those of {ImportFault.Shorten(text)}, to row {row.RowNumber}, are of the same times.");
        }
    }

    private int Count(ITableSource row)
    {
        _same += _rows.Contains(TextsOf(row.Cells)) ? 1 : 0;
        return ++_count;
    }

    /// <summary>What a row says beside the column.</summary>
    private string TextsOf(IReadOnlyList<Cell> cells) => string.Join('\n', cells.Where((_, column) => column != _column).Select(cell => HeaderTexts.TextOf(cell))).TrimEnd('\n');

    private string KeyOf(IReadOnlyList<Cell> cells) => string.Join('\n', _key.Select(column => column < cells.Count ? HeaderTexts.TextOf(cells[column]) : ""));

    private static Duration Absolute(Duration span) => span < Duration.Zero ? -span : span;
}
