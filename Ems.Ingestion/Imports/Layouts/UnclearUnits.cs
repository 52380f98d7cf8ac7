using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Units that files write with a small m, be it milli or, where nobody minds capitals, mega: <c>mw</c>, <c>mWh</c>. A billion times lies between
/// them, so that only the sender says it.
/// </summary>
internal static partial class UnclearUnits
{
    public static bool IsOne(string? text) => text is not null && Alone().IsMatch(text.Trim(' ', '(', ')', '[', ']'));

    /// <exception cref="ImportFaultException">A header, or the column of units, has one.</exception>
    /// <param name="columns">Those of which nobody says what they are.</param>
    /// <param name="taken">Those that hold no values.</param>
    public static void Refuse(SheetTable table, IEnumerable<int> columns, IEnumerable<int> taken, ImportForm form)
    {
        if (form.Unit is not null || table.Told is not null)
        {
            return;
        }

        var unit = taken.Where(column => SubjectFinder.NameUnitsAlone(new HeaderWords(table.HeaderOf(column)))).SelectMany(table.Filled).Select(cell => cell.Text).FirstOrDefault(IsOne);
        foreach (var column in columns)
        {
            var header = table.HeaderOf(column);
            var text = Within().Match(header) is { Success: true } found ? found.Value : unit;
            if (text is not null && table.HoldsNumbers(column))
            {
                var mega = Mega(text);
                throw Fault(table, header, $"The unit {text} of the column {header} can be mega or milli. Send unit, {mega} as a rule.", new MappedColumn(header)
                {
                    Role = ColumnRole.Value,
                    Metric = Units.TryParse(mega, out var known) && known.Dimension == Dimension.Energy ? "energy" : "active_power",
                    Unit = mega,
                    Confidence = 0.3,
                    Reason = "plants are measured in mega; this is a guess",
                });
            }
        }
    }

    /// <exception cref="ImportFaultException">The cells of a column have one, and so are no numbers.</exception>
    public static void RefuseInCells(SheetTable table, IEnumerable<int> columns)
    {
        foreach (var column in columns)
        {
            if (table.HoldsTexts(column, text => Behind().Match(text) is { Success: true } found && DecimalColumn.LooksNumeric(found.Groups["number"].Value)))
            {
                var text = Behind().Match(table.Filled(column).First(cell => cell.Kind == CellKind.Text && Behind().IsMatch(cell.Text!)).Text!).Groups["unit"].Value;
                throw Fault(table, table.HeaderOf(column), $"The unit {text} in the cells of the column {table.HeaderOf(column)} can be mega or milli. Write {Mega(text)} there, or numbers alone and the unit in the header.", null);
            }
        }
    }

    private static string Mega(string unit) => unit.ToUpperInvariant() switch { "MWH" => "MWh", "MVAR" => "Mvar", var mega => mega };

    private static ImportFaultException Fault(SheetTable table, string header, string message, MappedColumn? guess) =>
        new(new ImportFault(ImportFault.AmbiguousMapping, message, table.Sheet, table.HeaderRow, header)
        {
            Guess = guess is null ? null : new ImportMapping { Columns = [guess] },
        });

    [GeneratedRegex(@"^m(?i:wh?|va|var)$", RegexOptions.CultureInvariant)]
    private static partial Regex Alone();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])m(?i:wh?|va|var)(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex Within();

    [GeneratedRegex(@"^(?<number>\S*\d)\s*(?<unit>m(?i:wh?|va|var))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();
}
