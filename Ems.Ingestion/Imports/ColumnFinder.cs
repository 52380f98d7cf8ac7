using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>Finds out what the value columns of a sheet mean.</summary>
internal sealed partial class ColumnFinder(SheetHeader header, ImportForm form, List<ImportAssumption> assumptions)
{
    private static readonly Dimension[] ScaledDimensions =
        [Dimension.Energy, Dimension.ActivePower, Dimension.ReactivePower, Dimension.ApparentPower, Dimension.Volume];

    private static readonly IReadOnlyList<string> MetricNames = [.. MetricCatalogue.All.Select(metric => metric.Name)];

    private readonly List<ValueColumn> _found = [];
    private readonly List<int> _unnamed = [];

    public IReadOnlyList<ValueColumn> Find(IReadOnlyCollection<int> taken)
    {
        foreach (var column in Enumerable.Range(0, header.Header.Cells.Length).Where(column => !taken.Contains(column)))
        {
            if (header.HeaderOf(column).Length > 0)
            {
                Look(column);
            }
        }

        NameMetersOfOneMetric();
        TakeUnnamed();
        return _found.Count > 0
            ? [.. _found.OrderBy(column => column.Index)]
            : throw Fault(ImportFault.MissingRequiredColumns, "No column beside the timestamps holds numbers.", null);
    }

    private void Look(int column)
    {
        var name = header.HeaderOf(column);
        if (form.Mapping?.Columns.FirstOrDefault(mapped => mapped.Column.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is { } told)
        {
            TakeMapped(column, name, told);
            return;
        }

        var reading = HeaderReader.Read(name);
        var numbers = header.HoldsNumbers(column);
        if (numbers == false || (numbers is null && reading.Metric is null))
        {
            LeaveOut(name, numbers == false ? "it holds no numbers" : "it is empty");
        }
        else if (reading.Metric is null)
        {
            _unnamed.Add(column);
        }
        else
        {
            // The unit alone names interval energy; the request may know better.
            var metric = !reading.Sure && FormMetric() is { } wanted && wanted.Dimension == reading.Metric.Dimension ? wanted : reading.Metric;
            Add(column, name, metric, reading.Unit, null);
        }
    }

    private void TakeMapped(int column, string name, MappedColumn told)
    {
        if (told.Metric is null)
        {
            LeaveOut(name, "the mapping leaves it out");
            return;
        }

        var metric = MetricCatalogue.Find(told.Metric) ?? throw Fault(
            ImportFault.AmbiguousMapping, $"The mapping names the metric {told.Metric}, which does not exist.", name, MetricNames);
        Add(column, name, metric, told.Unit is null ? HeaderReader.Read(name).Unit : Parse(told.Unit, name), told.EquipmentId);
    }

    private void TakeUnnamed()
    {
        if (_unnamed.Count == 0)
        {
            return;
        }

        var metric = FormMetric();
        if (metric is null)
        {
            if (_found.Count == 0)
            {
                throw Fault(
                    ImportFault.AmbiguousMapping, "The headers do not say what the columns measure. Send metric and unit.",
                    header.HeaderOf(_unnamed[0]), MetricNames);
            }

            _unnamed.ForEach(column => LeaveOut(header.HeaderOf(column), "its header names no metric; map it to keep it"));
            return;
        }

        var meters = _unnamed.Count > 1 || _found.Any(column => column.Metric == metric.Name && column.EquipmentId is null);
        foreach (var column in _unnamed)
        {
            var name = header.HeaderOf(column);
            Add(column, name, metric, null, meters ? EquipmentNames.ToId(name) : null);
        }

        if (meters)
        {
            assumptions.Add(new ImportAssumption("layout", "a column per meter", "more than one column holds numbers under a header that names no metric"));
        }
    }

    private Metric? FormMetric()
    {
        if (form.Metric is { } wanted)
        {
            return MetricCatalogue.Find(wanted) ?? throw Fault(
                ImportFault.AmbiguousMapping, $"There is no metric {wanted}.", null, MetricNames);
        }

        return null;
    }

    private void Add(int column, string name, Metric metric, Unit? headerUnit, string? equipmentId)
    {
        var unit = headerUnit ?? AssumeUnit(name, metric);
        if (unit.Dimension != metric.Dimension)
        {
            throw Fault(ImportFault.AmbiguousMapping, $"The column {name} is {metric.Name}, which has no unit {unit.Symbol}.", name, [metric.Unit]);
        }

        _found.Add(new ValueColumn(column, name, equipmentId, metric.Name, metric.Kind, metric.Unit, unit.Symbol));
    }

    private Unit Parse(string unit, string column) =>
        Units.TryParse(unit, out var known) ? known : throw Fault(ImportFault.UnknownUnit, $"The unit {unit} is not known.", column);

    private Unit AssumeUnit(string name, Metric metric)
    {
        if (form.Unit is { } wanted)
        {
            var unit = Parse(wanted, name);
            if (unit.Dimension == metric.Dimension)
            {
                return unit;
            }

            // kW beside kvar and kVA: one instrument has one scale.
            if (unit.Dimension == Dimension.ActivePower
                && Units.All.FirstOrDefault(other => other.Dimension == metric.Dimension && other.Factor == unit.Factor) is { } scaled
                && metric.Dimension is Dimension.ReactivePower or Dimension.ApparentPower)
            {
                assumptions.Add(new ImportAssumption("unit", $"{name}: {scaled.Symbol}", $"the same scale as {unit.Symbol}"));
                return scaled;
            }
        }

        if (ScaledDimensions.Contains(metric.Dimension) && !name.Equals(metric.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw Fault(
                ImportFault.AmbiguousMapping, $"The column {name} does not say its unit. Send unit.", name,
                [.. Units.All.Where(unit => unit.Dimension == metric.Dimension).Select(unit => unit.Symbol)]);
        }

        assumptions.Add(new ImportAssumption("unit", $"{name}: {metric.Unit}", "the header names no unit"));
        return Parse(metric.Unit, name);
    }

    /// <summary>Several columns of one metric are several meters, if their headers name them.</summary>
    private void NameMetersOfOneMetric()
    {
        foreach (var group in _found.Where(column => column.EquipmentId is null).GroupBy(column => column.Metric).Where(group => group.Count() > 1).ToList())
        {
            var names = group.Select(column => HeaderReader.Read(column.Header).Rest.Trim()).ToList();
            if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Count || names.Any(name => name.Length == 0 || Phase().IsMatch(name)))
            {
                throw Fault(
                    ImportFault.AmbiguousMapping, $"More than one column is {group.Key}. Say in the mapping which to take, or which meter each belongs to.",
                    group.First().Header, [.. group.Select(column => column.Header)]);
            }

            foreach (var (column, name) in group.Zip(names))
            {
                _found[_found.IndexOf(column)] = column with { EquipmentId = EquipmentNames.ToId(name) };
            }

            assumptions.Add(new ImportAssumption("layout", "a column per meter", $"more than one column is {group.Key}"));
        }
    }

    private void LeaveOut(string name, string why) => assumptions.Add(new ImportAssumption("left_out", name, why));

    private ImportFaultException Fault(string code, string message, string? column, IReadOnlyList<string>? alternatives = null) =>
        new(new ImportFault(code, message, header.Sheet, header.Header.Number, column, alternatives));

    [GeneratedRegex(@"^(phase\s*)?(l?[123]|[abcrstyb])(\s*phase)?$|^l\d\s*l\d$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Phase();
}
