using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Words of headers, and names of channels, that say which way energy flows.</summary>
internal static partial class Directions
{
    // Of energy, and of data.
    private static readonly string[] Exported = ["export", "exported", "exports", "exp", "exportada", "exportado", "exportación", "exportação", "exportée", "exporté", "exportiert", "esportata"];

    private static readonly string[] Injections = ["injection", "injected", "injectie", "injectée", "injecté", "injeção", "injecção", "injetada", "injectada", "inyección", "inyectada"];

    private static readonly string[] OfHalls = ["injection", "injeção", "injecção", "inyección"];

    private static readonly string[] Surplus = ["surplus", "surplusgeneration", "überschuss"];

    private static readonly string[] Exports =
    [
        .. Exported, .. Injections, "einspeisung", "eingespeist", "rücklieferung", "teruglevering", "teruggeleverd", "invoeding", "vertido", "vertida", "excedente", "excedentes", "as", "saliente",
        "immissione", "immessa", "ceduta", "outflow", .. Surplus, "oddanie", "oddana", "oddane", "netzeinspeisung", "stromeinspeisung", "solareinspeisung", "rückeinspeisung",
        "netzlieferung", "inmatning", "innmating", "returned", "eai", "rückspeisung",
    ];

    // A main meter is called so, too.
    private static readonly string[] Used =
    [
        "consumption", "consumed", "cons", "usage", "verbrauch", "verbraucht", "stromverbrauch", "energieverbrauch", "direktverbrauch", "hausverbrauch", "gesamtverbrauch", "consommation", "consommée", "consumo", "consumida", "consumata", "verbruik", "verbruikt", "forbrug", "forbruk", "förbrukning", "kulutus", "zużycie", "zuzycie", "spotřeba", "spotreba", "fogyasztás", "tüketim", "tüketimi", "tarbimine", "patēriņš", "suvartojimas", "potrošnja", "poraba", "потребление", "κατανάλωση",
    ];

    // As compounds of several languages end: Wärmeverbrauch, waterverbruik.
    private static readonly string[] UsedEnds = ["verbrauch", "verbruik", "forbrug", "forbruk", "förbrukning", "kulutus"];

    private static readonly string[] Imports =
    [
        "import", "imported", "imports", "imp", "importada", "importado", "importación", "importação", "importée", "importé", "importiert", "importata", "delivered", "received", "inflow", "bezug", "energiebezug", "strombezug", "ae", "eas", "entrante", "afname",
        "afgenomen", "soutirage", "soutirée", "soutiré", "levering", "prelievo", "prelevata", "pobór", "pobor", "pobrana", "pobrane", "odběr", "odber", "netzbezug", "uttag", "buy", "bought", "purchase", "purchased",
        .. Used,
    ];

    // Beside them, or in the name of a file, an export may be one of data.
    private static readonly string[] FlowingOut = [.. Exports.Except(Exported).Where(word => word != "as"), "lieferung"];

    // Of what is fed into the grid, as long as nothing else is named: a pump feeds in, too.
    private static readonly string[] FedIn = ["feed", "in", "feedin"];

    // A Bezug, or what a site buys.
    private static readonly string[] Receipts = ["bezug", "bezogen", "netzbezug", "odběr", "odber", "buy", "bought", "purchase", "purchased"];

    // Beside one of those; alone they are a supplier's words of what a customer gets.
    private static readonly string[] Deliveries = ["lieferung", "geliefert", "abgabe", "dodávka", "dodavka", "sell", "sold"];

    // A machine may inject, and a supplier deliver.
    private static readonly string[] OfMachinesToo = [.. Injections, "returned", .. Surplus, "outflow", "saliente", "excedente", "excedentes", "lieferung"];

    // What they inject or let out is none of electricity.
    private static readonly string[] OfAnything = ["as", .. Injections, "returned", .. Surplus, "outflow", "saliente", "excedente", "excedentes"];

    private static readonly string[] OfElectricityAlone = [.. Exports.Except(OfAnything)];

    private static readonly string[] OfGridOrPlant = ["grid", "netz", .. Productions.Plants.Except(Productions.Devices)];

    // What a machine uses is no opposite of what it lets out.
    private static readonly string[] OfUse = ["delivered", "received", "inflow", "levering", .. Used.Except(["consumida"])];

    // Beside them a name says itself who gives and who gets, and heat is not given back.
    private static readonly string[] OfOthers = ["from", "to", "heat"];

