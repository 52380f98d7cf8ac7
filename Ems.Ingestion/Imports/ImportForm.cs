using Ems.Core.Metering;

namespace Ems.Ingestion.Imports;

/// <summary>What the sender says about a file beside the file.</summary>
internal sealed record ImportForm
{
    public string? EquipmentId { get; init; }
    public string? Site { get; init; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; init; }
    public LabelMeaning? TimestampLabel { get; init; }

    /// <summary>For value columns whose header names none.</summary>
    public string? Metric { get; init; }

    /// <summary>For columns of its dimension whose header names none.</summary>
    public string? Unit { get; init; }
    public string? Sheet { get; init; }
    public ImportMapping? Mapping { get; init; }
}

/// <summary>What the sender decides where a file leaves a choice. All parts are optional.</summary>
internal sealed record ImportMapping
{
    public string? Sheet { get; init; }
    public int? HeaderRow { get; init; }

    /// <summary>Header of the column of timestamps.</summary>
    public string? TimestampColumn { get; init; }

    /// <summary><c>ymd</c>, <c>dmy</c> or <c>mdy</c>.</summary>
    public string? DateOrder { get; init; }

    /// <summary>Header of the column of equipment ids.</summary>
    public string? EquipmentColumn { get; init; }
    public IReadOnlyList<MappedColumn> Columns { get; init; } = [];
}

/// <summary>What one column means.</summary>
/// <param name="Column">Its header.</param>
/// <param name="Metric">Null leaves the column out.</param>
internal sealed record MappedColumn(string Column, string? Metric, string? Unit = null, string? EquipmentId = null);
