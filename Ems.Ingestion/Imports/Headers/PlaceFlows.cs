using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>
/// Recognises, by their headers, columns of what a plant, a battery, the grid and a house exchange, as inverters with a battery write them: each of them is in another one once more.
/// </summary>
/// <param name="Used">What is used in all, or the parts of it by where they come from; none where no column says it.</param>
/// <param name="Made">What the plant makes in all; null where no column says it.</param>
/// <param name="Bought">What comes from the grid, be it less what goes there; null where no column says it.</param>
internal sealed record PlaceFlows(IReadOnlyList<ValueColumn> Used, ValueColumn? Made, ValueColumn? Bought)
{
    private const int Fewest = 3;

    private static readonly string[] Batteries =
    [
        "battery", "batteries", "batterie", "batterien", "batterij", "batteria", "batería", "bateria", "batteri", "baterie", "akumulator", "akku", "accu", "powerwall", "bess", "ess", "pbat",
        "batteriespeicher", "stromspeicher", "thuisbatterij", "batterieladung", "batterieentladung", "pcharge", "pdischarge",
    ];

    private static readonly string[] Plants = [.. Productions.Plants, "ppv", "ppv1", "ppv2"];

    private static readonly string[] Houses = ["home", "house", "haus", "load", "loads", "consumer", "consumers", "verbraucher", "last", "casa", "maison", "huis", "plocal", "pload", "backup", "critical"];

    private static readonly string[] Grids = ["grid", "netz", "utility", "mains", "external", "supply", "supplied", "pac", "pgrid", "réseau", "rete", "red", "rede"];

    // What is made and used at once.
    private static readonly string[] Own = ["self", "own", "direct", "directly", "direkt", "eigenverbrauch", "direktverbrauch", "selbstverbrauch", "autoconsommation", "autoconsumo", "zelfverbruik", "eigenverbruik"];

    private static readonly string[] Neutral =
    [
        .. Directions.Plain, .. Directions.Spans, .. Directions.EnergyUnits, .. Own, "gw", "mw", "charge", "charging", "charged", "discharge", "discharging", "discharged", "stored", "laden", "entladen", "ladung", "entladung", "flow", "exchange", "connected", "connection", "point",
        "output", "input", "ac", "dc", "of", "in", "into", "out", "the", "and", "by", "for", "at", "von", "zu", "zur", "zum", "und", "feed", "feedin", "fed", "user", "value", "mean", "average", "avg", "gesamt", "leistung", "sum",
    ];

    private enum Node { Battery, Plant, House, Grid }

    /// <summary>Those of columns of one metric; null where any of them has another name, none is of a battery, or there are too few to tell each other again.</summary>
    public static PlaceFlows? Find(IReadOnlyList<ValueColumn> columns)
    {
        // Whoever has thousands of meters has none of these.
        if (columns.Count is < Fewest or > 16)
        {
            return null;
        }

        var all = columns.Select(column => (Column: column, Nodes: NodesIn(column.Header))).ToList();
        var nodes = all.SelectMany(one => one.Nodes).ToHashSet();
        if (!all.TrueForAll(one => one.Nodes.Count > 0) || !nodes.Contains(Node.Battery) || nodes.Count < Fewest)
        {
            return null;
        }

        // From where to where: Grid to consumers.
        var flows = all.FindAll(one => one.Nodes.Count == 2);
        var used = all.FindAll(one => one.Nodes is [Node.House] && !new HeaderWords(one.Column.Header).Any((IEnumerable<string>)Own));
        used = used.Count > 0 ? used : flows.FindAll(one => one.Nodes[1] == Node.House);
        var bought = all.Where(one => one.Nodes is [Node.Grid] && !Directions.IsExport(one.Column.Header)).ToList();
        return new PlaceFlows(
            [.. used.Select(one => one.Column)],
            all.Where(one => one.Nodes is [Node.Plant]).Select(one => one.Column).ToList() is [var made] ? made : null,
            bought.Where(one => Directions.FlowsIn(one.Column.Header)).Concat(bought.Where(one => bought.Count == 1 || !Directions.NamedIn(one.Column.Header))).Select(one => one.Column).FirstOrDefault());
    }

    /// <summary>What a header names, in the order of its words; nothing where it names anything else.</summary>
    private static List<Node> NodesIn(string header)
    {
        var words = new HeaderWords(header);
        if (header.Any(char.IsDigit) || words.Except([.. Neutral, .. Batteries, .. Plants, .. Houses, .. Grids, .. Productions.Words]).Any(word => !Directions.NamedIn(word)))
        {
            return [];
        }

        var found = words.Except([]).Select(NodeOf).OfType<Node>().Distinct().ToList();
        return found.Count > 0 ? found.Count > 2 ? [] : InOrder(header, found)
            : words.Any((IEnumerable<string>)Productions.Words) ? [Node.Plant]
            : Directions.NameUse(words) || words.Any((IEnumerable<string>)Own) ? [Node.House]
            : Directions.NamedIn(header) ? [Node.Grid] : [];
    }

    /// <summary>Of two that a header names, what gives before what gets; where no word says that it flows from one to the other, one of them: <c>PV battery power</c>.</summary>
    private static List<Node> InOrder(string header, List<Node> found) =>
        found.Count == 1 ? found
        : new HeaderWords(header).Any("to", "nach", "zu", "zur", "zum", "into") ? [.. found.OrderBy(node => PositionOf(header, node))]
        : [found.Contains(Node.Battery) ? Node.Battery : found.Contains(Node.Grid) ? Node.Grid : found[0]];

    private static int PositionOf(string header, Node node) =>
        header.Split(' ', '_', '-', '(').Select((word, at) => (Node: NodeOf(word.ToLowerInvariant()), At: at)).Where(word => word.Node == node).Select(word => word.At).FirstOrDefault(int.MaxValue);

    private static Node? NodeOf(string word) => Batteries.Contains(word) ? Node.Battery : Plants.Contains(word) ? Node.Plant : Houses.Contains(word) ? Node.House : Grids.Contains(word) ? Node.Grid : null;
}
