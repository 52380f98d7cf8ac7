using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Layouts;

/// <content>What columns are beside each other, once all of them are found.</content>
internal sealed partial class ColumnFinder
{
    private void RefuseSeveralSaidByRow()
    {
        var said = _found.Where(column => column.IsSaidByRow).ToList();
        if (said.Count > 1)
        {
            throw Fault(ImportFault.AmbiguousMapping, "More than one column can hold the values that the rows describe. Say in the mapping which to leave out.", said[0].Header, [.. said.Select(column => column.Header)], ColumnProposals.KeepFirst(said));
        }
    }

    /// <summary>What flows out beside what flows in is no consumption of another meter.</summary>
    private void LeaveOutExports()
    {
        var (needless, open, alone) = Directions.FindExports([.. _found.Where(column => column is { Metric: "energy", EquipmentId: null, IsSaidByRow: false } && told.Find(column.Index) is null)]);
        if (open.Count > 0)
        {
            throw Several(open, "They count in different directions, and some of it more than once. Say in the mapping which to take, and give others a meter of their own or the role ignored.");
        }

        foreach (var column in needless)
        {
            _found.Remove(column);
            LeaveOut(column.Index, "it counts what flows out or is produced, which is no consumption; map it to a meter of its own with export to keep it");
        }

        if (alone.Count > 0)
        {
            assumptions.Add(new ImportAssumption("direction", string.Join(", ", alone.Select(column => column.Header)), "what flows out is taken as it is, above zero: nothing else is there"));
        }
    }

    private void NameMeters(bool rowsNameCarriers)
    {
        var meters = new MeterColumns(table, form, _found, IsOfOne, _parts, assumptions) { IsOfMapped = IsOfMapped };
        var needless = meters.Name(rowsNameCarriers);
        var open = meters.Open.Count > 0 ? meters.Open : [.. needless.Select(left => left.Column).Where(column => told.Find(column.Index)?.Metric is not null)];
        if (open.Count > 0)
        {
            throw Several(open, "Say in the mapping which to take, or which meter each belongs to.");
        }

        foreach (var (column, why) in needless)
        {
            LeaveOut(column.Index, why);
        }
    }

    private ImportFaultException Several(IReadOnlyList<ValueColumn> open, string answer) => Fault(
        ImportFault.AmbiguousMapping, $"More than one column is {open[0].Metric}. {answer}", open[0].Header, [.. open.Select(column => column.Header)], ColumnProposals.KeepFirst(open));

    private void LeaveOutOtherReadings(bool isBill)
    {
        foreach (var (column, why) in RegisterReadings.FindNeedless([.. _found.Where(column => told.Find(column.Index) is null)], isBill).ToList())
        {
            _found.Remove(column);
            LeaveOut(column.Index, why);
        }
    }

    private void LeaveOutWithoutNumbers()
    {
        foreach (var group in _without.GroupBy(_evidence.ContentOf))
        {
            var columns = group.ToList();
            var more = columns.Count > MostShown ? $" and {columns.Count - MostShown} more" : "";
            var why = $"{(columns.Count == 1 ? "it holds" : "they hold")} {group.Key}";
            assumptions.Add(new ImportAssumption("left_out", $"{string.Join(", ", columns.Take(MostShown).Select(table.HeaderOf))}{more}", why));
            columns.ForEach(column => _ignored[column] = ColumnProposals.Ignored(table.HeaderOf(column), $"it holds {group.Key}"));
        }
    }
}
