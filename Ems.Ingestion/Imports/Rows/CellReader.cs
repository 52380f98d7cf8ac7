using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Reads the numbers of value columns.</summary>
internal sealed class CellReader(SheetFacts facts)
{
    public bool IsMissing(in Cell cell, int column) => MissingMarkers.IsMissing(cell)
        || (facts.Sentinels[column].Count > 0 && NumberIn(cell, column) is { } number && facts.Sentinels[column].Contains(number));

    public double? NumberIn(in Cell cell, int column) => DecimalColumn.NumberIn(cell, facts.DecimalComma[column]);
}
