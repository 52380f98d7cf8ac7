using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Knows the line that Excel writes above the headers of a pivot table: <c>Sum of kWh | Column Labels</c>.</summary>
internal static class PivotTables
{
    private static readonly HashSet<string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        "Column Labels", "Spaltenbeschriftungen", "Étiquettes de colonnes", "Etiquetas de columna", "Etichette di colonna", "Kolomlabels", "Rótulos de Coluna", "Kolumnetiketter", "Kolonneetiketter", "Etykiety kolumn",
    };

    private static readonly string[] Sums = ["Sum of", "Summe von", "Somme de", "Suma de", "Somma di", "Som van", "Soma de", "Summa av", "Sum av", "Sum af", "Suma z"];

    private static readonly string[] Averages = ["Average of", "Mittelwert von", "Moyenne de", "Promedio de", "Media di", "Gemiddelde van", "Média de"];

    /// <summary>What the values of the table are, where the line is one of those; null for others.</summary>
    public static string? ValuesIn(SampleRow row) => row[0] is { Kind: CellKind.Text, Text: { } values } && row[1] is { Kind: CellKind.Text, Text: { } labels } && Columns.Contains(labels.Trim()) ? values : null;

    /// <param name="above">The rows above the values.</param>
    /// <exception cref="ImportFaultException">The values are no sums, and nobody used how many rows there are; averages are of levels.</exception>
    public static void Refuse(SheetSample sample, IEnumerable<SampleRow> above)
    {
        var others = above.Select(row => (row.Number, Values: ValuesIn(row))).FirstOrDefault(row => row.Values is not null && !MayBeAmounts(row.Values));
        if (others is (var number, { } values))
        {
            var sums = $"{Sums[0]} {NameIn(values)}";
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed,
                $"Row {number} says that the pivot table shows {SheetTable.Shown(values)}, which nobody knows to be sums of what was used. Summarise its values by Sum, or write {SheetTable.Shown(sums)} there if they are sums.",
                sample.Name, number, "A", [sums]));
        }
    }

    private static bool MayBeAmounts(string values) => Start(values, Sums)
        || (Start(values, Averages) && HeaderReader.UnitsWithin(values).ToList() is [var only] && Units.TryParse(only, out var unit) && unit.Dimension is not (Dimension.Energy or Dimension.Volume));

    /// <summary>What Excel writes behind the statistic: <c>Average of Gas m3</c>; all of what somebody wrote there.</summary>
    private static string NameIn(string values) =>
        values.Trim().Split(' ', 3) is [_, var of, var name] && Array.Exists(Sums, sum => sum.EndsWith($" {of}", StringComparison.OrdinalIgnoreCase)) ? name : values.Trim();

    private static bool Start(string values, string[] with) => Array.Exists(with, start => values.TrimStart().StartsWith($"{start} ", StringComparison.OrdinalIgnoreCase));
}
