using Ems.Core.Metering;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What the values of a column are in the rows of one subject.</summary>
/// <param name="Fault">Why they are nothing that can be stored.</param>
internal sealed record Quantity(string Metric, QuantityKind Kind, string CanonicalUnit, Unit? SourceUnit, string? Fault = null);

/// <summary>Decides what values are from their header, and from the unit, the metric and the carrier that stand beside them.</summary>
internal sealed class Quantities(Layout layout, IReadOnlyList<RowSubject> subjects)
{
    private readonly Quantity?[] _fixed = [.. layout.Columns.Select(column => column.IsSaidByRow ? null : Of(column))];
    private readonly Dictionary<(int Column, string? Type, string? Metric, string? Unit), Quantity> _byRow = [];

    public Quantity Of(int column, int subject)
    {
        if (_fixed[column] is { } known)
        {
            return known;
        }

        var said = subjects[subject];
        var key = (column, said.Type, said.Metric, said.Unit);
        if (!_byRow.TryGetValue(key, out var quantity))
        {
            _byRow[key] = quantity = Decide(layout.Columns[column].Header, said);
        }

        return quantity;
    }

    /// <summary>A metric of the sender's own stays in its own unit.</summary>
    private static Quantity Of(ValueColumn column) => new(
        column.Metric, column.Kind, column.Unit,
        MetricCatalogue.Find(column.Metric) is null ? new Unit(column.SourceUnit, Dimension.Ratio, 1)
        : Units.TryParse(column.SourceUnit, out var unit) ? unit
        : throw new InvalidOperationException($"There is no unit {column.SourceUnit}."));

    private static Quantity Decide(string header, RowSubject said)
    {
        var reading = HeaderReader.Read(header);
        var named = said.Metric is null ? null : HeaderReader.Read(said.Metric);
        if (said.Unit is not null && !Units.TryParse(said.Unit, out _))
        {
            return Unknown($"The unit {said.Unit} is not known.");
        }

        var unit = Units.TryParse(said.Unit, out var written) ? written : named?.Unit ?? reading.Unit;
        var carrier = Carriers.Find(said.Type) ?? Carriers.Find(header) ?? Carriers.Find(said.Name);
        var metric = named?.Metric is { } byName && (unit is null || byName.Dimension == unit.Dimension) ? byName
            : unit is null ? reading.Metric
            : Carriers.MetricOf(carrier, unit.Dimension) ?? (reading.Metric?.Dimension == unit.Dimension ? reading.Metric : null);
        if (metric is null)
        {
            return Unknown(unit is null
                ? "Neither the header nor the row says what is measured."
                : $"There is no metric for {unit.Symbol} of {carrier ?? said.Type ?? "an unknown carrier"}.");
        }

        unit ??= metric.Dimension is Dimension.Energy or Dimension.ActivePower or Dimension.Volume ? null
            : Units.TryParse(metric.Unit, out var canonical) ? canonical : null;
        return unit is null ? Unknown($"The row does not say the unit of {metric.Name}.") : new Quantity(metric.Name, metric.Kind, metric.Unit, unit);
    }

    private static Quantity Unknown(string why) => new("", QuantityKind.Level, "", null, why);
}
