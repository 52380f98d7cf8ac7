using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What the values of a column are in the rows of one subject.</summary>
/// <param name="Fault">Why they are nothing that can be stored.</param>
internal sealed record Quantity(string Metric, QuantityKind Kind, string CanonicalUnit, Unit? SourceUnit, string? Fault = null)
{
    /// <summary>What all of its values have in common.</summary>
    public ValueMeaning Meaning { get; } = new(Metric, Kind, CanonicalUnit, SourceUnit?.Symbol ?? "");

    /// <summary>Null when the metric is the sender's own.</summary>
    public Metric? Known { get; } = MetricCatalogue.Find(Metric);

    /// <summary>Whether it flows out, which is below zero however the file writes it.</summary>
    public bool IsExport { get; private init; }

    public double ToCanonical(double written) => SourceUnit!.ToCanonical(IsExport ? -Math.Abs(written) : written);

    /// <summary>The same as it flows out: registers have a metric for it.</summary>
    public Quantity AsExport() =>
        Metric == "energy_import_register" ? new Quantity("energy_export_register", Kind, CanonicalUnit, SourceUnit, Fault)
        : Metric is "energy" or "active_power" ? this with { IsExport = true }
        : this;
}

/// <summary>Decides what values are from their header, and from the unit, the metric and the carrier that stand beside them.</summary>
internal sealed class Quantities(Layout layout, IReadOnlyList<RowSubject> subjects)
{
    private readonly Quantity?[] _fixed = [.. layout.Columns.Select(column => column.IsSaidByRow || column.HasUnitOfRow ? null : Of(column))];
    private readonly Dictionary<(int Column, string? Type, string? Metric, string? Unit, NamedCarriers Named, bool MayBeAsSent), Quantity> _byRow = [];
    private readonly NamedCarriers[] _carriers = [.. subjects.Select(subject => new NamedCarriers(Carriers.Find(subject.Name, Dimension.Energy), Carriers.Find(subject.Name, Dimension.Volume), Carriers.Find(subject.EquipmentId)))];

    private readonly bool[] _mayBeAsSent = MayBeAsSent(layout, subjects);

    private readonly Dictionary<Quantity, Quantity> _exports = [];

    /// <summary>Whether what the request says is of all rows that do not say themselves what is measured.</summary>
    public static bool AreAsSent(Layout layout, IReadOnlyList<RowSubject> subjects) => layout.WholeFile is { } file ? file.RowsAreAsSent
        : MayBeAsSent(layout, subjects) is var mayBe && Enumerable.Range(0, subjects.Count).All(i => mayBe[i] || IsKnown(subjects[i]));

    /// <summary>Of each subject. Beside any that are known, the request does not speak of what nobody knows, but of the channels of a meter that tell which way it flows.</summary>
    private static bool[] MayBeAsSent(Layout layout, IReadOnlyList<RowSubject> subjects)
    {
        var known = subjects.Where(IsKnown).Select(subject => (subject.EquipmentId, subject.Part)).ToHashSet();
        return [.. subjects.Select(subject => layout.WholeFile is { } file ? file.RowsAreAsSent || subject.Metric is null
            : known.Count == 0 || (subject.Part is { } part && Directions.AreChannel(part) && !known.Contains((subject.EquipmentId, part))))];
    }

    private static bool IsKnown(RowSubject subject) => subject.Metric is { } metric && HeaderReader.Read(metric).Metric is not null;

    public Quantity Of(int column, int subject)
    {
        var quantity = InRow(column, subject);
        if (!subjects[subject].IsExport && layout.Columns[column] is not { IsSaidByRow: true, IsExport: true })
        {
            return quantity;
        }

        if (!_exports.TryGetValue(quantity, out var export))
        {
            _exports[quantity] = export = quantity.AsExport();
        }

        return export;
    }

    private Quantity InRow(int column, int subject)
    {
        if (_fixed[column] is { } known)
        {
            return known;
        }

        var said = layout.Subject.WithUnits is { } own && own != layout.Columns[column].Index ? subjects[subject] with { Unit = null } : subjects[subject];
        var carriers = _carriers[subject];
        var key = (column, said.Type, said.Metric, said.Unit, carriers, _mayBeAsSent[subject]);
        if (!_byRow.TryGetValue(key, out var quantity))
        {
            var values = layout.Columns[column];
            _byRow[key] = quantity = values.IsSaidByRow ? Decide(values, said, carriers, layout.CarrierOfVolumes?.Carrier, _mayBeAsSent[subject], layout.Matrix.Count > 0 ? ImportMapping.Matrix : values.Header) : InUnit(values, said.Unit);
        }

        return quantity;
    }

    /// <summary>A metric of the sender's own stays in its own unit.</summary>
    private static Quantity Of(ValueColumn column) => column.IsExport ? OfFlow(column).AsExport() : OfFlow(column);

    private static Quantity OfFlow(ValueColumn column) => new(
        column.Metric, column.Kind, column.Unit,
        MetricCatalogue.Find(column.Metric) is null ? new Unit(column.SourceUnit, Dimension.Ratio, 1)
        : Units.TryParse(column.SourceUnit, out var unit) ? unit
        : throw new InvalidOperationException($"There is no unit {column.SourceUnit}."));

    private static Quantity InUnit(ValueColumn column, string? said) =>
        said is null ? Unknown($"The row does not say the unit of {column.Metric}.")
        : UnclearUnits.IsOne(said) ? Unknown(Unclear(said))
        : !Units.TryParse(said, out var unit) ? Unknown(UnknownUnits.Advise(said))
        : unit.Symbol == column.SourceUnit || MetricCatalogue.Find(column.Metric)?.Dimension == unit.Dimension ? Of(column with { SourceUnit = unit.Symbol })
        : Unknown($"{column.Metric} has no unit {unit.Symbol}.");

