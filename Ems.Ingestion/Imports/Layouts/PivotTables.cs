using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows the line that Excel writes above the headers of a pivot table: <c>Sum of kWh | Column Labels</c>.</summary>
internal static class PivotTables
{
    private static readonly HashSet<string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        "Column Labels", "Spaltenbeschriftungen", "Étiquettes de colonnes", "Etiquetas de columna", "Etichette di colonna", "Kolomlabels", "Rótulos de Coluna", "Kolumnetiketter", "Kolonneetiketter", "Etykiety kolumn",
    };

    /// <summary>What the values of the table are, where the line is one of those; null for others.</summary>
    public static string? ValuesIn(SampleRow row) => row[0] is { Kind: CellKind.Text, Text: { } values } && row[1] is { Kind: CellKind.Text, Text: { } labels } && Columns.Contains(labels.Trim()) ? values : null;
}
