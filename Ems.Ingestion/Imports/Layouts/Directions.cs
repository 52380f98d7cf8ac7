namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Words of headers that say which way energy flows.</summary>
internal static class Directions
{
    private static readonly string[] Exports =
        ["export", "exported", "einspeisung", "rücklieferung", "injection", "injected", "teruglevering", "vertido", "immissione"];

    private static readonly string[] Imports =
        ["import", "imported", "delivered", "received", "consumption", "consumed", "bezug", "verbrauch", "consommation", "consumo", "afname", "prelievo"];

    // They name no meter.
    private static readonly string[] Plain =
        ["energy", "active", "total", "electricity", "electric", "grid", "power", "reading", "register", "energie", "énergie", "energía", "energia", "strom", "netz", "to", "from"];

    /// <summary>Columns of what flows out: those that stand beside what flows in, or where nothing flows in, all.</summary>
    public static (IReadOnlyList<ValueColumn> Needless, IReadOnlyList<ValueColumn> Alone) FindExports(IReadOnlyList<ValueColumn> energies)
    {
        // Both words are the supplier's: it delivers to a site and receives from it.
        var isReceived = energies.Any(column => new HeaderWords(column.Header).Any("delivered") && !IsToGrid(column));
        var exports = energies.Where(column => FlowsOut(column, isReceived)).ToList();
        var imports = energies.Except(exports).Select(NameWithout).ToList();
        return (
            [.. exports.Where(column => NameWithout(column) is var name && imports.Exists(other => name.Count == 0 || name.SetEquals(other)))],
            imports.Count == 0 ? exports : []);
    }

    /// <summary>Whether the words say nothing but a direction, and that it is energy.</summary>
    public static bool AreAll(HeaderWords words) => words.Except([.. Exports, .. Imports, .. Plain]).Count == 0;

    private static bool FlowsOut(ValueColumn column, bool isReceived) =>
        IsToGrid(column) || HeaderReader.Read(column.Header) is { IsCode: true, Metric.Name: "energy_export_register" } || (!column.Header.Contains("from grid", StringComparison.OrdinalIgnoreCase)
            && new HeaderWords(column.Header) is var words && (words.Any((IEnumerable<string>)Exports) || (isReceived && words.Any("received"))));

    private static bool IsToGrid(ValueColumn column) => column.Header.Contains("to grid", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> NameWithout(ValueColumn column) => new HeaderWords(column.Name).Except([.. Exports, .. Imports, .. Plain]);
}