    /// <param name="carrierAround">What the texts around the table say that volumes are of; null where nothing does.</param>
    /// <param name="mapped">What a mapping calls the column.</param>
    private static Quantity Decide(ValueColumn column, RowSubject said, NamedCarriers carriers, string? carrierAround, bool mayBeAsSent, string mapped)
    {
        var reading = HeaderReader.Read(column.Header);
        var named = said.Metric is null ? null : HeaderReader.Read(said.Metric);
        if (said.Unit is { } open && UnclearUnits.IsOne(open))
        {
            if (UnclearUnits.Settle(open, column.SourceUnit) is not { } settled)
            {
                return Unknown(Unclear(open));
            }

            said = said with { Unit = settled.Symbol };
        }

        if (said.Unit is not null && !Units.TryParse(said.Unit, out _))
        {
            return Unknown(UnknownUnits.Advise(said.Unit));
        }

        var unit = Units.TryParse(said.Unit, out var written) ? written : named?.Unit ?? reading.Unit;
        var carrier = Carriers.Find(said.Type) ?? (unit is { Dimension: Dimension.Volume } ? Carriers.Find(said.Type, Dimension.Volume) : null) ?? Carriers.Find(column.Header, unit?.Dimension)
            ?? (unit is { Dimension: Dimension.Volume } ? carriers.OfName ?? carriers.OfId ?? (column.Metric.Length == 0 && Carriers.Find(said.Metric) is null ? carrierAround : null) : unit is { Dimension: Dimension.Energy or Dimension.ActivePower } ? carriers.OfEnergy : carriers.OfName);
        var byName = named?.Metric is { } name && (unit is null || name.Dimension == unit.Dimension) ? OfHeat(name, said.Metric!) : null;
        var metric = byName
            ?? (unit is null ? reading.Metric : Carriers.MetricOf(carrier, unit, said.Metric, said.Type, said.Name, column.Header) ?? (reading.Metric?.Dimension == unit.Dimension ? reading.Metric : null));
        var wanted = MetricCatalogue.Find(column.Metric) is { } asked && asked.Dimension == (unit?.Dimension ?? metric?.Dimension ?? (mayBeAsSent ? asked.Dimension : null))
            && (metric is null || metric == asked || MetricCatalogue.RegisterOf(metric) == asked || (byName is null && carrier is null)) ? asked : null;
        metric = wanted ?? metric;
        if (metric is null)
        {
            return Unknown(unit is null
                ? "Neither the header nor the row says what is measured."
                : unit.Dimension == Dimension.VolumeFlow ? $"Of flows there is a metric for air alone, and nothing says that these {unit.Symbol} are of air: send these rows alone with metric airflow if they are."
                : carrier is null && said.Type is { } unknown && unit.Dimension == Dimension.Volume ? $"Nothing says what the {unit.Symbol} of {unknown} are of: write Water or Gas in its place, or send these rows alone with metric."
                : (carrier ?? said.Type) is { } of ? $"There is no metric for {unit.Symbol} of {of}: send these rows alone, with a metric of your own in the mapping, as {{\"column\":\"{mapped}\",\"metric\":\"own_metric\",\"unit\":\"{unit.Symbol}\"}}."
                : $"There is no metric for {unit.Symbol} of an unknown carrier: add a column Type (Gas, Water), or send these rows alone with metric.");
        }

        unit ??= Units.TryParse(column.SourceUnit, out var told) && told.Dimension == metric.Dimension ? told
            : metric.Dimension is Dimension.Energy or Dimension.ActivePower or Dimension.Volume ? null
            : Units.TryParse(metric.Unit, out var canonical) ? canonical : null;
        if (unit is null)
        {
            return Unknown($"The row does not say the unit of {metric.Name}: write it into a column headed Unit.");
        }

        // What the row or the request names energy is none of a register, unless the sender says so.
        var isNamed = wanted is not null || (byName is not null && Carriers.Without(said.Metric!).Length > 0);
        return column.Kind == QuantityKind.Register && (metric.CanBe(QuantityKind.Register) || !isNamed || column.IsKindTold)
            && RegisterOf(metric, reading.Metric) is { } register
            ? new Quantity(register.Name, QuantityKind.Register, register.Unit, unit)
            : new Quantity(metric.Name, metric.Kind, metric.Unit, unit);
    }

    /// <summary>Energy that its row says is of heat has a metric of its own.</summary>
    private static Metric OfHeat(Metric named, string text) =>
        named is { Dimension: Dimension.Energy } && Carriers.Find(text, Dimension.Energy) == Carriers.Heat && !Carriers.FindAll(text).Any(carrier => carrier is Carriers.Electricity or Carriers.Gas) ? MetricCatalogue.Find(Carriers.Heat)! : named;

    /// <param name="named">By the header, which may say in which direction it counts.</param>
    private static Metric? RegisterOf(Metric metric, Metric? named) =>
        named is { Kind: QuantityKind.Register } && !metric.CanBe(QuantityKind.Register) && named.Dimension == metric.Dimension ? named : MetricCatalogue.RegisterOf(metric);

    private static string Unclear(string unit) => $"The unit {unit} can be mega or milli: write {UnclearUnits.Mega(unit)} in these rows if it is mega.";

    private static Quantity Unknown(string why) => new("", QuantityKind.Level, "", null, why);

    /// <param name="OfEnergy">That the name of a meter says of its energy.</param>
    /// <param name="OfName">That it says of all else.</param>
    /// <param name="OfId">The one that its id says: of a volume, which cannot be stored without one.</param>
    private readonly record struct NamedCarriers(string? OfEnergy, string? OfName, string? OfId);
}
