using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Finds the unit of all values in the lines above a table: <c>Units:,kilowatts</c>, <c>Einheit: kWh</c>, or a small table of its own.</summary>
internal static partial class UnitLines
{
    private const int LongestTitle = 60;

    /// <summary>The only one that lines of a name and its value have, and the name; null where none has one, or they differ.</summary>
    public static (Unit Unit, string Header)? Find(IReadOnlyList<SampleRow> lines)
    {
        var found = lines.Select(UnitIn).OfType<(Unit Unit, string Header)>().Concat(lines.Take(lines.Count - 1).SelectMany((line, i) => UnitsBelow(line, lines.Skip(i + 1)))).ToList();
        return found.DistinctBy(line => line.Unit).Count() == 1 ? found[0] : null;
    }

    /// <summary>The units below a header of them among the lines, as in a small table of its own.</summary>
    private static IEnumerable<(Unit Unit, string Header)> UnitsBelow(SampleRow headers, IEnumerable<SampleRow> rows) => headers.Filled < 3 ? []
        : headers.Cells.Select((cell, column) => (Header: HeaderTexts.TextOf(cell), Column: column)).Where(cell => cell.Header.Length > 0 && SubjectFinder.NameUnitsAlone(new HeaderWords(cell.Header)))
            .SelectMany(cell => rows.Select(row => Units.TryParse(HeaderTexts.TextOf(row[cell.Column]), out var unit) ? (unit, cell.Header) : ((Unit, string)?)null).OfType<(Unit, string)>());

    /// <summary>The one below the header of units in a table of lines; null where it has none.</summary>
    public static (Unit Unit, string Header)? FindIn(SheetTable above) =>
        above.Columns.Cast<int?>().FirstOrDefault(column => SubjectFinder.NameUnits(new HeaderWords(above.HeaderOf(column!.Value)))) is { } column
            && Units.TryParse(HeaderTexts.TextOf(above.Rows[0][column]), out var unit) ? (unit, above.HeaderOf(column)) : null;

    /// <summary>The only one of titles that say nothing but what was used, and in which unit: <c>Gas consumption kWh</c>; null where none does, or they differ.</summary>
    public static (Unit Unit, string Title)? FindInTitles(IReadOnlyList<SampleRow> lines)
    {
        var found = lines.Select(TitleOf).OfType<string>().Select(title => (Reading: HeaderReader.Read(DatedNames.Strip(title)), Title: title))
            .Where(line => line.Reading.Unit is not null && Carriers.Without(line.Reading.Rest) is var rest && (rest.Length == 0 || GeneralNames.Have(rest))).Select(line => (line.Reading.Unit, line.Title)).ToList();
        return found is [({ Dimension: Dimension.Energy or Dimension.Volume } unit, var first), ..] && found.TrueForAll(title => title.Unit == unit) ? (unit, first) : null;
    }

    /// <summary>The first title that says that values are in thousands; null where none does.</summary>
    public static string? FindThousands(IReadOnlyList<SampleRow> lines) => lines.Select(TitleOf).OfType<string>().FirstOrDefault(title => Thousands().IsMatch(title) && !OfOthers().IsMatch(title));

    // A transformer of 2 x 1000 kVA, 20 thousand kWh, and thousands of visitors, are none.
    [GeneratedRegex(
        @"(?<![\p{L}\p{N}])(['’]000s?|in\s+thousands?|(?<!(?<!\d)\d{1,3}\s*)([x×*]\s?1[,.]?000|(?i:thousands?|milliers de|tsd\.?|tausend)(?=\s+[kM]?Wh)))(?![\p{L}\p{N}])(?!\s*(?!((of|de)\s+)?([kMG]?Wh?|m3|m³)(?!\p{L})|(in|for|per|on)\s)\p{L})",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\p{Sc}|(?<!\p{L})(dollars?|euros?|pounds|usd|eur|gbp|chf|costs?|kosten|coûts?|revenues?|sales|turnover|umsatz|population|visitors|ratio|factor|faktor|[cvp]t)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfOthers();

    private static string? TitleOf(SampleRow row) => row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList() is [{ Length: <= LongestTitle } title] ? title : null;

    private static (Unit Unit, string Header)? UnitIn(SampleRow row)
    {
        if (PivotTables.ValuesIn(row) is { } values)
        {
            return HeaderReader.UnitsWithin(values).ToList() is [var only] && Units.TryParse(only, out var ofValues) ? (ofValues, values) : null;
        }

        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count == 1 ? texts[0].IndexOf(':', StringComparison.Ordinal) : -1;
        var (name, value) = colon > 0 ? (texts[0][..colon], texts[0][(colon + 1)..]) : texts.Count == 2 ? (texts[0].TrimEnd(':'), texts[1]) : ("", "");
        return SubjectFinder.NameUnitsAlone(new HeaderWords(name)) && Units.TryParse(value, out var unit) ? (unit, name) : null;
    }
}
