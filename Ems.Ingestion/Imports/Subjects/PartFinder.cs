using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Finds which column says what a meter counts apart, by its header, its texts and the codes of meters.</summary>
/// <param name="columns">Those that may say whose values are or what they measure.</param>
internal sealed class PartFinder(SheetTable table, MappedTable told, IReadOnlyCollection<int> times, IReadOnlyList<int> columns)
{
    public SubjectColumns Find(SubjectColumns found)
    {
        var codes = found.Metric is { } metric && told.Find(metric) is null && HoldsCodesOfAmounts(metric, found) ? found.Metric : null;
        found = codes is null ? found : found with { Metric = null };
        var part = told.Of(ColumnRole.Part).Cast<int?>().FirstOrDefault() ?? FirstOpen(found, IsOfBoth) ?? Among(found.Indexes, [.. columns.Where(column => told.Find(column) is null && !found.Indexes.Contains(column))])
            // What rows measure may be one metric of several channels; what is nothing known is none of them.
            ?? (found is { MetricNamesDevices: false, Metric: { } measured } && told.Find(measured) is null && HasOneMetric(TextsOf(measured).Where(text => HeaderReader.Read(text).Metric is not null || Directions.AreChannel(text))) ? Among(found.Indexes.Where(column => column != measured), [measured]) : null)
            ?? (codes is { } column && TextsOf(column).Any(Directions.IsExport) ? codes : null)
            ?? FirstOpen(found, new PartColumn(table, times).SaysWhatFlowsOut)
            // What would name the meters keeps its name, be there one direction in a month or two.
            ?? (found.Equipment is null ? FirstOpen(found, column => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)SubjectFinder.Parts) && PartColumn.HoldsDirections(table, column)) : null);
        return Settle(found with { Part = part });
    }

    /// <summary>With what header and texts of the part say besides.</summary>
    public SubjectColumns Settle(SubjectColumns found)
    {
        found = WithUnitsOfTypes(WithUnits(found));
        found = found is { Part: null, Metric: { } types } && PartColumn.HoldTypesOfBoth(table, types) ? found with { Part = types } : found;
        found = found is { Part: { } measured } && measured == found.Metric && !PartColumn.HoldTypesOfBoth(table, measured) ? found with { Own = table.Told?.Own ?? OwnIn(TextsOf(measured)) } : found;
        return found with { PartIsExport = found.Part is { } part && (Directions.NameBoth(new HeaderWords(table.HeaderOf(part))) || PartColumn.HoldTypesOfBoth(table, part)) };
    }

    /// <summary>Channels may have their units in them, <c>Active Import (MWh)</c>, if there is no column for these.</summary>
    private SubjectColumns WithUnits(SubjectColumns found) => found is { Metric: null, Unit: null } && (found.Part ?? FirstChannel(found)) is { } part
        && table.HoldsTexts(part, _ => true) && TextsOf(part).All(text => HeaderReader.Read(text) is { Metric: not null, Unit: not null }) ? found with { Metric = part } : found;

    /// <summary>What flows through a meter may have its unit behind it, <c>Gas m3</c>, where neither a column nor the headers of values have any.</summary>
    private SubjectColumns WithUnitsOfTypes(SubjectColumns found) => found is { Metric: null, Unit: null, Type: { } type } && told.Allows(type, ColumnRole.Type) && table.HoldsTexts(type, _ => true)
        && TextsOf(type).All(text => HeaderReader.Read(text) is { Metric: not null, Unit: not null })
        && !table.Columns.Any(column => column != type && !times.Contains(column) && HeaderReader.Read(table.HeaderOf(column)).Unit is not null && table.HoldsNumbers(column)) ? found with { Metric = type } : found;

    /// <summary>Whether several texts of a column are of one metric.</summary>
    public static bool HasOneMetric(SheetTable table, int column) => HasOneMetric(table.Filled(column).Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text!).Distinct());

    private static bool HasOneMetric(IEnumerable<string> texts) => texts
        .GroupBy(text => (HeaderReader.Read(text).Metric?.Name, PartNames.SideIn(text))).Any(same => same.Count() > 1);

    /// <summary>
    /// What rows measure that is of the meter itself, though others are of one metric, as its voltages are: what no other is of its metric, and of what is
    /// counted in two directions what flows in. None where nothing is counted so.
    /// </summary>
    private static HashSet<string> OwnIn(IEnumerable<string> measured)
    {
        var texts = measured.ToList();
        var isReceived = Directions.AreReceived(texts);
        var own = texts.GroupBy(text => HeaderReader.Read(text).Metric).Where(same => same.Key is not null)
            .Select(same => (Metric: same.Key!, Own: same.Where(text => !Directions.IsExport(text, isReceived) && !(same.Count() > 1 && new HeaderWords(text).Any(ColumnFinder.Extremes))).ToList())).ToList();
        return own.Count > 1 && own.TrueForAll(same => same.Own.Count < 2 || same.Metric.Dimension is not (Dimension.Energy or Dimension.ActivePower or Dimension.Volume))
            && own.Exists(same => same.Own.Count == 1 && same.Metric.Dimension == Dimension.Energy) ? [.. own.Where(same => same.Own.Count == 1).SelectMany(same => same.Own)] : [];
    }

    private int? Among(IEnumerable<int> key, IReadOnlyList<int> open) => times.Count == 0 && !key.Any() ? null : new PartColumn(table, [.. times, .. key]).Find(open);

    private int? FirstChannel(SubjectColumns found) => FirstOpen(found, column => PartColumn.AreNamedBy(table.HeaderOf(column)));

    private int? FirstOpen(SubjectColumns found, Func<int, bool> fits) => columns.Where(column => told.Find(column) is null && !found.Indexes.Contains(column) && fits(column)).Cast<int?>().FirstOrDefault();

    private bool IsOfBoth(int column) => Directions.NameBoth(new HeaderWords(table.HeaderOf(column))) && table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text));

    /// <summary>Whether its codes are of what is used in each interval, as they say or as values show that go up and down: they then tell channels apart.</summary>
    private bool HoldsCodesOfAmounts(int column, SubjectColumns found) => TextsOf(column).All(text => HeaderReader.Read(text).IsCode)
        && (TextsOf(column).Any(text => HeaderReader.Read(text).Metric!.Kind == QuantityKind.Interval)
            || table.Columns.Any(value => !times.Contains(value) && !found.Indexes.Contains(value) && table.HoldsNumbers(value) && new ColumnEvidence(table).GoesUpAndDown(value, found, fewest: 2)));

    private IEnumerable<string> TextsOf(int column) => table.Filled(column).Select(HeaderTexts.TextOf).Distinct();
}
