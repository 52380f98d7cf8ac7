using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Refuses to read values by a profile that only the headers have found, where a title or a line above them says that they measure something else.</summary>
internal static class RememberedUnits
{
    /// <param name="titles">Lines and titles that are nothing but what is measured and its unit count: others may speak of anything.</param>
    /// <exception cref="ImportFaultException">They say so.</exception>
    public static void Refuse(SheetTable table, ImportForm form, (Unit Unit, string Header)? line, IEnumerable<string> titles)
    {
        if (form is not { IsMappingRemembered: true, Mapping: { } mapping, Profile: null } || table.Told is not null)
        {
            return;
        }

        var metrics = mapping.Columns.Where(column => column.Purpose == ColumnRole.Value && column.Metric is not null && HeaderReader.Read(column.Column).Unit is null)
            .Select(column => column.Metric!).Concat(form.Metric is { } sent ? [sent] : []).Select(MetricCatalogue.Find).ToList();
        var said = line is var (ofLine, header) ? (ofLine, $"{header}: {ofLine.Symbol}") : titles.Select(title => (Reading: HeaderReader.Read(title.Trim(':', ' ')), Text: title))
            .Where(title => title.Reading is { Unit: not null, Metric: not null, Rest.Length: 0 }).Select(title => ((Unit Unit, string Text)?)(title.Reading.Unit!, title.Text)).FirstOrDefault();
        if (said is var (unit, text) && ((metrics.Count > 0 && metrics.TrueForAll(metric => metric is not null && metric.Dimension != unit.Dimension))
            || (Units.TryParse(form.Unit, out var answered) && answered.Dimension == unit.Dimension && answered.Symbol != unit.Symbol)))
        {
            var named = Carriers.MetricOf(Carriers.Find(text), unit)?.Name;
            var answer = $"metric={named ?? "…"}, unit={unit.Symbol}";
            var kept = metrics.FirstOrDefault() is { } metric ? $"{metric.Name} in {form.Unit ?? metric.Unit}" : form.Unit;
            throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                $"'{ImportFault.Shorten(text)}' stands above the values, and the profile that their headers have found has {kept}: send metric and unit for this file "
                + $"({answer}), or the profile's id as profile if it is right.",
                table.Sheet, table.HeaderRow, Alternatives: named is null ? [.. MetricCatalogue.All.Where(metric => metric.Dimension == unit.Dimension).Select(metric => metric.Name)] : [answer]));
        }
    }
}
