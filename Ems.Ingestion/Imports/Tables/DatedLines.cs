using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the date of readings in a line above a table that has no column of dates: <c>Reading date: | 2025-10-31</c>.</summary>
internal static class DatedLines
{
    private const int FewestHeaders = 3;

    /// <summary>Why such a table cannot be read, and what to do; null where the sheet has none.</summary>
    public static ImportFault? Find(SheetSample sample)
    {
        var line = sample.Rows.FirstOrDefault(IsDated);
        var headers = sample.Rows.SkipWhile(row => row != line).Skip(1).FirstOrDefault(HeadReadings);
        if (line is null || headers is null || sample.Rows.SkipWhile(row => row != headers).Skip(1).FirstOrDefault() is not { } first || !first.Cells.Any(cell => cell.Kind == CellKind.Number))
        {
            return null;
        }

        var name = line.Cells.Select(HeaderTexts.TextOf).First(text => text.Length > 0).TrimEnd(':', ' ');
        var date = line.Cells.Select(HeaderTexts.TextOf).Last(text => text.Length > 0);
        return new ImportFault(
            ImportFault.MissingRequiredColumns,
            string.Create(CultureInfo.InvariantCulture, $"The table below row {headers.Number} has no column of dates, and row {line.Number} says one for all of it: {SheetTable.Shown(name)} {SheetTable.Shown(date)}. Add a column Reading date to the table, with that date in each row (on each sheet with its own)."),
            sample.Name, headers.Number, null);
    }

    private static bool IsDated(SampleRow row) => row is { Filled: 2 } && row.Cells.Where(cell => cell.Kind != CellKind.Empty).ToList() is [{ Kind: CellKind.Text, Text: { } name }, var value]
        && new HeaderWords(name) is { NameReadDate: true, NameTime: true } && (value.Kind == CellKind.Time || (value.Kind == CellKind.Text && TimeText.TryParse(value.Text, out _)));

    /// <summary>Whether a row heads readings, and no times.</summary>
    private static bool HeadReadings(SampleRow row) => row.Filled >= FewestHeaders && row.Cells.All(cell => cell.Kind is CellKind.Text or CellKind.Empty)
        && row.Cells.Where(cell => cell.Kind == CellKind.Text).Select(cell => cell.Text!).ToList() is var headers
        && headers.TrueForAll(header => !new HeaderWords(header).NameTime) && headers.Exists(header => RegisterReadings.AreReadings(new HeaderWords(header)));
}
