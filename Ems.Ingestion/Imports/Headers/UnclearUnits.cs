using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>
/// Units that files write with a small m, be it milli or, where nobody minds capitals, mega: <c>mw</c>, <c>mWh</c>. A billion times lies between
/// them, so that only the sender says it.
/// </summary>
internal static partial class UnclearUnits
{
    private const string Likely = "plants are measured in mega; this is a guess";

    public static bool IsOne(string? text) => text is not null && Alone().IsMatch(text.Trim(' ', '(', ')', '[', ']'));

    /// <summary>What to write where it is mega.</summary>
    public static string Mega(string unit) => unit.Trim(' ', '(', ')', '[', ']').ToUpperInvariant() switch { "MWH" => "MWh", "MVAR" => "Mvar", var mega => mega };

    /// <summary>What the unit is by the sender's answer; null where the answer speaks of another one. That one is mega says it of the others.</summary>
    public static Unit? Settle(string unit, string? answer) =>
        !Units.TryParse(answer, out var said) ? null
        : said.Symbol.Equals(Mega(unit), StringComparison.OrdinalIgnoreCase) ? said
        : said.Symbol is "MW" or "MWh" or "Mvar" or "MVA" && Units.TryParse(Mega(unit), out var mega) ? mega : null;

    /// <summary>What a header says by the sender's answer; null where it has no such unit, or the answer leaves it open.</summary>
    public static HeaderReading? Read(string header, string? answer) =>
        In(header) is var (unit, mega) && (Settle(unit, answer) ?? (Units.TryParse(answer, out var said) && said.Dimension == mega.Unit!.Dimension ? said : null)) is { } settled
            ? mega with { Unit = settled } : null;

    /// <exception cref="ImportFaultException">The headers of some have one, or the rows of what they describe, and nobody says what it is.</exception>
    /// <param name="columns">Those of values of which nobody says what they measure.</param>
    /// <param name="units">The column of units of their rows.</param>
    /// <param name="areDescribed">Whether its units are those of a column.</param>
    public static void Refuse(SheetTable table, MappedTable told, IReadOnlyList<int> columns, int? units, Func<int, bool> areDescribed, ImportForm form)
    {
        if (table.Told is not null)
        {
            return;
        }

        string? AnswerOf(int column) => told.Find(column)?.Unit ?? form.Unit;
        var open = columns.Where(column => Read(table.HeaderOf(column), AnswerOf(column)) is null)
            .Select(column => (Column: column, Found: In(table.HeaderOf(column)))).Where(entry => entry.Found is not null).Select(entry => (entry.Column, entry.Found!.Value.Unit, entry.Found.Value.Mega)).ToList();
        if (open is [var (first, unit, reading), ..])
        {
            throw open.Count > 1 && TimeText.TryParseClock(reading.Rest, out _)
                ? Fault(table, first, $"The unit {unit} of the columns {table.HeaderOf(first)} to {table.HeaderOf(open[^1].Column)} can be mega or milli. Write {Mega(unit)} there if it is mega, or the times alone and the unit into a line above.", [])
                : Unclear(table, unit, [.. open.Select(entry => (entry.Column, Mega(entry.Unit)))]);
        }

        if (units is { } beside && table.Filled(beside).Select(cell => cell.Text).ToList() is var texts && texts.Find(IsOne) is { } ofRows
            && columns.Where(column => AnswerOf(column) is null && (areDescribed(column) || (texts.TrueForAll(IsOne) && HeaderReader.Read(table.HeaderOf(column)) is { Unit: null, Metric: not null }))).ToList() is { Count: > 0 } described)
        {
            throw Unclear(table, ofRows, [.. described.Select(column => (column, Mega(ofRows)))]);
        }
    }

