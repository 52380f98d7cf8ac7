using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds dates within the headers of two readings, which are the times of all rows: <c>Previous reading 01/10/2025 | Current reading 01/11/2025</c>.</summary>
internal static partial class DatedHeaders
{
    /// <summary>Why such rows have no times, and what to do; null where no headers have them.</summary>
    public static ImportFault? Find(SheetSample sample)
    {
        foreach (var row in sample.Rows)
        {
            var dated = row.Cells.Select(HeaderTexts.TextOf).Select(text => (Text: text, Date: Date().Match(text))).Where(header => header.Date.Success && TimeText.TryParse(header.Date.Value, out _)
                && RegisterReadings.AreReadings(new HeaderWords(header.Text.Remove(header.Date.Index, header.Date.Length)))).ToList();
            if (dated is [var first, var second])
            {
                return new ImportFault(
                    ImportFault.MissingRequiredColumns,
                    $"The dates of these rows stand in the headers {SheetTable.Shown(first.Text)} and {SheetTable.Shown(second.Text)}. Take them out there, and write them beside each row, into two columns headed From and To.",
                    sample.Name, row.Number, first.Text);
            }

            if (dated.Count > 2)
            {
                return new ImportFault(
                    ImportFault.MissingRequiredColumns,
                    $"The dates of these readings stand in the headers {SheetTable.Shown(dated[0].Text)} to {SheetTable.Shown(dated[^1].Text)}. Write a row for each of them, with the date in a column headed Date and what the meter showed in one headed Meter reading (kWh), or its unit.",
                    sample.Name, row.Number, dated[0].Text);
            }
        }

        return null;
    }

    public static bool HaveDate(string text) => Date().Match(text) is { Success: true } date && TimeText.TryParse(date.Value, out _);

    [GeneratedRegex(@"(?<!\d)(\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}[ -]\p{L}{3,9}[ -](\d{4}|\d{2}))(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
