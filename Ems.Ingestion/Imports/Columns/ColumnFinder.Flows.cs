using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Columns;

/// <content>What a plant, a battery, the grid and a house exchange tells each other again.</content>
internal sealed partial class ColumnFinder
{
    /// <exception cref="ImportFaultException">The sender does not say which of them to take.</exception>
    private void RefusePlaceFlows()
    {
        if (table.Told is not null)
        {
            return;
        }

        foreach (var columns in _found.Where(column => column is { IsSaidByRow: false, Metric: "energy" or "active_power" or "energy_import_register" }).Concat(Unnamed()).GroupBy(column => column.Metric).Select(columns => columns.ToList()).ToList())
        {
            if (PlaceFlows.Find(columns) is not { } flows)
            {
                continue;
            }

            var open = columns.FindAll(column => told.Find(column.Index) is null or { Purpose: ColumnRole.Value, Metric: null });
            if (open.Count == columns.Count)
            {
                throw AskFor(flows, columns);
            }

            foreach (var column in open)
            {
                _found.Remove(column);
                _unnamed.Remove(column.Index);
                LeaveOut(column.Index, "what plant, battery, grid and house exchange is in the columns that the mapping takes once more; map it to a meter of its own to keep it");
            }
        }
    }

    private bool FallsBelowZero(ValueColumn column) => table.Filled(column.Index).Any(cell => (DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true)) < 0);

    private ImportFaultException AskFor(PlaceFlows flows, List<ValueColumn> columns)
    {
        var isSaid = IsOfOne || _subject.Type is not null;
        var used = Answer([.. flows.Used.Take(isSaid ? 1 : flows.Used.Count)], isSaid ? null : flows.Made);
        var bought = Answer(flows.Bought is { } column ? [column] : [], null);
        // What may count either way is no guess.
        var guess = used.Count == 0 || (flows.Bought is { } grid && Directions.FlowsIn(grid.Header)) ? bought : used;
        string[] answers = [.. new[] { guess, guess == used ? bought : used }.Where(answer => answer.Count > 0).Select(answer => ImportMapping.Written(answer))];
        var other = bought.Count > 0 ? $"{(used.Count > 0 ? ", or " : "Send ")}{ImportMapping.Written(bought)} for what the grid delivers{(FallsBelowZero(flows.Bought!) ? ", with \"export\": true if its numbers above zero are what goes there" : "")}" : "";
        return Fault(
            ImportFault.AmbiguousMapping,
            $"More than one column is {columns[0].Metric}, and they are no consumers beside each other: what a plant, a battery, the grid and a house exchange is there more than once. "
                + (answers.Length == 0 ? "Say in the mapping which to take." : $"{(used.Count > 0 ? $"Send {ImportMapping.Written(used)} for what is used{(used.Exists(said => said.Export == true) ? " and what the plant makes" : "")}" : "")}{other}. The others are left out then."),
            columns[0].Header, answers.Length > 0 ? answers : [.. columns.Select(found => found.Header)],
            [.. guess.Select(said => said with { Role = ColumnRole.Value, Confidence = 0.4, Reason = "it tells the others, or is in them" }), .. columns.Where(found => guess.Count > 0 && !guess.Exists(said => said.Position == found.Index + 1)).Select(found => new MappedColumn(found.Header) { Position = found.Index + 1, Role = ColumnRole.Ignored, Confidence = 0.4, Reason = "it is in the others once more" })]);

        List<MappedColumn> Answer(IReadOnlyList<ValueColumn> kept, ValueColumn? made) =>
            [.. kept.Concat(kept.Count > 0 && made is not null ? [made] : []).Select(found => Registered(found, new MappedColumn(found.Header)
            {
                Position = found.Index + 1, Metric = found.Metric, Unit = found.SourceUnit.Length > 0 ? found.SourceUnit : null,
                EquipmentId = isSaid || kept.Count == 1 && made is null ? null : IdOf(found), Export = found == made ? true : null,
            }))];
    }
}