    // Of files, and of what is in them.
    private static readonly string[] OfFiles =
        ["lastgang", "lastprofil", "zählerstand", "zählerstände", "messwerte", "werte", "daten", "data", "load", "profile", "meter", "readings", "interval", "usage", "export", "courbe", "charge", "consumi", "curva"];

    // Of what is made, the part that is not given away.
    private static readonly string[] OfOwnUse = ["self", "own", "eigenverbrauch", "direktverbrauch", "selbstverbrauch", "autoconsommation", "autoconsumo", "autoconsumi", "zelfverbruik", "eigenverbruik"];

    // What it may be called that is used of all of them.
    private static readonly string[] OfAllUsed = ["home", "load", "last", "site", "casa", "maison", "hus", "huis", "liegenschaft", "standort"];

    private static readonly string[] Sources = [.. Productions.Plants, "battery", "batterie", "powerwall", "storage"];

    /// <summary>As words: kWh is k and Wh.</summary>
    public static readonly string[] EnergyUnits = ["wh", "kwh", "mwh", "w", "kw", "k", "m"];

    /// <summary>They name no meter.</summary>
    public static readonly string[] Plain =
    [
        "energy", "active", "real", "total", "net", "system", "electricity", "electric", "grid", "power", "reading", "register", "energie", "énergie", "energía", "energia", "energii", "strom", "netz", "to", "from",
        "activa", "attiva", "ativa", "actief", "actieve", "puissance", "potencia", "potenza", "potência", "réseau", "rede", "rete", "na", "registada", "registado", "registrada", "medida", "medido", "ins", "vom", "aus", "dem",
    ];

    /// <summary>Nor do these, which say of how long or of what a value is.</summary>
    public static readonly string[] Spans = ["hourly", "daily", "weekly", "monthly", "yearly", "annual", "today", "gross"];

    /// <summary>What becomes of columns of one metric that count what flows out or is made, beside what flows in.</summary>
    public static OutwardColumns FindExports(IReadOnlyList<ValueColumn> energies)
    {
        var isReceived = AreReceived(energies);
        var headers = energies.Select(column => column.Header).ToHashSet();
        // What meters call so says nothing alone: Reverse beside Forward.
        var (inward, outward) = NetNames.FindPairs(headers.Where(header => !FlowsOut(header, isReceived)));
        var opposites = energies.Where(column => outward.Contains(column.Header)).ToList();
        var exports = energies.Where(column => FlowsOut(column, isReceived) || IsMinusOf(column.Header, headers) || opposites.Contains(column)).ToList();
        var made = energies.Except(exports).Where(Productions.AreMade).ToList();
        var others = energies.Except(exports).Except(made).ToList();
        if (others.TrueForAll(column => Productions.MayBe(column.Header)))
        {
            // Beside what is made, what flows out is a meter of its own.
            return new OutwardColumns { Alone = made.Count + others.Count > 0 ? [.. made, .. others] : exports };
        }

        var names = others.ConvertAll(column => NameWithout(column) is var name && name.IsSubsetOf(OfOwnUse) ? [] : name);
        var plain = others.Where((column, i) => names[i].Count == 0 && PartNames.TariffIn(column.Name) is null).ToList();
        // Beside the grid and a plant, the only other one may be what is used of both.
        var sources = names.Count(name => name.Count > 0 && name.IsSubsetOf(Sources));
        if ((plain.Count > 1 && exports.Count + made.Count > 0) || (plain.Count == 1 && sources > 0 && exports.Count > 0 && others.Count == sources + 2 && others.Except(plain).Any(MayBeAllUsed)))
        {
            return new OutwardColumns { Open = energies };
        }

        // Among meters that have names, what flows out is a meter too.
        var sure = made.FindAll(column => Productions.AreSure(column.Header));
        var halls = made.Except(sure).ToList();
        var haveNames = others.Where((column, i) => names[i].Count > 0 && PartNames.TariffIn(column.Name) is null).Any() || halls.Exists(column => column.Name.Any(char.IsDigit));
        var haveOthers = others.Where((column, i) => names[i].Count > 0 && !inward.Contains(column.Header) && PartNames.TariffIn(column.Name) is null).Any();
        var needless = exports.FindAll(column => opposites.Contains(column) ? !haveOthers : NameWithout(column) is var name && names.Exists(other => name.Count == 0 ? !haveNames : name.SetEquals(other)));
        if (!haveNames)
        {
            return new OutwardColumns { Needless = [.. needless, .. made] };
        }

        // Beside what is used in all, a hall of production is as likely as what is made.
        var isUsed = plain.Exists(column => NamedIn(column.Header));
        return sure.Count > 0 && exports.Count > needless.Count ? new OutwardColumns { Open = others.Exists(column => NamedIn(column.Header)) ? energies : [.. sure, .. exports] } : new OutwardColumns
        {
            Needless = needless,
            Out = [.. sure, .. opposites.Except(needless)],
            Unsure = [.. others.Where(column => Productions.MayBe(column.Header)), .. isUsed ? halls : []],
            Halls = isUsed ? [] : halls,
        };
    }

