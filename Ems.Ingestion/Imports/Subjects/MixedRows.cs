using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>Refuses matrices whose rows are of different things, as only their names say: <c>Electricity (kWh)</c>, <c>Water (m³)</c>, <c>Cost (€)</c>. No metric is that of all of them.</summary>
internal static class MixedRows
{
    private const int MostShown = 3;
    private const string Money = "money";

    public const string Advice = "write the unit of each row into a column headed Unit, or send the rows of each unit as a file of their own, with its metric and unit";

    /// <param name="columns">Those that say whose the rows are.</param>
    /// <exception cref="ImportFaultException">They are.</exception>
    public static void Refuse(SheetTable table, params ReadOnlySpan<int?> columns)
    {
        foreach (var at in columns)
        {
            if (at is { } column && Mixed(table, column) is { } shown)
            {
                var header = table.HeaderOf(column);
                var unit = new MappedColumn(header) { Role = ColumnRole.Unit, Confidence = 0.6, Reason = "its cells are units, or sums of money" };
                var written = ImportMapping.Written(unit);
                var hasBareUnits = table.Filled(column).Any(cell => Units.TryParse(HeaderTexts.TextOf(cell), out _));
                throw new ImportFaultException(new ImportFault(
                    hasBareUnits ? ImportFault.AmbiguousMapping : ImportFault.DataValidationFailed,
                    $"The rows measure different things, as the column {header} says: {shown}. One metric and one unit would be wrong for some of them. "
                    + (hasBareUnits ? $"Give {header} the role unit: {written}." : "Write their units into a column of their own that is headed Unit, as Electricity | kWh, and where several sheets have the same rows, the place of each into one that is headed Site; or send the rows of each unit as a file of their own, with metric and unit."),
                    table.Sheet, table.HeaderRow, header, hasBareUnits ? [written] : null)
                {
                    Guess = hasBareUnits ? new ImportMapping { Columns = [unit] } : null,
                });
            }
        }
    }

    /// <summary>
    /// Refuses rows whose names within names, as systems give them, are of different things (<c>sensor.pump_power</c>, <c>sensor.water_total</c>), where one metric is said of all
    /// of them; or of something else than a profile that only the headers have found.
    /// </summary>
    /// <exception cref="ImportFaultException">They are.</exception>
    public static void Refuse(SheetFacts facts, ImportForm form)
    {
        var layout = facts.Layout;
        if (layout.WholeFile is not null || layout.Subject is not { Equipment: not null, Metric: null, Type: null } || layout.Matrix.Count > 0 || layout.Columns is not [{ IsSaidByRow: false, HasUnitOfRow: false } values]
            || HeaderReader.Read(values.Header) is { Metric: not null } or { Unit: not null })
        {
            return;
        }

        var named = facts.Subjects.Select(subject => subject.EquipmentId).OfType<string>().Distinct().Where(SubjectFinder.IsPath)
            .Select(name => (Name: name, Of: NamedBy(name))).Where(name => name.Of is not null).DistinctBy(name => name.Of).Take(MostShown).ToList();
        var shown = string.Join(", ", named.Select(name => ImportFault.Shorten(name.Name)));
        var message = named.Count > 1 ? $"The rows measure different things, as their names say: {shown}. One metric and one unit would be wrong for some of them: {Advice}."
            : form is { IsMappingRemembered: true, Profile: null } && named.Exists(name => name.Of != MetricCatalogue.Find(values.Metric)?.Dimension)
                ? $"The rows are of {shown}, and the profile that their headers have found has {values.Metric}: send metric and unit for this file, or the profile's id as profile if it is right."
            : null;
        if (message is not null)
        {
            throw new ImportFaultException(named.Count > 1 ? new ImportFault(ImportFault.DataValidationFailed, message, layout.Sheet, layout.HeaderRow, values.Header)
                : new ImportFault(ImportFault.AmbiguousMapping, message, layout.Sheet, layout.HeaderRow, values.Header, [.. MetricCatalogue.All.Where(metric => metric.Dimension == named[0].Of).Select(metric => metric.Name)]));
        }
    }

    /// <summary>Energy may be that of any carrier.</summary>
    private static Dimension? NamedBy(string name) => name[(name.LastIndexOfAny(['.', ':']) + 1)..] is var last && HeaderReader.Read(last).Metric is { } metric ? metric.Dimension
        : Carriers.Find(last) is Carriers.Water or Carriers.Gas ? Dimension.Volume : null;

    /// <summary>Texts of a column that are of different things, one of each; null where they are not.</summary>
    private static string? Mixed(SheetTable table, int column)
    {
        var texts = table.Filled(column).Select(HeaderTexts.TextOf).Distinct().ToList();
        var known = texts.Select(text => (Text: text, Of: MeasuredIn(text))).Where(text => text.Of is not null).ToList();
        return known.Count * 2 >= texts.Count && known.DistinctBy(text => text.Of).ToList() is { Count: > 1 } several && several.Exists(text => text.Of != Money)
            ? string.Join(", ", several.Take(MostShown).Select(text => ImportFault.Shorten(text.Text))) : null;
    }

    /// <summary>A letter alone is a name as often as a unit.</summary>
    private static string? MeasuredIn(string text) =>
        new HeaderWords(text).NameMoney || text.Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol) ? Money
        : HeaderReader.Read(text).Unit is { Symbol.Length: > 1 } unit ? $"{unit.Dimension}" : null;
}
