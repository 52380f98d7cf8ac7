using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Sites;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>Checks a mapping as far as no file is needed for it.</summary>
internal static class MappingChecks
{
    private const int MaxColumns = 16_384;

    public static IReadOnlyList<FieldFault> FaultsOf(ImportMapping mapping)
    {
        var faults = Unknown(mapping.Unknown, "mapping");
        faults.AddIf(mapping.DateOrder is null or "ymd" or "dmy" or "mdy" ? null : $"is '{mapping.DateOrder}'; it must be ymd, dmy or mdy.", "mapping.date_order");
        faults.AddIf(mapping.DecimalSign is null or "." or "," ? null : $"is '{mapping.DecimalSign}'; it must be . or a comma.", "mapping.decimal_sign");
        faults.AddIf(mapping.IntervalEnd is null or "day" or "month" ? null : $"is '{mapping.IntervalEnd}'; it must be day or month.", "mapping.interval_end");
        faults.AddIf(mapping.HeaderRow is null or >= 0 ? null : "must be 0 or more; rows count from 1.", "mapping.header_row");
        var columns = mapping.Columns ?? [];
        faults.AddIf(columns.Count > MaxColumns ? $"has {columns.Count} entries; at most {MaxColumns} are allowed." : null, "mapping.columns");
        var seen = new HashSet<(string, string?, int?)>();
        for (var i = 0; i < Math.Min(columns.Count, MaxColumns); i++)
        {
            Check(columns[i], $"mapping.columns[{i}]", seen, faults);
        }

        foreach (var (name, id) in mapping.Equipment ?? new Dictionary<string, string>())
        {
            faults.AddIf(Identifier.FaultOf(id), $"mapping.equipment['{name}']");
        }

        return faults;
    }

    /// <summary>
    /// The mapping as its sender means it: what a proposal was sure of is over once it is sent, and a guess stays one. What a stored one
    /// has that is not known any more does not come back.
    /// </summary>
    public static ImportMapping AsSent(ImportMapping mapping) => mapping with
    {
        Columns = [.. (mapping.Columns ?? []).Select(column => column with { Confidence = column.IsGuess ? column.Confidence : null, Reason = null, Unknown = null })],
        Equipment = mapping.Equipment ?? new Dictionary<string, string>(),
        Unknown = null,
    };

    private static List<FieldFault> Unknown(Dictionary<string, JsonElement>? fields, string of) =>
        [.. (fields ?? []).Keys.Select(name => new FieldFault($"{of}.{name}", "is not a field of a mapping: data/preview proposes those that there are."))];

    private static void Check(MappedColumn? column, string field, HashSet<(string, string?, int?)> seen, List<FieldFault> faults)
    {
        if (string.IsNullOrWhiteSpace(column?.Column))
        {
            faults.Add(new FieldFault($"{field}.column", "is missing: it is the header of a column."));
            return;
        }

        faults.AddRange(Unknown(column.Unknown, field));
        var isRepeated = !seen.Add((MappedColumn.Normal(column.Column).ToUpperInvariant(), column.Sheet, column.Position));
        faults.AddIf(isRepeated ? $"'{column.Column}' is there already: where columns share a header, give their position." : null, $"{field}.column");
        faults.AddIf(column.Role is { } role && !Enum.IsDefined(role) ? "is no role." : null, $"{field}.role");
        faults.AddIf(column.Kind is { } kind && !Enum.IsDefined(kind) ? "is no kind: register, interval or level." : null, $"{field}.kind");
        faults.AddIf(column.Metric is null ? null : Identifier.FaultOf(column.Metric), $"{field}.metric");
        faults.AddIf(column.Unit is null ? null : UnitFault(column), $"{field}.unit");
        faults.AddIf(column.EquipmentId is null ? null : Identifier.FaultOf(column.EquipmentId), $"{field}.equipment_id");
        faults.AddIf(
            column.Part is null ? null
            : column.Metric is null || column.EquipmentId is not null || column.Column == ImportMapping.Matrix ? "is for a column of a metric, without equipment_id."
            : Identifier.FaultOf(column.Part),
            $"{field}.part");
        faults.AddIf(
            column.Export is not true || (column.Metric is not null && MetricCatalogue.TryFind(column.Metric, out var flows) && flows.Name is "energy" or "active_power" or "energy_import_register") ? null
            : "is for a column of the metric energy, active_power or energy_import_register.",
            $"{field}.export");
        faults.AddIf(column.Position is null or > 0 ? null : "must be 1 or more.", $"{field}.position");
        faults.AddIf(column is { Purpose: not ColumnRole.Value, Metric: not null } ? "is given, but the column's role is not value." : null, $"{field}.metric");
    }

    private static string? UnitFault(MappedColumn column) =>
        column.Unit!.Length is 0 or > 32 || column.Unit.Any(char.IsControl) ? "must have 1 to 32 printable characters."
        : column.Metric is not null && MetricCatalogue.TryFind(column.Metric, out var metric) && Units.TryParse(column.Unit, out var unit) && unit.Dimension != metric.Dimension
            ? $"is {unit.Symbol}, which {metric.Name} cannot have; its own is {metric.Unit}."
        : null;
}