    /// <summary>Whether a header names what was used, which no register shows.</summary>
    public static bool NameUse(HeaderWords header) => header.Any((IEnumerable<string>)Used) || header.AnyEndsWith(UsedEnds);

    /// <summary>Whether a column is called as all that is used, or flows in, may be: <c>Home</c>, <c>Grid import</c>.</summary>
    public static bool MayBeAllUsed(ValueColumn column) => NameWithout(column).All(word => DeviceNames.IsWhole(word) || OfAllUsed.Contains(word));

    /// <summary>Whether a header says in which direction it counts.</summary>
    public static bool NamedIn(string header) => new HeaderWords(header) is var words && (NameExport(words) || words.Any((IEnumerable<string>)Imports));

    /// <summary>Whether a header is one of texts that tell what flows out or is produced from what flows in: <c>CON/GEN</c>, <c>Import/Export</c>.</summary>
    public static bool NameBoth(HeaderWords header) =>
        (header.Any("con") && header.Any("gen")) || (header.Any((IEnumerable<string>)Imports) && (header.Any((IEnumerable<string>)Exports) || header.Any((IEnumerable<string>)Productions.Words)));

    /// <summary>Whether a title says nothing but that energy flows out.</summary>
    public static bool AreExport(string title) => new HeaderWords(title) is { Count: > 0 } words && (AreFedIn(words) || ((words.Any((IEnumerable<string>)Exports) || words.Any((IEnumerable<string>)FlowingOut))
        && words.Except([.. Exports, .. FlowingOut, .. Plain, .. EnergyUnits]).Count == 0));

    /// <summary>The word in a name of a file that says that energy flows out; null where none does, or it may name a machine.</summary>
    public static string? ExportIn(string name)
    {
        var words = new HeaderWords(name.Replace('_', ' '));
        var namesNothingElse = words.Except([.. Exports, .. FlowingOut, .. Plain, .. EnergyUnits, .. OfFiles]).All(word => word.Any(char.IsDigit));
        return Array.Find(FlowingOut, word => words.Any(word) && (namesNothingElse || !OfMachinesToo.Contains(word)))
            ?? (AreFedIn(new HeaderWords(string.Join(' ', words.Except(OfFiles).Where(word => !word.Any(char.IsDigit))))) ? "feed-in" : null);
    }

    /// <summary>A name without what power meters say of what is used, or flows back: <c>Real Energy Into the Load</c>.</summary>
    public static string WithoutLoad(string name) => OfLoad().Replace(name, " ");

    /// <summary>A header without that in brackets, of which the last word is no load.</summary>
    public static string WithoutLoadInBrackets(string header) => LoadInBrackets().Replace(header, "");

    /// <summary>Columns of whose headers any word says that something flows out, and none that it flows in, whatever else they say.</summary>
    public static IReadOnlyList<ValueColumn> ThatMayFlowOut(IReadOnlyList<ValueColumn> columns) => AreReceived(columns) is var isReceived
        ? [.. columns.Where(column => new HeaderWords(column.Header) is var words && !words.Any((IEnumerable<string>)Imports) && FlowsOut(column, isReceived))] : [];

    /// <summary>Columns of one metric with what most likely flows into a site before the others, and last what flows out, is made or used where it is made.</summary>
    public static IReadOnlyList<ValueColumn> InwardFirst(IReadOnlyList<ValueColumn> columns) =>
        AreReceived(columns) is var isReceived ? [.. columns.OrderBy(column => FlowsOut(column, isReceived) ? 3 : RankOfInward(column.Header))] : [];

