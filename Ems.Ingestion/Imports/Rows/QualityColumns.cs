using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Says how far each value of a row can be trusted. A quality column alone is about all values; of several, one is about the values
/// whose headers have its words, and another about those that it stands behind, or before where such columns come first and none
/// comes last. One that is then about none is about all.
/// </summary>
internal sealed class QualityColumns
{
    private readonly (int Column, QualityMarks Marks)[] _columns;
    private readonly int[][] _ofValues;
    private readonly QualityMark[] _ofRow;

    public QualityColumns(Layout layout)
    {
        var columns = layout.Subject.Quality.OrderBy(column => column.Index).ToList();
        _columns = [.. columns.Select(column => (column.Index, new QualityMarks(new HeaderWords(column.Header))))];
        _ofRow = new QualityMark[columns.Count];
        var values = layout.Matrix.Count > 0
            ? layout.Matrix.Select(column => (column.Index, Words: (HashSet<string>)[])).ToList()
            : layout.Columns.Select(column => (column.Index, Words: new HeaderWords(column.Header).Except([]))).ToList();
        _ofValues = columns.Count < 2 ? [.. values.Select(_ => Enumerable.Range(0, columns.Count).ToArray())] : Bind(columns, values);
    }

    /// <summary>Reads the marks of the source's current row.</summary>
    public void Read(ITableSource source)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var (column, marks) = _columns[i];
            _ofRow[i] = marks.Read(column < source.Cells.Count ? source.Cells[column] : Cell.Empty);
        }
    }

    /// <summary>The cell of a value with what the marks of its row say about it.</summary>
    /// <param name="value">Its position among the columns of values.</param>
    public Cell Mark(in Cell cell, int value)
    {
        var worst = QualityMark.Measured;
        foreach (var column in _ofValues[value])
        {
            worst = _ofRow[column] > worst ? _ofRow[column] : worst;
        }

        return worst switch
        {
            QualityMark.Missing => Cell.Error(MissingMarkers.MarkedInvalid),
            QualityMark.Estimated => cell with { IsEstimated = true },
            _ => cell,
        };
    }

    private static int[][] Bind(List<HeadedColumn> columns, List<(int Index, HashSet<string> Words)> values)
    {
        var names = columns.ConvertAll(column => QualityMarks.NameIn(new HeaderWords(column.Header)));
        var named = values.ConvertAll(value => NamedBy(names, value.Words));
        var others = Enumerable.Range(0, columns.Count).Except(named.SelectMany(found => found)).ToList();
        var runs = RunsOf(others, columns, values);
        var beside = values.Select((value, i) => runs.Count < 2 || named[i].Length > 0 ? [] : RunOf(value.Index, runs, columns, values)).ToList();
        var ofAll = others.Except(beside.SelectMany(run => run)).ToList();
        return [.. values.Select((_, i) => (int[])[.. named[i], .. beside[i], .. ofAll])];
    }

    /// <summary>The quality columns whose names the value's header has: those with the most of its words.</summary>
    private static int[] NamedBy(List<HashSet<string>> names, HashSet<string> words)
    {
        var found = Enumerable.Range(0, names.Count).Where(i => names[i].Count > 0 && names[i].IsSubsetOf(words)).ToList();
        var most = found.Count == 0 ? 0 : found.Max(i => names[i].Count);
        return [.. found.Where(i => names[i].Count == most)];
    }

    /// <summary>The quality columns that have no value between them.</summary>
    private static List<List<int>> RunsOf(List<int> others, List<HeadedColumn> columns, List<(int Index, HashSet<string> Words)> values)
    {
        var runs = new List<List<int>>();
        foreach (var i in others)
        {
            if (runs.Count > 0 && !values.Exists(value => value.Index > columns[runs[^1][^1]].Index && value.Index < columns[i].Index))
            {
                runs[^1].Add(i);
            }
            else
            {
                runs.Add([i]);
            }
        }

        return runs;
    }

    private static List<int> RunOf(int value, List<List<int>> runs, List<HeadedColumn> columns, List<(int Index, HashSet<string> Words)> values)
    {
        var areBehind = values.Exists(other => other.Index < columns[runs[0][0]].Index) || !values.Exists(other => other.Index > columns[runs[^1][0]].Index);
        return (areBehind ? runs.Find(run => columns[run[0]].Index > value) : runs.FindLast(run => columns[run[0]].Index < value)) ?? [];
    }
}
