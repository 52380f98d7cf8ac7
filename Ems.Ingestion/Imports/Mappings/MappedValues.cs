using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>Makes columns of values of what a mapping says about them.</summary>
internal sealed class MappedValues(SheetTable table, QuantityUnits units, List<ImportAssumption> assumptions)
{
    /// <param name="told">With a metric, which may be one of the sender's own.</param>
    /// <exception cref="ImportFaultException">What is told cannot be.</exception>
    public ValueColumn Take(int column, string name, MappedColumn told, Unit? headerUnit)
    {
        if (MetricCatalogue.Find(told.Metric!) is not { } metric && !MetricCatalogue.TryFind(told.Metric, out metric))
        {
            return TakeOwn(column, name, told, headerUnit);
        }

        var said = told.Unit is { } text ? units.Parse(text, name) : headerUnit;
        var ofRow = said is null ? units.OfRows(metric) : null;
        var unit = said ?? ofRow ?? units.Assume(name, metric, told.Column);
        var kind = told.Kind ?? metric.Kind;
        return unit.Dimension != metric.Dimension ? throw Fault(ImportFault.AmbiguousMapping, $"The column {name} is {metric.Name}, which has no unit {unit.Symbol}.", name, [metric.Unit])
            : !metric.CanBe(kind) ? throw Fault(
                ImportFault.DataValidationFailed, $"The mapping says that the column {name} is {metric.Name} of the kind {Name(kind)}, which it cannot be.", name,
                [Name(metric.Kind), .. metric.OtherKind is { } other ? (string[])[Name(other)] : []])
            : new ValueColumn(column, name, told.EquipmentId, metric.Name, kind, metric.Unit, unit.Symbol)
            {
                HasUnitOfRow = ofRow is not null,
                IsExport = told.Export == true,
                IsDirectionTold = told.Export is not null,
                IsKindTold = told.Kind is not null || (metric.OtherKind is null && !told.IsGuess),
            };
    }

    /// <summary>A metric that the system does not know is kept as it is, in its own unit.</summary>
    private ValueColumn TakeOwn(int column, string name, MappedColumn told, Unit? headerUnit)
    {
        var unit = told.Unit ?? headerUnit?.Symbol ?? throw Fault(
            ImportFault.DataValidationFailed, $"The mapping keeps the column {name} as {told.Metric}, which is no metric of the system: say its unit (1 where it has none).", name);
        var kind = told.Kind ?? (Units.TryParse(unit, out var known) && known.Dimension is Dimension.Energy or Dimension.Volume ? QuantityKind.Interval : QuantityKind.Level);
        assumptions.Add(new ImportAssumption("metric", $"{name}: {told.Metric} in {unit}", "the mapping keeps it under a name of its own"));
        return new ValueColumn(column, name, told.EquipmentId, told.Metric!, kind, unit, unit);
    }

    private static string Name(QuantityKind kind) => kind.ToString().ToLowerInvariant();

    private ImportFaultException Fault(string code, string message, string column, IReadOnlyList<string>? alternatives = null) =>
        new(new ImportFault(code, message, table.Sheet, table.HeaderRow, column, alternatives));
}