    private static int RankOfInward(string header) => new HeaderWords(header) is var words && (words.Any((IEnumerable<string>)Productions.Words) || words.Any((IEnumerable<string>)Productions.Plants) || words.Any((IEnumerable<string>)OfOwnUse) || words.Any("direct", "direkt", "directly")) ? 3
        : FlowsIn(header) ? 0
        : words.Any((IEnumerable<string>)Used) ? 1 : 2;

    /// <summary>Whether a header says that something flows in from outside, and not only that it is used.</summary>
    public static bool FlowsIn(string header) => new HeaderWords(header) is var words
        && (words.Any(Imports.Except(Used)) || words.Any((IEnumerable<string>)Receipts) || FromGrid().IsMatch(header) || (words.Any("external") && words.Any("supply")));

    /// <summary>Whether a header says so in a word that machines have as well.</summary>
    public static bool MayBeMachine(string header) => new HeaderWords(header).Any((IEnumerable<string>)OfMachinesToo);

    /// <summary>Whether the words say nothing but a direction, and that it is energy.</summary>
    public static bool AreAll(HeaderWords words) => words.Except([.. Exports, .. Imports, .. Plain]).Count == 0;

    /// <summary>Whether they say that it is energy, and no direction.</summary>
    public static bool ArePlain(HeaderWords words) => words.Count > 0 && words.Except(Plain).Count == 0;

    /// <summary>Whether they say no more than that and what is made.</summary>
    public static bool NameNothing(HeaderWords words) => words.Except([.. Exports, .. Imports, .. Deliveries, .. Productions.Words, .. Plain]) is var rest && (rest.Count == 0 || (AreFedIn(words) && rest.IsSubsetOf(FedIn)));

    /// <summary>Whether they say no more than that something flows out or is made, or that they are what is left of it and of what flows in.</summary>
    public static bool AreNoConsumption(HeaderWords words) =>
        NameNothing(words) && (NameExport(words) || words.Any((IEnumerable<string>)Productions.Words) || words.Any("net"));

    /// <summary>Those of several columns of one metric that have no other name than that they count what flows out.</summary>
    public static IReadOnlyList<ValueColumn> ExportsIn(IReadOnlyList<ValueColumn> columns) =>
        AreReceived(columns) is var isReceived && columns.Where(column => FlowsOut(column, isReceived) && NameWithout(column).All(Productions.Plants.Contains)).ToList() is var exports
            && columns.Except(exports).Any(column => PartNames.IsTotal(column.Name) || DeviceNames.IsWhole(column.Name) || NamedIn(column.Header) || Productions.MayBe(column.Header)) ? exports : exports.FindAll(column => !IsOfHall(column));

    /// <summary>Registers of what flows out: those without another name, and those of the same name as one of what flows in.</summary>
    public static IReadOnlyList<ValueColumn> RegistersOut(IReadOnlyList<ValueColumn> columns)
    {
        var isReceived = AreReceived(columns);
        var others = columns.Where(column => !FlowsOut(column, isReceived)).ToList();
        var (inward, outward) = (others.ConvertAll(NameWithout), NetNames.FindPairs(others.Select(column => column.Header)).Outward);
        var headers = columns.Select(column => column.Header).ToHashSet();
        return [.. columns.Where(column => IsMinusOf(column.Header, headers) || FlowsOut(column, isReceived) ? NameWithout(column) is var name && (name.All(Productions.Plants.Contains) || inward.Exists(name.SetEquals)) : outward.Contains(column.Header))];
    }

    /// <summary>Whether a column has no other name than that it counts what flows out.</summary>
    public static bool AreExports(ValueColumn column) => FlowsOut(column, isReceived: false) && NameWithout(column).All(Productions.Plants.Contains);

    /// <summary>Those of all headers of registers that say that they count what flows out, and no other name, or that of another register: <c>Teruglevering dal</c> beside <c>Stand dal</c>.</summary>
    public static IReadOnlySet<string> FindExports(IEnumerable<string> headers)
    {
        var all = headers.ToHashSet();
        var isReceived = AreReceived(all);
        var others = all.Where(header => !FlowsOut(header, isReceived)).ToList();
        var names = others.ToLookup(KeyOf);
        var found = all.Except(others).Where(header => KeyOf(header) is var name
            && (name.Length == 0 || names[name].Any(other => !MayBeMachine(header) || new HeaderWords(other).Any((IEnumerable<string>)Imports))));
        return found.Concat(others.Where(header => IsMinusOf(header, all))).Concat(NetNames.FindPairs(others).Outward).ToHashSet();
    }

