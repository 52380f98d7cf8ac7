using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Reads the numbers of value columns.</summary>
internal sealed class CellReader(SheetFacts facts)
{
    public bool IsMissing(in Cell cell, int column) => MissingMarkers.IsMissing(cell)
        || (facts.Sentinels[column].Count > 0 && NumberIn(cell, column) is { } number && facts.Sentinels[column].Contains(number));

    /// <summary>Whether a row has no value.</summary>
    public bool IsEmpty(SpooledRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            if (!IsMissing(row.Values[i], i))
            {
                return false;
            }
        }

        return true;
    }

    public double? NumberIn(in Cell cell, int column) => DecimalColumn.NumberIn(cell, facts.DecimalComma[column]);
}
