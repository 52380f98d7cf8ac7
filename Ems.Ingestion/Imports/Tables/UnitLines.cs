using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
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

    /// <summary>The only one of titles and names that say what was used, and in which unit: <c>Gas consumption kWh</c>, <c>Stromverbrauch Werk Nord 2023 (kWh)</c>; null where none does, or they differ.</summary>
    /// <param name="mayNameMore">Whether they may name a place or a year as well: a title of several things says the unit of one of them.</param>
    /// <param name="names">Of the sheet and the file.</param>
    public static (Unit Unit, string Title)? FindInTitles(IReadOnlyList<SampleRow> lines, bool mayNameMore, params IEnumerable<string> names)
    {
        var found = lines.Select(TitleOf).OfType<string>().Concat(names).Select(title => (Unit: UnitIn(title, mayNameMore), Title: title)).Where(line => line.Unit is not null).ToList();
        return found is [({ Dimension: Dimension.Energy or Dimension.Volume } unit, var first), ..] && found.TrueForAll(title => title.Unit == unit) ? (unit, first) : null;
    }

    /// <summary>The only unit of energy or volume that titles and names have, whatever else they speak of; null where they have none, or several.</summary>
    /// <param name="names">Of the sheet and the file.</param>
    public static Unit? FindAny(IReadOnlyList<SampleRow> lines, params IEnumerable<string> names) =>
        lines.Select(TitleOf).OfType<string>().Concat(names).Select(title => PlainText.Of(title).Replace('_', ' ')).Where(title => !PerSomething().IsMatch(title))
            .SelectMany(HeaderReader.UnitsWithin).Select(text => Units.TryParse(text, out var unit) && unit.Dimension is Dimension.Energy or Dimension.Volume ? unit : null).OfType<Unit>().Distinct().ToList() is [var only] ? only : null;

    private static Unit? UnitIn(string title, bool mayNameMore)
    {
        var plain = PlainText.Of(title).Replace('_', ' ');
        if (IsOfMoney(plain) || PerSomething().IsMatch(plain) || OtherAmounts.AreNamedIn(plain) || OfOtherThings().IsMatch(plain))
        {
            return null;
        }

        var reading = HeaderReader.Read(DatedNames.Strip(plain));
        return reading.IsRatio ? null
            : reading.Unit is { } unit && Carriers.Without(reading.Rest) is var rest && (rest.Length == 0 || GeneralNames.Have(rest)) ? unit
            : mayNameMore && (Carriers.Find(plain) is not null || SayUse(plain)) && HeaderReader.UnitsWithin(plain).ToList() is [var only] && Units.TryParse(only, out var within) ? within : null;
    }

    /// <summary>The title or the name that says that values are money, where none says what was used; null where none does.</summary>
    public static string? FindMoney(IReadOnlyList<SampleRow> lines, params IEnumerable<string> names)
    {
        var titles = lines.Select(TitleOf).OfType<string>().Concat(names).ToList();
        return titles.Exists(title => SayUse(PlainText.Of(title))) ? null : titles.Find(title => IsOfMoney(PlainText.Of(title).Replace('_', ' ')));
    }

    /// <summary>Why a table of money is none of readings.</summary>
    public static ImportFaultException Money(string title, SheetTable table) => new(new ImportFault(
        ImportFault.MissingRequiredColumns, $"'{ImportFault.Shorten(title)}' says that the values are money, which no meter measures. Upload the table of what was used; if this is it, send metric and unit (metric=energy, unit=kWh).",
        table.Sheet, table.HeaderRow));

    private static bool SayUse(string title) => new HeaderWords(title) is var words && (Directions.NameUse(words) || words.Any("energy", "use", "used", "verbräuche", "consommations", "consumi", "consumos"));

    private static bool IsOfMoney(string title) => new HeaderWords(title).NameMoney || OfMoney().IsMatch(title);

    [GeneratedRegex(@"1[.,]?000\s*k?Wh|Wh\s*(/|per\b|pro\b|je\b)|m[23³]\s*/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PerSomething();

    // A title of several things says the unit of one of them.
    [GeneratedRegex(@"(?<!\p{L})(temp(erature|eratur|érature|eratura)?|weather|production|produktion|producción|output|hdd|cdd|degree|occupancy|humidity)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfOtherThings();

    [GeneratedRegex(@"\p{Sc}|(?<!\p{L})(\p{L}*kost(en|nad(er)?|ninger)|coûts?|costi|costes|custos?|koszty?|náklady|költség\p{L}*|kulud|kustannu\p{L}*|expenditure|spend|maliyet\p{L}*)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfMoney();

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
