using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Reads the numbers of value columns.</summary>
internal sealed class CellReader(SheetFacts facts)
{
    private readonly bool[] _decimalComma = [.. facts.DecimalComma];
    private readonly IReadOnlySet<double>?[] _sentinels = [.. facts.Layout.Columns.Select((_, i) => i < facts.Sentinels.Count && facts.Sentinels[i].Count > 0 ? facts.Sentinels[i] : null)];
    private readonly IReadOnlyDictionary<int, (int From, int To)>?[] _lost = [.. facts.Layout.Columns.Select((_, i) => i < facts.LostNoughts.Count ? facts.LostNoughts[i] : null)];

    public bool IsMissing(SpooledRow row, int column) => IsMissing(row.Values[column], column, row.Subject, row.RowNumber);

    public bool IsMissing(in Cell cell, int column, int subject, int row) => MissingMarkers.IsMissing(cell)
        || (_sentinels[column] is { } none && NumberIn(cell, column) is { } number && none.Contains(number))
        || (_lost[column] is { } lost && lost.TryGetValue(subject, out var rows) && row >= rows.From && row <= rows.To && NumberIn(cell, column) <= 0);

    /// <summary>Whether a row has no value.</summary>
    public bool IsEmpty(SpooledRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            if (!IsMissing(row, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a row has a value that is not zero.</summary>
    public bool HasAmount(SpooledRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            if (!IsMissing(row, i) && NumberIn(row.Values[i], i) is not (null or 0))
            {
                return true;
            }
        }

        return false;
    }

    public double? NumberIn(in Cell cell, int column) => DecimalColumn.NumberIn(cell, _decimalComma[column]);
}
