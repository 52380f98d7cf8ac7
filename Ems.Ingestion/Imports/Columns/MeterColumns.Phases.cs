using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Columns;

/// <content>The phases of a line, which are parts of one meter.</content>
internal sealed partial class MeterColumns
{
    private const int Phases = 3;

    private readonly List<ValueColumn> _totals = [];

    /// <summary>Those beside which phases are left out.</summary>
    public IReadOnlyList<ValueColumn> Totals => _totals;

    /// <summary>The phases of one line: their total alone, or where there is none, levels under names of their own, powers and energies as their sum.</summary>
    private bool TakePhases(List<ValueColumn> group)
    {
        if (FindTotalOfElements(group) is { } whole)
        {
            LeaveOutPhases(group.Where(column => column != whole), whole);
            return true;
        }

        if (group.Count > 1 && group.FindAll(column => column.Phase == AnalyserNames.BetweenLines) is [var between])
        {
            // It is of all phases as well, and no value of their mean.
            Replace(between, OfPhase(between, AnalyserNames.BetweenLines));
            group = group.FindAll(column => column != between);
            if (group.Count == 1)
            {
                return true;
            }
        }

        // Beside phases with letters it is no third one.
        var three = group.Count == Phases + 1 && !group.Exists(column => PhaseOf(column) is "1" or "2") ? group.Find(column => PartNames.AreThreePhases(column.Name)) : null;
        var phases = group.Where(column => column != three && PhaseOf(column) is not null).ToList();
        var totals = group.Except(phases).ToList();
        if (phases.Count < 2 || phases.DistinctBy(PhaseOf).Count() < phases.Count || totals.Count > 1 || !totals.TrueForAll(IsTotal))
        {
            return false;
        }

        var (metric, kind) = (phases[0].Metric, phases[0].Kind);
        if (totals.Count == 0 && phases.Count == Phases && kind == QuantityKind.Interval && MetricCatalogue.RegisterOf(MetricCatalogue.Find(metric)!) is { } register
            && columns.FindAll(column => column.Metric == register.Name && column is { EquipmentId: null, Part: null } && IsTotal(column)) is [var counted])
        {
            // Of which the sender says that it is a register, and so are they.
            LeaveOutPhases(phases, counted);
        }
        else if (totals is [var total])
        {
            LeaveOutPhases(phases, total);
        }
        else if (IsOfOnePhase(metric))
        {
            phases.ForEach(column => Replace(column, OfPhase(column, PhaseOf(column)!)));
        }
        else if (kind == QuantityKind.Register)
        {
            phases.ForEach(column => TakePart(column, column.Name));
        }
        else if (phases.Count == Phases && phases.DistinctBy(column => column.SourceUnit).Count() == 1)
        {
            phases.ForEach(column => Replace(column, column with { IsAddend = true }));
            assumptions.Add(new ImportAssumption("sum", $"{metric}: {HeadersOf(phases)}", "they are the phases of one line: its value is their sum, where all of them have one"));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void LeaveOutPhases(IEnumerable<ValueColumn> phases, ValueColumn total)
    {
        _totals.Add(total);
        _needless.AddRange(phases.Select(column => (column, WhyPhase(total.Header))));
    }

    /// <summary>Why a phase is left out beside the total of this header.</summary>
    public static string WhyPhase(string total) => $"it is of one phase, and {total} of all; map it to a metric of its own name to keep it";

    /// <summary>The total of three columns that are called as buildings and machines are, too; null where name and numbers do not both say that they are phases.</summary>
    private ValueColumn? FindTotalOfElements(List<ValueColumn> group)
    {
        if (group.Count != Phases + 1 || group.FindAll(IsTotal) is not [var total])
        {
            return null;
        }

        var parts = group.FindAll(column => column != total);
        return parts.TrueForAll(column => PartNames.ElementIn(column.Name) is not null) && parts.DistinctBy(column => PartNames.ElementIn(column.Name)).Count() == Phases && IsSum(total, parts) ? total : null;
    }

    private ValueColumn OfPhase(ValueColumn column, string phase)
    {
        var own = $"{column.Metric}_{phase}";
        assumptions.Add(new ImportAssumption("metric", $"{column.Header}: {own} in {column.SourceUnit}", "it is of one phase, and kept under a name of its own"));
        return column with { Metric = own, Unit = column.SourceUnit };
    }

    /// <summary>Whether each phase has its own, which are never added.</summary>
    public static bool IsOfOnePhase(string metric) => metric is "voltage" or "current" or "power_factor" or "frequency";

    private static bool IsTotal(ValueColumn column) => column.Phase is "" || (column.Phase is null && PartNames.IsTotal(column.Name));

    private static string? PhaseOf(ValueColumn column) => column.Phase is { } phase ? (phase.Length > 0 ? phase : null) : PartNames.PhaseIn(column.Name, mayBeLetter: column.KnownMetric is "voltage" or "current");
}
