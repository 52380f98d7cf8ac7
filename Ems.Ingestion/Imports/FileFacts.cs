using Ems.Core.Metering;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>What only the whole file tells.</summary>
/// <param name="Rows">Rows of the file below its header.</param>
/// <param name="DecimalComma">For each value column.</param>
/// <param name="TotalColumns">Positions among the value columns that are the sum of the others.</param>
/// <param name="Series">By equipment; the empty name is that of a file without an equipment column.</param>
internal sealed record FileFacts(
    Layout Layout, int Rows, DateOrder Order, IReadOnlyList<bool> DecimalComma, IReadOnlySet<int> TotalColumns,
    IReadOnlyDictionary<string, SeriesFacts> Series, IReadOnlyList<ImportAssumption> Assumptions);

/// <summary>How the labels of one equipment follow each other.</summary>
/// <param name="Step">Nominal; zero when there are no two labels.</param>
internal readonly record struct SeriesFacts(Duration Step, LabelOrder Order);