    private static string KeyOf(string header) => RegisterReadings.KeyOf(string.Join(' ', new HeaderWords(WithoutGrid(header)) is var words && AreFedIn(words)
        ? [] : words.Except([.. Exports, .. Imports, .. Plain, .. Spans, .. Deliveries, .. Receipts, .. Productions.Words, .. Productions.Plants])));

    /// <summary>Whether any of several columns is of the other way of another one, as only its sign says.</summary>
    public static bool AreSigned(IReadOnlyList<ValueColumn> columns) =>
        columns.Select(column => column.Header).ToHashSet() is var headers && headers.Any(header => IsMinusOf(header, headers));

    /// <summary>Whether another header is this one with a plus where it has a minus: <c>EpT+</c> and <c>EpT-</c>.</summary>
    /// <param name="others">A set, where there may be thousands.</param>
    public static bool IsMinusOf(string header, IReadOnlyCollection<string> others) =>
        Enumerable.Range(0, header.Length).Any(i => header[i] == '-' && others.Contains($"{header[..i]}+{header[(i + 1)..]}"));

    /// <summary>Whether a header says that something flows out or is produced, which no sum of consumption has in it.</summary>
    public static bool NameNoConsumption(string header) => new HeaderWords(header) is var words && (NameExport(words) || words.Any((IEnumerable<string>)Productions.Words));

    /// <summary>Whether a channel or a type of a meter counts what flows out, by its words or its code.</summary>
    /// <param name="isReceived">Whether another one is a Bezug, beside which a Lieferung flows out.</param>
    public static bool IsExport(string channel, bool isReceived) => IsExport(channel) || (isReceived && new HeaderWords(channel) is var words && !words.Any((IEnumerable<string>)OfOthers) && AreGiven(words));

    /// <summary>Whether a channel or a type of a meter counts what flows out, by its words or its code.</summary>
    public static bool IsExport(string channel) => Code().IsMatch(channel) || ToGrid().IsMatch(channel) || NameExport(new HeaderWords(channel));

    /// <summary>Whether a channel is called by a direction or a code of one, and no more.</summary>
    public static bool AreChannel(string channel) => Stream().IsMatch(channel) || Signed().IsMatch(channel) || (HeaderReader.Read(channel) is var read && ((read.IsCode && read.Unit is null)
        || NameNothing(new HeaderWords(channel)) || (read.Rest.Length > 0 && NameNothing(new HeaderWords(IntervalAtEnd().Replace(read.Rest, ""))))));

    /// <summary>Whether a channel is called as files of the Australian market call the data streams of a meter: <c>E1</c>, <c>B1</c>.</summary>
    public static bool IsStream(string channel) => Stream().IsMatch(channel);

    /// <summary>Whether a channel is a category of Ausgrid.</summary>
    public static bool AreCategory(string channel) => Category().IsMatch(channel);

    /// <summary>Whether one of several channels or types is that of what a site receives, be it beside a Lieferung.</summary>
    public static bool AreReceived(IEnumerable<string> channels) => channels.Any(channel => AreReceived(channel) && !new HeaderWords(channel).Any((IEnumerable<string>)OfOthers));

    /// <summary>Whether a channel is named by a direction, or by the code of one in NEM files.</summary>
    public static bool AreDirection(string channel) => NamedIn(channel) || IsExport(channel) || Stream().IsMatch(channel);

    /// <summary>Whether the words are those of a supplier, which delivers to a site and receives from it, or of a site that has a Bezug and a Lieferung.</summary>
    private static bool AreReceived(IReadOnlyList<ValueColumn> columns) =>
        columns.Any(column => AreReceived(column.Header));

    private static bool AreReceived(string header) => new HeaderWords(header) is var words && (words.Any("delivered") || words.Any((IEnumerable<string>)Receipts)) && !ToGrid().IsMatch(header);

    private static bool AreDelivered(HeaderWords words) => words.Any((IEnumerable<string>)Deliveries) && !words.Any((IEnumerable<string>)Receipts);

    /// <summary>What is delivered beside what is received flows out, and so does what is received beside what is delivered.</summary>
    private static bool AreGiven(HeaderWords words) => (words.Any("received") && !words.Any(Imports.Except(["received"]))) || AreDelivered(words);

    private static bool NameExport(HeaderWords words) => words.Any((IEnumerable<string>)Exports) || AreFedIn(words);

