using Ems.Core.Metering;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Decides between amounts and what registers show where header, values and request say different things of a column.</summary>
/// <param name="told">The metric that the request names; null where it names none.</param>
internal sealed class ColumnMetrics(
    SheetTable table, ColumnEvidence evidence, SubjectColumns subject, Func<Metric?> told, List<ImportAssumption> assumptions)
{
    private const int FewestTurns = 3;

    private readonly Lazy<IReadOnlySet<string>> _exports = new(() => Directions.FindExports(table.Headers));

    /// <summary>Whether headers of registers that name but a direction are of amounts in this table.</summary>
    public required bool DirectionsAreAmounts { get; init; }

    /// <summary>Whether only one column has numbers.</summary>
    public required bool IsAlone { get; init; }

    /// <summary>What a column measures whose header names a metric or its unit.</summary>
    public Metric Of(int column, HeaderReading reading) =>
        DirectionsAreAmounts && NamesDirection(table.HeaderOf(column), reading) ? Carriers.MetricOf(null, reading.Metric!.Dimension)!
        // The unit alone names interval energy, and some call it a reading; the request may know better.
        : (!reading.Sure || IsToldRegister(column, reading) || IsToldAmount(column, reading) || IsToldHeat(column, reading)) && told() is { } wanted && wanted.Dimension == reading.Metric!.Dimension ? InDirection(column, wanted)
        : reading.Metric!.Kind == QuantityKind.Register && told() is not { Kind: QuantityKind.Register } && AreNoStates(column, reading) ? Carriers.MetricOf(null, reading.Metric.Dimension)!
        : reading.Metric;

    /// <summary>Whether the request says that the only column, though it is headed as readings, has amounts, and its values do not say otherwise.</summary>
    private bool IsToldAmount(int column, HeaderReading reading) =>
        IsAlone && !reading.IsCode && told() is { Kind: QuantityKind.Interval } wanted && MetricCatalogue.RegisterOf(wanted) == reading.Metric && !AreStates(column, wanted);

    private bool AreStates(int column, Metric wanted)
    {
        if (!evidence.AreStates(column, subject))
        {
            return false;
        }

        assumptions.Add(new ImportAssumption(
            "metric", $"{table.HeaderOf(column)}: {MetricCatalogue.RegisterOf(wanted)!.Name}",
            $"its header and its values, which only rise, are those of a register, though the request says {wanted.Name}; map the column to take them as amounts"));
        return true;
    }

    /// <summary>Whether the values are none of a register, whatever the header says.</summary>
    private bool AreNoStates(int column, HeaderReading reading)
    {
        if (reading is not { Sure: true, IsCode: false })
        {
            return evidence.GoesUpAndDown(column, subject);
        }

        // Of rejected rows it is known.
        if (!(table.Told?.ReadingsAreAmounts ?? evidence.GoesUpAndDown(column, subject, FewestTurns)))
        {
            return false;
        }

        assumptions.Add(RegisterChecks.AssumeAmounts(table.HeaderOf(column)));
        return true;
    }

    /// <summary>Whether the request says what a column is that is headed as amounts and only grows.</summary>
    private bool IsToldRegister(int column, HeaderReading reading) =>
        reading.Metric is { Name: "energy" } && told() is { Kind: QuantityKind.Register }
        && (evidence.OnlyGrows(column, subject) || evidence.AreStates(column, subject) || (IsAlone && evidence.Rises(column, subject)));

    /// <summary>Whether the request says that energy which nothing names is heat.</summary>
    private bool IsToldHeat(int column, HeaderReading reading) =>
        reading.Metric is { Name: "energy" } && told() is { Name: Carriers.Heat } && Carriers.Find(table.HeaderOf(column), Dimension.Energy) is null;

    /// <summary>Whether the header says that it counts what flows out.</summary>
    public bool IsExport(int column) => _exports.Value.Contains(table.HeaderOf(column));

    /// <summary>What is told of registers is of those that count what flows in.</summary>
    public Metric InDirection(int column, Metric wanted)
    {
        var name = table.HeaderOf(column);
        if (wanted.Name != "energy_import_register" || !IsExport(column))
        {
            return wanted;
        }

        assumptions.Add(new ImportAssumption("metric", $"{name}: energy_export_register", "its header says that it flows out"));
        return MetricCatalogue.Find("energy_export_register")!;
    }

    /// <summary>Whether the header is one of registers without a word for them, as <c>Energy Import</c>: what flows in an interval may be headed so, and in both directions alike.</summary>
    public static bool NamesDirection(string header, HeaderReading reading) =>
        reading is { Sure: true, IsCode: false, Metric.Kind: QuantityKind.Register } && !RegisterReadings.AreNamedBy(new HeaderWords(header));
}
