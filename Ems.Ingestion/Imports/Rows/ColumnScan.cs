using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Pass over the spooled rows of a sheet: what the numbers of whole columns tell, once their decimal signs are known.</summary>
internal sealed class ColumnScan(SheetFacts facts, ImportForm form)
{
    private readonly CellReader _cells = new(facts);
    private readonly Sentinels[] _sentinels = [.. facts.Layout.Columns.Select(_ => new Sentinels())];
    private readonly TotalColumns _totals = new(facts.Layout.Columns);
    private readonly Growth _growth = new(facts.Layout.Columns.Count);

    /// <summary>The facts with what the columns tell, and the assumptions that this takes.</summary>
    /// <exception cref="ImportFaultException">A column may be a register.</exception>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Run(string rowsPath, CancellationToken cancellationToken)
    {
        var numbers = new double?[facts.Layout.Columns.Count];
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, numbers.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = _cells.NumberIn(row.Values[i], i);
                if (numbers[i] is { } number)
                {
                    _sentinels[i].Note(number);
                    _growth.Note(row.Subject, i, number);
                }
            }

            _totals.Note(numbers);
        }

        RefuseUndeclaredRegisters();
        var totals = _totals.Find();
        return (
            facts with { Sentinels = [.. _sentinels.Select(column => column.Find())], TotalColumns = totals },
            [.. totals.Select(i => new ImportAssumption("left_out", facts.Layout.Columns[i].Header, "it is the sum of the other columns"))]);
    }

    private void RefuseUndeclaredRegisters()
    {
        for (var i = 0; i < facts.Layout.Columns.Count; i++)
        {
            var column = facts.Layout.Columns[i];
            var told = form.Metric == column.Metric || form.Mapping?.Columns.Any(mapped => mapped.IsHeaded(column.Header) && mapped.Metric == column.Metric) == true
                || column.Header == column.Metric || facts.Layout.Time.HasEnds;
            if (column is { Metric: "energy", Kind: QuantityKind.Interval } && !told && _growth.IsRegister(i))
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.AmbiguousMapping,
                    $"The column {column.Header} only grows, as a register does, but its header names energy. Send metric.",
                    facts.Layout.Sheet, facts.Layout.HeaderRow, column.Header, ["energy_import_register", "energy"])
                {
                    Guess = new ImportMapping
                    {
                        Columns = [new MappedColumn(column.Header)
                        {
                            Role = ColumnRole.Value, Metric = "energy_import_register", Unit = column.SourceUnit, EquipmentId = column.EquipmentId,
                            Confidence = 0.6, Reason = "its values only grow, as those of a register do",
                        }],
                    },
                });
            }
        }
    }
}
