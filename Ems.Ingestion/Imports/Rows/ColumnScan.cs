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
    private readonly Quantities _quantities = new(facts.Layout, facts.Subjects);
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
        var found = Enumerable.Range(0, facts.Layout.Columns.Count).Where(i => !facts.Layout.Columns[i].IsKindTold && !facts.Layout.Time.HasEnds)
            .Select(i => (Column: facts.Layout.Columns[i], Metric: UndeclaredRegisterIn(i))).Where(found => found.Metric is not null).ToList();
        if (found.Count == 0)
        {
            return;
        }

        var (first, metric) = found[0];
        var hasOwnMetric = !first.IsSaidByRow && metric!.OtherKind is null;
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            hasOwnMetric ? $"The column {first.Header} only grows, as a register does, but its header names energy. Send metric."
            : $"The column {first.Header} only grows, as a register does, but nothing says that it is one of {metric!.Name}. Send its kind in the mapping.",
            facts.Layout.Sheet, facts.Layout.HeaderRow, first.Header, hasOwnMetric ? [MetricCatalogue.RegisterOf(metric!)!.Name, metric!.Name] : ["register", "interval"])
        {
            Guess = new ImportMapping { Columns = [.. found.Select(entry => Register(entry.Column, entry.Metric!))] },
        });
    }

    /// <summary>What the values of a column are taken for, though they only grow; null where they do not, or what they are is told.</summary>
    private Metric? UndeclaredRegisterIn(int column)
    {
        var header = facts.Layout.Columns[column].Header;
        var amounts = Enumerable.Range(0, facts.Subjects.Count).Where(subject => _quantities.Of(column, subject) is { Kind: QuantityKind.Interval, Fault: null } quantity
            && quantity.Metric != header && quantity.Metric != facts.Subjects[subject].Metric);
        return amounts.GroupBy(subject => _quantities.Of(column, subject).Metric).Select(subjects => (Metric: MetricCatalogue.Find(subjects.Key), Subjects: subjects.ToHashSet()))
            .Where(group => group.Metric is { } metric && MetricCatalogue.RegisterOf(metric) is not null && !(metric.OtherKind is null && form.Metric == metric.Name))
            .FirstOrDefault(group => _growth.IsRegister(column, group.Subjects.Contains)).Metric;
    }

    private MappedColumn Register(ValueColumn column, Metric metric) => new(facts.Layout.Matrix.Count > 0 ? ImportMapping.Matrix : column.Header)
    {
        Role = ColumnRole.Value,
        Metric = column.IsSaidByRow ? null : MetricCatalogue.RegisterOf(metric)!.Name,
        Unit = column.IsSaidByRow || column.HasUnitOfRow ? null : column.SourceUnit,
        Kind = QuantityKind.Register,
        EquipmentId = column.EquipmentId,
        Confidence = 0.6,
        Reason = "its values only grow, as those of a register do",
    };
}
