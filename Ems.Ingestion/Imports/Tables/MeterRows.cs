using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>The first rows of a table, meter by meter in the order of the file, and the numbers that its columns have there.</summary>
/// <param name="names">Columns that tell the meters of the rows apart.</param>
internal sealed class MeterRows(SheetTable table, IReadOnlyCollection<int> names)
{
    private readonly List<SampleRow> _rows = [.. table.Rows.Take(SheetTable.EnoughRows)];
    private List<int[]>? _meters;

    /// <summary>Positions of rows.</summary>
    public IReadOnlyList<int[]> Meters => _meters ??= [.. Enumerable.Range(0, _rows.Count)
        .GroupBy(at => string.Join('\n', names.Select(column => HeaderTexts.TextOf(_rows[at][column])))).Select(rows => rows.ToArray())];

    /// <summary>One for each row; null where it has none.</summary>
    public double?[] NumbersOf(int column)
    {
        var decimalComma = _rows.Exists(row => DecimalColumn.NumberIn(row[column], decimalComma: false) is null && DecimalColumn.NumberIn(row[column], decimalComma: true) is not null);
        return [.. _rows.Select(row => DecimalColumn.NumberIn(row[column], decimalComma))];
    }

    /// <summary>One for each row, as <paramref name="read"/> reads its cell.</summary>
    public double?[] NumbersOf(int column, Func<Files.Cell, double?> read) => [.. _rows.Select(row => read(row[column]))];
}
