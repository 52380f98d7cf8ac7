using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Recognises sheets of one month that have a row for each meter and no times, as somebody writes them who reads all meters once a month: the name of the sheet or
/// a title has the month.
/// </summary>
internal sealed partial class MonthSheets : ILayoutRecogniser
{
    private const int FewestHeaders = 2;

    // What says that something is of another time than a month, or of none: Year to March 2024, Cumulative consumption.
    private static readonly string[] OtherPeriods =
    [
        "annual", "annually", "annualised", "annualized", "year", "years", "yearly", "ytd", "mtd", "eac", "aq", "quarter", "quarters", "quarterly", "half", "months", "weeks", "week", "weekly", "days", "day", "daily", "hour", "hours", "hourly",
        "season", "winter", "summer", "budget", "target", "baseline", "forecast", "previous", "prior", "last", "next", "received", "historical", "history", "per", "as",
        "ended", "ending", "end", "to", "until", "till", "through", "thru", "since", "from", "cumulative", "cumulated", "cumul", "cumulé", "cumulée", "kumuliert", "kumulativ", "rolling",
        "jahr", "jahre", "jährlich", "jahresverbrauch", "quartal", "halbjahr", "monate", "woche", "wochen", "tag", "tage", "täglich", "stunde", "stunden", "stündlich", "bis", "seit", "ab", "stand", "vorjahr", "vormonat",
        "annuel", "annuelle", "année", "trimestre", "semestre", "au", "jusqu", "depuis", "anual", "año", "hasta", "desde", "anno", "annuale", "al", "fino", "dal", "tot", "sinds", "jaar", "até", "horaire", "journalier", "horario", "diario",
    ];

    // Beside words of what sheets hold: Consumption for the month of March 2024.
    private static readonly string[] Fillers = ["for", "the", "in", "and", "für", "und", "pour", "et"];

    public Layout? Recognise(SheetSample sample, string fileName, ImportForm form)
    {
        for (var i = 1; i < sample.Rows.Count && sample.Named is { Month: not null }; i++)
        {
            // Rows may name a month, too, and so may headers of anything; a date may be that of readings.
            if (!HeadRows(sample.Rows[i - 1]) || HeadRows(sample.Rows[i]) || sample.Rows.Take(i).SelectMany(row => row.Cells).Any(cell => DatedHeaders.HaveDate(HeaderTexts.TextOf(cell)))
                || NamedDate.Find(sample with { Rows = [.. sample.Rows.Take(i - 1)] }, fileName) is not { Month: { } month, IsOfOneYear: true, IsOfFile: false } named || !SayNothingElse(sample, i - 1, fileName))
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
        var amounts = table.Columns.Where(column => table.HoldsNumbers(column) && MayBeAmount(table.HeaderOf(column))).ToList();
        var names = table.Rows.Where(row => amounts.Exists(column => DecimalColumn.IsNumber(row[column]))).Select(row => HeaderTexts.TextOf(row[meters])).ToList();
        return amounts.Count > 0 && amounts.TrueForAll(column => IsAmount(table.HeaderOf(column))) && names.TrueForAll(name => name.Length > 0) && names.Distinct().Count() == names.Count;
    }

    /// <summary>Whether the name of the sheet, or else each title that names the month, is nothing but it and words of what any sheet holds, and none names another period.</summary>
    /// <param name="titles">How many rows stand above the headers.</param>
    private static bool SayNothingElse(SheetSample sample, int titles, string fileName)
    {
        List<string> texts = [.. sample.Rows.Take(titles).SelectMany(row => row.Cells).Select(HeaderTexts.TextOf).Where(text => text.Length > 0)];
        return !texts.Append(sample.Name).Append(fileName).Any(NamesOtherPeriod) && (NamesMonth(sample.Name) ? IsGeneral(sample.Name) : texts.Where(NamesMonth).All(IsGeneral));
    }

    private static bool NamesOtherPeriod(string text) => new HeaderWords(text).Any((IEnumerable<string>)OtherPeriods);

    private static bool NamesMonth(string text) => YearMonth().Matches(text).Any(date => date.Groups["month"].Success) || Words().Matches(text).Any(word => MonthNames.Find(word.Value) > 0);

    private static bool IsGeneral(string text) => Words().Matches(YearMonth().Replace(text, " ")).All(word => MonthNames.Find(word.Value) > 0 || Fillers.Contains(word.Value, StringComparer.OrdinalIgnoreCase) || IsGeneralWord(word.Value));

    private static bool IsGeneralWord(string word) => GeneralNames.Have(word) || Carriers.Find(word) is not null || RegisterReadings.NameAmounts(new HeaderWords(word));

    /// <summary>Whether it may be taken for what was used, and is no reading.</summary>
    private static bool MayBeAmount(string header) => new HeaderWords(header) is var words
        && (RegisterReadings.NameAmounts(words) || (!RegisterReadings.AreNamedBy(words) && HeaderReader.Read(header) is { Unit.Dimension: Dimension.Energy or Dimension.Volume }));

    private static bool IsAmount(string header) => RegisterReadings.NameAmounts(new HeaderWords(header)) && !NamesOtherPeriod(header) && Words().Matches(header).All(word => IsGeneralWord(word.Value))
        && HeaderReader.Read(header) is { Unit.Dimension: Dimension.Energy or Dimension.Volume, Per: null };

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}([-_./](?<month>0[1-9]|1[0-2]))?(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex YearMonth();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
