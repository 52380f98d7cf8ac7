using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Recognises sheets of one month that have a row for each meter and no times, as somebody writes them who reads all meters once a month: the name of the sheet or
/// a title has the month.
/// </summary>
internal sealed class MonthSheets : ILayoutRecogniser
{
    private const int FewestHeaders = 2;

    // Beside the rows of a month, too.
    private static readonly string[] OtherPeriods = ["annual", "annually", "year", "yearly", "ytd", "eac", "aq", "quarter", "daily", "day", "week", "weekly", "budget", "target", "baseline", "jahr", "jährlich", "jahresverbrauch", "annuel", "annuelle", "anual"];

    public Layout? Recognise(SheetSample sample, string fileName, ImportForm form)
    {
        for (var i = 1; i < sample.Rows.Count && sample.Named is { Month: not null }; i++)
        {
            // Rows may name a month, too, and a date may be that of readings.
            if (!HeadRows(sample.Rows[i - 1]) || HeadRows(sample.Rows[i]) || sample.Rows.Take(i).SelectMany(row => row.Cells).Any(cell => DatedHeaders.HaveDate(HeaderTexts.TextOf(cell)))
                || NamedDate.Find(sample with { Rows = [.. sample.Rows.Take(i)] }, fileName) is not { Month: { } month, IsOfOneYear: true, IsOfFile: false } named)
            {
                continue;
            }

            var table = SheetTable.From(sample, i);
            var told = new MappedTable(table, form.Mapping, MappedTable.SourceOf(form));
            if (new SubjectFinder(table, told, [], [], form.EquipmentId is not null).Find().Equipment is { } meters && AreOfOneMonth(table, meters))
            {
                var time = new TimeColumns(table.HeaderOf(meters)) { Given = named, Label = (LabelMeaning.Start, "the rows are of a whole month") };
                var layout = TableRecogniser.Describe(table, told, time, fileName, form, null, TableRecogniser.LinesAbove(sample, table));
                return layout with
                {
                    Assumptions = [.. layout.Assumptions.Where(assumption => assumption.What != "year"), new ImportAssumption("month", string.Create(CultureInfo.InvariantCulture, $"{named.Year}-{month:00}"), $"{named.Where} says it, and the rows have no times")],
                };
            }
        }

        return null;
    }

    private static bool HeadRows(SampleRow row) => row.Filled > FewestHeaders && row.Cells.All(cell => cell.Kind is CellKind.Text or CellKind.Empty && !DecimalColumn.IsNumber(cell));

    /// <summary>Whether each row is of another meter, and a column has what was used in a time that no header says to be another.</summary>
    private static bool AreOfOneMonth(SheetTable table, int meters)
    {
        var amounts = table.Columns.Where(column => table.HoldsNumbers(column) && IsAmount(table.HeaderOf(column))).ToList();
        var names = table.Rows.Where(row => amounts.Exists(column => DecimalColumn.IsNumber(row[column]))).Select(row => HeaderTexts.TextOf(row[meters])).ToList();
        return amounts.Count > 0 && names.TrueForAll(name => name.Length > 0) && names.Distinct().Count() == names.Count;
    }

    private static bool IsAmount(string header) => new HeaderWords(header) is var words && RegisterReadings.NameAmounts(words) && !words.Any((IEnumerable<string>)OtherPeriods)
        && HeaderReader.Read(header) is { Unit.Dimension: Dimension.Energy or Dimension.Volume, Per: null };
}
