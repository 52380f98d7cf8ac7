using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Headers of what a plant of the site makes, and of halls, lines and machines that have the same words.</summary>
internal static partial class Productions
{
    /// <summary>Halls and lines are called so, too.</summary>
    public static readonly string[] Halls = ["production", "prod", "produktion", "produzione", "producción", "produccion", "produção", "producao", "productie", "produksjon", "produkcja", "tuotanto", "výroba"];

    /// <summary>A factory may make them.</summary>
    public static readonly string[] Devices = ["inverter", "inverters", "wechselrichter", "onduleur"];

    private static readonly string[] Between = ["d", "de", "di", "of", "the", "from", "by"];

    // What plants have, and where they stand.
    private static readonly string[] Parts =
        ["plant", "plants", "anlage", "anlagen", "array", "arrays", "farm", "park", "roof", "dach", "field", "string", "station", "output", "ac", "north", "south", "east", "west", "nord", "süd", "ost"];

    private static readonly string[] Uses = ["consumption", "usage", "demand", "load", "verbrauch", "bezug", "consommation", "consumo", "consumi", "verbruik"];

    /// <summary>What makes electricity, and nothing else.</summary>
    public static readonly string[] Plants =
    [
        "solar", "solaire", "pv", "photovoltaic", "photovoltaics", "photovoltaik", "photovoltaïque", "fotovoltaica", "fotovoltaico", "solceller", "zonnepanelen", "wind", "chp", "bhkw", "wkk", .. Devices,
    ];

    /// <summary>Nobody knows here where it flows.</summary>
    public static readonly string[] Words =
    [
        "produced", "generated", "generation", "erzeugung", "erzeugt", "prodotta", "producida", "generación", "generacion", "generada", "opwek", "opwekking", "yield", "ertrag",
        "geração", "geracao", "gerada", "produzida", "generata", "produite", "opbrengst",
        "stromerzeugung", "energieerzeugung", "solarerzeugung", "eigenerzeugung", "stromproduktion", "solarproduktion", "solarertrag", .. Halls,
    ];

    /// <summary>Whether a name says nothing but that something is made.</summary>
    public static bool AreNamedIn(string name) => new HeaderWords(name) is var words && words.Any((IEnumerable<string>)Words)
        && words.Except([.. Words, .. Plants, .. Directions.Plain, .. Between, .. Directions.Spans]).All(word => word.All(char.IsDigit));

    /// <summary>Whether a header says that electricity is made, and no name of a hall or a machine does.</summary>
    public static bool AreSure(string header) => new HeaderWords(header) is var words && words.Any((IEnumerable<string>)Words) && !Directions.NamedIn(header) && IsElectric(header, words)
        && (words.Any((IEnumerable<string>)Plants) || (AreNamedIn(HeaderReader.Read(header).Rest) && (words.Any(Words.Except(Halls)) || OfElectricity().IsMatch(header))));

    /// <summary>Whether the name of a meter says so in words that no hall has: those of a plant beside its production, or of what halls do not do.</summary>
    public static bool AreSurelyMade(string name) => AreNamedIn(name) && !Directions.NamedIn(name) && new HeaderWords(name) is var words && !words.Any("net") && IsElectric(name, words)
        && (words.Any(Words.Except(Halls)) || words.Any(Plants.Except(Devices)));

    /// <summary>Whether a column says that something is made, be it a hall that is called so.</summary>
    public static bool AreMade(ValueColumn column) => AreSure(column.Header) || AreNamedIn(column.Name);

    /// <summary>Whether a header may say so: steam is made by what uses electricity.</summary>
    public static bool MayBe(string header) => new HeaderWords(header) is var words && words.Any(Words.Except(Halls)) && !Directions.NamedIn(header) && IsElectric(header, words);

    /// <summary>Whether the name of a column says so, or is that of a plant alone: <c>PV power</c>.</summary>
    public static bool AreOfPlant(ValueColumn column) => MayBeMade(column)
        || (new HeaderWords(column.Name) is { Count: > 0 } words && words.Except([.. Plants, .. Directions.Plain]).Count == 0 && words.Any((IEnumerable<string>)Plants));

    /// <summary>Whether a header has the word of a plant, whatever else it says: <c>PV roof east kW</c>.</summary>
    public static bool HavePlant(string header) => new HeaderWords(header) is var words && IsElectric(header, words)
        && (words.Any((IEnumerable<string>)Plants) || new HeaderWords(Digits().Replace(header, " ")).Any((IEnumerable<string>)Plants));

    /// <summary>Whether a header names a plant or what a battery gives, and nothing that is used: what it counts may flow out.</summary>
    public static bool MayGive(string header) => new HeaderWords(header) is var words && !Directions.NamedIn(header) && !words.Any((IEnumerable<string>)Uses)
        && (HavePlant(header) || (words.Any("battery", "batterie", "powerwall") && words.Any("discharge", "discharged", "entladung", "entladen")));

    /// <summary>Whether a name of a file or a meter is that of a plant, or of what one makes, and of nothing beside it: a house may have a plant, and a street be called after the wind.</summary>
    public static bool NamePlant(string name) => new HeaderWords(Digits().Replace(name.Replace('_', ' '), " ")) is var words && (words.Any((IEnumerable<string>)Plants) || words.Any(Words.Except(Halls)))
        && words.Except([.. Plants, .. Words, .. Parts, .. Directions.Plain, .. Directions.Spans]).All(word => GeneralNames.Have(word) && !Uses.Contains(word));

    /// <summary>Whether a column says so, or may.</summary>
    public static bool MayBeMade(ValueColumn column) => AreMade(column) || MayBe(column.Header);

    private static bool IsElectric(string header, HeaderWords words) => !words.Any("thermal", "thermique", "thermisch") && Carriers.FindAll(header).All(carrier => carrier == Carriers.Electricity);

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(
        @"(energy|electric(al|ity)?|power|system|strom|elektrische)\W+produ|produ\p{L}+\W+(d['’]énergie|électrique|d['’]électricité|de energía|eléctrica|di energia|elettrica)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfElectricity();
}
