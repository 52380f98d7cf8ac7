using Ems.Core.Metering;

namespace Ems.Ingestion.Imports;

/// <summary>Something the file did not say.</summary>
internal sealed record ImportAssumption(string What, string Value, string Why);

/// <summary>What a column of values means.</summary>
/// <param name="Index">Position in the row, from 0.</param>
/// <param name="EquipmentId">The meter the column belongs to; null for the row's or the file's equipment.</param>
/// <param name="SourceUnit">Unit of the cells.</param>
internal sealed record ValueColumn(
    int Index, string Header, string? EquipmentId, string Metric, QuantityKind Kind, string Unit, string SourceUnit);

/// <summary>Where things are in a file.</summary>
/// <param name="Sheet">Empty in a file without sheets.</param>
/// <param name="HeaderRow">As a person counts, from 1.</param>
/// <param name="EquipmentColumn">Of a long layout.</param>
internal sealed record Layout(
    string Sheet, int HeaderRow, int TimeColumn, string TimeHeader, int? EquipmentColumn, string EquipmentId,
    IReadOnlyList<ValueColumn> Columns, IReadOnlyList<ImportAssumption> Assumptions)
{
    /// <summary>What the time column's header says about its labels.</summary>
    public LabelMeaning? LabelInHeader { get; init; }
}
