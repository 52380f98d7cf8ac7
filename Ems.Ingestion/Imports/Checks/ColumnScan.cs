using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Pass over the spooled rows of a sheet: what the numbers of whole columns tell, once their decimal signs are known.</summary>
internal sealed class ColumnScan(SheetFacts facts, ImportForm form)
{
    private readonly CellReader _cells = new(facts);
    private readonly Sentinels[] _sentinels = [.. facts.Layout.Columns.Select(_ => new Sentinels())];
    private readonly TotalColumns _totals = new(facts.Layout.Columns);
    private readonly LostNoughts _noughts = new(facts.Layout.Columns.Count);
    private readonly Growth _growth = new(facts.Layout.Columns.Count, facts.Order);

    private readonly SignChecks _signs = new(facts);

    /// <summary>The facts with what the columns tell, and the assumptions that this takes.</summary>
    /// <exception cref="ImportFaultException">One metric cannot be that of all rows, or a column may be a register, or none, or flows out and in.</exception>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Run(string rowsPath, CancellationToken cancellationToken)
    {
        MixedRows.Refuse(facts, form);
        var numbers = new double?[facts.Layout.Columns.Count];
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, numbers.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _growth.NoteTime(row.Subject, row.Time);

            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = _cells.NumberIn(row.Values[i], i);
                if (numbers[i] is { } number)
                {
                    _sentinels[i].Note(number);
                    _growth.Note(row.Subject, i, number);
                    if (facts.Layout.Columns[i] is { Kind: QuantityKind.Register } or { IsSaidByRow: true })
                    {
                        _noughts.Note(row.Subject, i, number, row.RowNumber);
                    }

                    _signs.Note(row.Subject, i, number, row.RowNumber);
                }
            }

            _totals.Note(numbers);
        }

        _signs.Refuse();
        var (settled, kinds) = new RegisterChecks(facts, form, _growth).Settle();
        var quantities = new Quantities(settled.Layout, settled.Subjects);
        var totals = facts.Layout.WholeFile is { } told ? Named(told.TotalColumns) : _totals.Find();
        // What is left out is no value of a proposal: sent back, it would be one that the sender wants.
        var layout = settled.Layout with { Proposal = [.. settled.Layout.Proposal.Select(column => totals.FirstOrDefault(total => IsOf(column, total.Key)) is { Value: { } why } ? ColumnProposals.Ignored(column.Column, why) with { Position = column.Position } : column)] };
        return (
            settled with
            {
                Layout = layout,
                Sentinels = [.. _sentinels.Select(column => column.Find())],
                LostNoughts = [.. settled.Layout.Columns.Select((_, i) => _noughts.Find(i, subject => quantities.Of(i, subject) is { Kind: QuantityKind.Register, Fault: null }, _growth.IsNewestFirst))],
                TotalColumns = totals.Keys.ToHashSet(),
            },
            [.. kinds, .. _signs.SayFew(), .. totals.Select(total => new ImportAssumption("left_out", facts.Layout.Columns[total.Key].Header, total.Value))]);
    }

    private bool IsOf(MappedColumn proposal, int column) =>
        facts.Layout.Columns[column] is var value && (proposal.Position is { } position ? position == value.Index + 1 : proposal.Column == value.Header);

    private Dictionary<int, string> Named(IReadOnlyCollection<string> headers) =>
        Enumerable.Range(0, facts.Layout.Columns.Count).Where(i => headers.Contains(facts.Layout.Columns[i].Header))
            .ToDictionary(i => i, _ => "it is a sum of other columns in the whole file");
}
