using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Decides on the unit of columns that do not say it.</summary>
internal sealed partial class QuantityUnits(SheetTable table, ImportForm form, List<ImportAssumption> assumptions)
{
    private static readonly Dimension[] Scaled =
        [Dimension.Energy, Dimension.ActivePower, Dimension.ReactivePower, Dimension.ApparentPower, Dimension.Volume];

    /// <exception cref="ImportFaultException">There is no such unit.</exception>
    public Unit Parse(string unit, string column) =>
        HeaderReader.UnitAlone(unit) ?? throw Fault(ImportFault.UnknownUnit, $"The unit {unit} is not known.", column);

    /// <summary>The column whose cells are the units of what does not say its own; null where there is none.</summary>
    public int? Column { get; set; }

    /// <summary>A column that is headed as one of units, of which none is known; null where there is none.</summary>
    public int? Unknown { get; set; }

    /// <summary>Whether the column is headed as one of units and holds none that is known.</summary>
    public bool AreUnknownIn(int column) => SubjectFinder.NameUnitsAlone(new HeaderWords(table.HeaderOf(column)))
        && table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text) && !Units.TryParse(text, out _));

    /// <summary>The first of the metric's units that the rows name; null where they name none.</summary>
    public Unit? OfRows(Metric metric) => Column is not { } column ? null : table.Rows
        .Select(row => HeaderTexts.TextOf(row[column]) is var text && !UnclearUnits.IsOne(text) && Units.TryParse(text, out var unit) ? unit : null)
        .FirstOrDefault(unit => unit?.Dimension == metric.Dimension);

    /// <param name="column">What the column is called in a mapping.</param>
    /// <exception cref="ImportFaultException">Neither the request nor the metric decides.</exception>
    public Unit Assume(string name, Metric metric, string column)
    {
        if (form.Unit is { } wanted && Told(Parse(wanted, name), name, metric) is { } told)
        {
            return told;
        }

        RefuseUnknown();
        if (Scaled.Contains(metric.Dimension) && !name.Equals(metric.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw Fault(
                ImportFault.AmbiguousMapping, name.Contains("kWh", StringComparison.Ordinal) ? $"The column {name} counts a multiple of kWh that may be a thousand or another one. Send the unit that it counts, such as unit=MWh if it is a thousand."
                : HeaderReader.MultipliedIn(name) is not null ? $"The column {name} counts a multiple of a unit. Send as unit what one of them is, such as unit=10 {metric.Unit} if it is ten."
                : $"The column {name} does not say its unit. Send unit, such as unit={metric.Unit}.", name,
                [.. Units.All.Where(unit => unit.Dimension == metric.Dimension).Select(unit => unit.Symbol)],
                new MappedColumn(column)
                {
                    Role = ColumnRole.Value,
                    Metric = metric.Name,
                    Unit = name.Contains("kWh", StringComparison.Ordinal) ? "MWh" : metric.Unit,
                    Kind = metric.Kind,
                    Confidence = 0.3,
                    Reason = $"{metric.Name}, in a unit that nothing says; this is a guess",
                });
        }

        assumptions.Add(new ImportAssumption("unit", $"{name}: {metric.Unit}", "the header names no unit"));
        return Parse(metric.Unit, name);
    }

    /// <exception cref="ImportFaultException">The rows say the unit, and it is not known.</exception>
    public void RefuseUnknown()
    {
        if (Unknown is { } column && form.Unit is null && table.Rows.FirstOrDefault(row => row[column].Kind == CellKind.Text) is { } row)
        {
            var text = ImportFault.Shorten(row[column].Text!);
            throw new ImportFaultException(new ImportFault(
                ImportFault.UnknownUnit,
                Pounds().Match(text) is not { Success: true } pounds ? $"The unit {text} is not known. Send unit, the one that all values are in, or correct it."
                : pounds.Groups["many"].Length > 0 ? $"{text} of steam can be thousands of pounds or millions. Send metric=energy and unit=klb if they are thousands, or unit=million lb, where all values are in it; or write klb or million lb in its place."
                : $"{text} is a mass, which no metric is. If it is that of steam, write thousands of pounds there, with the unit klb.",
                table.Sheet, row.Number, table.HeaderOf(column), [.. Units.All.Select(unit => unit.Symbol)]));
        }
    }

    private Unit? Told(Unit unit, string name, Metric metric)
    {
        if (unit.Dimension == metric.Dimension)
        {
            return unit;
        }

        // kW beside kvar and kVA: one instrument has one scale.
        if (unit.Dimension != Dimension.ActivePower || metric.Dimension is not (Dimension.ReactivePower or Dimension.ApparentPower)
            || Units.All.FirstOrDefault(other => other.Dimension == metric.Dimension && other.Factor == unit.Factor) is not { } scaled)
        {
            return null;
        }

        assumptions.Add(new ImportAssumption("unit", $"{name}: {scaled.Symbol}", $"the same scale as {unit.Symbol}"));
        return scaled;
    }

    private ImportFaultException Fault(string code, string message, string? column, IReadOnlyList<string>? alternatives = null, MappedColumn? guess = null) =>
        new(new ImportFault(code, message, table.Sheet, table.HeaderRow, column, alternatives)
        {
            Guess = guess is null ? null : new ImportMapping { Columns = [guess] },
        });

    [GeneratedRegex(@"^(?<many>m?)lbs?\.?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pounds();
}
