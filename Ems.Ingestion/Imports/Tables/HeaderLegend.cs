using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Lines above a table that say what its headers stand for: <c>Point_1:</c> is <c>B1.MTR1.KW</c>.</summary>
internal static class HeaderLegend
{
    /// <summary>Puts what they stand for in the place of numbered headers; the columns of these.</summary>
    public static HashSet<int> Apply(string[] headers, IEnumerable<SampleRow> above)
    {
        var renamed = new HashSet<int>();
        foreach (var row in above)
        {
            var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).Take(2).ToList();
            if (texts is [var key, var name] && FindHeader(headers, key.TrimEnd(':', ' ')) is { } column && !renamed.Contains(column) && MayBeName(name))
            {
                headers[column] = name;
                renamed.Add(column);
            }
        }

        return renamed;
    }

    private static int? FindHeader(string[] headers, string key) =>
        key.Any(char.IsDigit) && HeaderReader.Read(key) is { Metric: null, Unit: null } && Array.FindAll(headers, header => header.Equals(key, StringComparison.OrdinalIgnoreCase)).Length == 1
            ? Array.FindIndex(headers, header => header.Equals(key, StringComparison.OrdinalIgnoreCase)) : null;

    private static bool MayBeName(string text) => text.Any(char.IsLetter) && (!Units.TryParse(text, out _) || Units.IsNameToo(text)) && !TimeText.TryParse(text, out _);
}
