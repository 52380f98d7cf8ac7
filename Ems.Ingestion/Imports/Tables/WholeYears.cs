using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds tables of meters or buildings without times, of which a title, or each header, may say the year: <c>Building | kWh 2022 | Therms 2022</c>.</summary>
internal static partial class WholeYears
{
    private const int MostShown = 10;

    /// <summary>Why such rows have no times, and what to do; null where a sheet has no such table.</summary>
    public static ImportFault? Find(SheetSample sample, string fileName)
    {
        var named = NamedDate.Find(sample, fileName);
        if (named is { Month: not null })
        {
            return null;
        }

        foreach (var (row, below) in sample.Rows.Zip(sample.Rows.Skip(1)))
        {
            var names = Array.FindIndex(row.Cells, cell => cell.Kind == CellKind.Text && SubjectFinder.HeadsRows(cell.Text!));
            var amounts = names < 0 ? [] : row.Cells.Select((cell, column) => (Text: HeaderTexts.TextOf(cell), Column: column)).Where(header => header.Column > names && AreAmounts(header.Text) && DecimalColumn.IsNumber(below[header.Column])).Select(header => header.Text).ToList();
            if (amounts.Count > 0 && !Array.Exists(row.Cells, cell => TimeCells.TryRead(cell, NumberTimes.None, out _) || new HeaderWords(HeaderTexts.TextOf(cell)).NameTime))
            {
                return new ImportFault(ImportFault.MissingRequiredColumns, Message(row, row.Cells[names].Text!, amounts, named), sample.Name, row.Number, amounts[0]);
            }
        }

        return null;
    }

    private static string Message(SampleRow row, string names, List<string> amounts, NamedDate? named)
    {
        var years = amounts.Select(header => Year().Match(header).Value).Where(year => year.Length > 0).Distinct().ToList();
        var write = $"{(years.Count > 0 ? $"write a row for each {SheetTable.Shown(names)} and year, with the year" : $"write {(named is { } year ? year.Year.ToString(CultureInfo.InvariantCulture) : "the year")} beside each row,")} in a column headed Year{(years.Count > 0 ? ", and take the years out of the headers" : "")}";
        return $"No column holds timestamps{(years.Count > 0 ? $", but {SheetTable.Shown(amounts[0])} and others have their year in the header" : "")}. If the values are of whole years, {write}. If they are of a month or of other days, write its date beside each row, in a column headed Month or Date. Row {row.Number} has: {string.Join(", ", row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).Take(MostShown))}.";
    }

    private static bool AreAmounts(string header) => HeaderReader.Read(Year().Replace(header, "").Trim()) is { IsRatio: false, Unit.Dimension: Dimension.Energy or Dimension.Volume };

    [GeneratedRegex(@"(?<!\d)(19|20)\d\d(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year();
}