    private static bool AreFedIn(HeaderWords words) => (words.Any("feedin") || (words.Any("feed") && words.Any("in"))) && words.Except([.. FedIn, .. Plain, .. Spans, .. EnergyUnits, .. Productions.Plants]).Count == 0;

    private static bool FlowsOut(ValueColumn column, bool isReceived) => FlowsOut(column.Header, isReceived);

    private static bool FlowsOut(string header, bool isReceived) =>
        ToGrid().IsMatch(header) || HeaderReader.Read(header).IsExport || (!FromGrid().IsMatch(header)
            && new HeaderWords(header) is var words && (NameExport(words) || (isReceived && AreGiven(words))));

    /// <summary>Beside halls and machines alone, without a word of what flows in or is made, one of them is called so.</summary>
    private static bool IsOfHall(ValueColumn column) => new HeaderWords(column.Name) is { Count: 1 } words && words.Any((IEnumerable<string>)OfHalls);

    private static string WithoutGrid(string name) => FromGrid().Replace(ToGrid().Replace(name, " "), " ");

    private static HashSet<string> NameWithout(ValueColumn column) =>
        new HeaderWords(WithoutGrid(WithoutLoad(column.Name))) is var words && AreFedIn(words) ? words.Except([.. FedIn, .. Plain, .. Spans]) : words.Except([.. Exports, .. Imports, .. Plain, .. Spans, .. Deliveries, .. Receipts]);

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(to[\s_-](the[\s_-])?(grid|utility)|grid[\s_-](return|feed[\s_-]?in)|(?<=(?<!\p{L})act[\s_-])ret|out of (the )?load|(?<=(inyecci[oó]n|inyectada|vertid[oa]|exportad[oa]|excedentes?)[\s_])a[\s_](la[\s_])?red|do[\s_](sieci|sítě|siete))(?![\p{L}\p{N}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ToGrid();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(from[\s_-](the[\s_-])?(grid|utility)|(aus|vom)[\s_-](dem[\s_-])?netz|ze?[\s_](sieci|sítě|siete))(?![\p{L}\p{N}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FromGrid();

    [GeneratedRegex(@"\(?\b(into|out of)( the)? load\b\)?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfLoad();

    [GeneratedRegex(@"\s*\(\s*(into|out of)( the)? load\s*\)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LoadInBrackets();

    [GeneratedRegex(@"\s+interval$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IntervalAtEnd();

    /// <summary>Active power or energy of one direction, as networks call it: <c>P+</c>, <c>A-</c>, <c>+A</c>.</summary>
    [GeneratedRegex(@"^([AP][-+−]|[-+−][AP])$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Signed();

    /// <summary>OBIS codes that begin with 2 behind the medium, the channels B1, B2 … of NEM files, which may stand behind the number of their meter, the gross generation of Ausgrid, and <c>A-</c>.</summary>
    [GeneratedRegex(@"^(\d-\d+:)?2\.\d+\.\d+(\*\d+)?$|^([\dA-Z]{10,11}#)?B\d$|^GG$|^[AP][-−]$|^[-−][AP]$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    /// <summary>What NEM files call them, and the categories of Ausgrid.</summary>
    [GeneratedRegex(@"^([\dA-Z]{10,11}#)?[EB]\d$|^(GC|CL|GG)$", RegexOptions.CultureInvariant)]
    private static partial Regex Stream();

    /// <summary>General consumption, controlled load, gross generation.</summary>
    [GeneratedRegex("^(GC|CL|GG)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Category();
}

/// <summary>Columns of one metric that count what flows out or is made.</summary>
internal sealed record OutwardColumns
{
    /// <summary>Beside the only one of what flows in.</summary>
    public IReadOnlyList<ValueColumn> Needless { get; init; } = [];

    /// <summary>Those of which none has another name than a direction and that would be added up though they are parts of each other.</summary>
    public IReadOnlyList<ValueColumn> Open { get; init; } = [];

    /// <summary>Where nothing flows in, all that flow out.</summary>
    public IReadOnlyList<ValueColumn> Alone { get; init; } = [];

    /// <summary>What is made, among meters that have names.</summary>
    public IReadOnlyList<ValueColumn> Out { get; init; } = [];

    /// <summary>What may be made, or used to make something.</summary>
    public IReadOnlyList<ValueColumn> Unsure { get; init; } = [];

    /// <summary>What is called a production among meters that have names: halls are called so.</summary>
    public IReadOnlyList<ValueColumn> Halls { get; init; } = [];
}
