using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>The first rows of a sheet.</summary>
internal sealed record SheetSample(string Name, IReadOnlyList<SampleRow> Rows)
{
    private const int MaxRows = 500;
    private const int MaxCells = 200_000;

    /// <summary>Whether the sheet may have more rows.</summary>
    public bool IsCut { get; private init; }

    /// <inheritdoc cref="ITableSource.Is1904"/>
    public bool Is1904 { get; private init; }

    /// <inheritdoc cref="ITableSource.Zone"/>
    public string? Zone { get; private init; }

    /// <summary>The year of times that lack it; null where they are looked for as they stand.</summary>
    public NamedDate? Named { get; init; }

    /// <summary>What the file told that these are rows of; null unless they come from a workbook of rejected rows.</summary>
    public WholeFile? Told { get; init; }

    public static SheetSample Take(ITableSource source)
    {
        var rows = new List<SampleRow>();
        var cells = 0;
        while (rows.Count < MaxRows && cells < MaxCells && source.ReadRow())
        {
            if (source.Cells.Any(cell => cell.Kind != CellKind.Empty))
            {
                rows.Add(new SampleRow(source.RowNumber, [.. source.Cells]));
                cells += source.Cells.Count;
            }
        }

        return new SheetSample(source.SheetName, rows) { IsCut = rows.Count == MaxRows || cells >= MaxCells, Is1904 = source.Is1904, Zone = source.Zone };
    }
}

/// <summary>A row that is not empty.</summary>
/// <param name="Number">As a person counts, from 1.</param>
internal sealed record SampleRow(int Number, Cell[] Cells)
{
    public Cell this[int index] => index < Cells.Length ? Cells[index] : Cell.Empty;

    /// <summary>The row with another cell in a column that it has.</summary>
    public SampleRow With(int column, Cell cell) => column >= Cells.Length || cell == Cells[column] ? this : this with { Cells = [.. Cells[..column], cell, .. Cells[(column + 1)..]] };

    public int Filled => Cells.Count(cell => cell.Kind != CellKind.Empty);
}