    /// <summary>The values of a matrix, with what the sender says of such units of their rows.</summary>
    /// <exception cref="ImportFaultException">Rows have one, and nobody says what it is.</exception>
    public static ValueColumn SettleRows(SheetTable table, int? units, ValueColumn values, string? answer) =>
        units is not { } column || table.Told is not null || table.Filled(column).Select(cell => cell.Text).FirstOrDefault(IsOne) is not { } ofRows ? values
        : answer is null ? throw Unclear(table, ofRows, column, [new MappedColumn(ImportMapping.Matrix) { Role = ColumnRole.Value, Unit = Mega(ofRows), Confidence = 0.3, Reason = Likely }])
        : values with { SourceUnit = answer };

    /// <exception cref="ImportFaultException">The cells of a column have one, and so are no numbers.</exception>
    public static void RefuseInCells(SheetTable table, IEnumerable<int> columns)
    {
        foreach (var column in columns)
        {
            if (InCells(table, column) is { } text)
            {
                throw Fault(table, column, $"The unit {text} in the cells of the column {table.HeaderOf(column)} can be mega or milli. Write {Mega(text)} there, or numbers alone and the unit in the header.", []);
            }
        }
    }

    /// <summary>The one that stands behind the numbers of a column; null where none does.</summary>
    public static string? InCells(SheetTable table, int column) => table.HoldsTexts(column, text => BehindNumber(text) is not null)
        ? table.Filled(column).Select(cell => cell.Kind == CellKind.Text ? BehindNumber(cell.Text!) : null).First(unit => unit is not null) : null;

    /// <summary>The one that a cell has with its number; null where it has none.</summary>
    public static string? BehindNumber(string cell) => char.IsLetter(cell[^1]) && Behind().Match(cell) is { Success: true } found && DecimalColumn.LooksNumeric(found.Groups["number"].Value)
        ? found.Groups["unit"].Value : null;

    /// <summary>The one that is the unit of a header, and what the header says where it is mega; null where it is a price, a name, or has another unit.</summary>
    private static (string Unit, HeaderReading Mega)? In(string header) =>
        Within().Match(header) is { Success: true } found && !header.Contains('/') && HeaderReader.Read(header) is { Unit: null, IsRatio: false }
            && new HeaderWords(header) is { NameMoney: false, NamePrice: false } words && !words.Any("per", "pro", "par", "por") && !words.NameCurrency
            && HeaderReader.Read($"{header[..found.Index]}{Mega(found.Value)}{header[(found.Index + found.Length)..]}") is { Metric: not null, Unit: { } unit, IsRatio: false } mega && unit.Symbol == Mega(found.Value)
            ? (found.Value, mega) : null;

    private static ImportFaultException Unclear(SheetTable table, string unit, IReadOnlyList<(int Column, string Mega)> open) => Unclear(
        table, unit, open[0].Column, [.. open.Select(entry => new MappedColumn(table.HeaderOf(entry.Column)) { Role = ColumnRole.Value, Unit = entry.Mega, Confidence = 0.3, Reason = Likely })]);

    private static ImportFaultException Unclear(SheetTable table, string unit, int column, IReadOnlyList<MappedColumn> guess) =>
        Fault(table, column, $"The unit {unit} of the column {table.HeaderOf(column)} can be mega or milli. Send unit={guess[0].Unit} if it is mega, as a rule.", guess);

    private static ImportFaultException Fault(SheetTable table, int column, string message, IReadOnlyList<MappedColumn> guess) =>
        new(new ImportFault(guess.Count == 0 ? ImportFault.DataValidationFailed : ImportFault.AmbiguousMapping, message, table.Sheet, table.HeaderRow, table.HeaderOf(column), guess.Count == 0 ? null : [.. guess.Select(wanted => wanted.Unit!).Distinct()])
        {
            Guess = guess.Count == 0 ? null : new ImportMapping { Columns = guess },
        });

    // A moving average is called mva, too.
    [GeneratedRegex(@"^(m(?i:wh?|var)|mVA)$", RegexOptions.CultureInvariant)]
    private static partial Regex Alone();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(m(?i:wh?|var)|mVA)(?![\p{L}\p{N}]|[-_ ]?\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Within();

    [GeneratedRegex(@"^(?<number>\S*\d)\s*(?<unit>m(?i:wh?|var)|mVA)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();
}
