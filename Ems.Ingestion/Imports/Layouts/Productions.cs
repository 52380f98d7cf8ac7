using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Headers of what a plant of the site makes, and of halls, lines and machines that have the same words.</summary>
internal static partial class Productions
{
    // Halls and lines are called so, too.
    private static readonly string[] Halls = ["production", "prod", "produktion", "produzione", "producción", "productie"];

    /// <summary>A factory may make them.</summary>
    public static readonly string[] Devices = ["inverter", "inverters", "wechselrichter", "onduleur"];

    private static readonly string[] Between = ["d", "de", "di", "of", "the", "from", "by"];

    /// <summary>What makes electricity, and nothing else.</summary>
    public static readonly string[] Plants =
    [
        "solar", "solaire", "pv", "photovoltaic", "photovoltaics", "photovoltaik", "photovoltaïque", "fotovoltaica", "fotovoltaico", "wind", "chp", "bhkw", "wkk", .. Devices,
    ];

    /// <summary>Nobody knows here where it flows.</summary>
    public static readonly string[] Words =
    [
        "produced", "generated", "generation", "erzeugung", "erzeugt", "prodotta", "producida", "generación", "generada", "opwek", "opwekking", "yield", "ertrag",
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

    /// <summary>Whether a name of a file or a meter is that of a plant, or of what one makes.</summary>
    public static bool NamePlant(string name) => new HeaderWords(name.Replace('_', ' ')) is var words && (words.Any((IEnumerable<string>)Plants) || words.Any(Words.Except(Halls)));

    /// <summary>Whether a column says so, or may.</summary>
    public static bool MayBeMade(ValueColumn column) => AreMade(column) || MayBe(column.Header);

    private static bool IsElectric(string header, HeaderWords words) => !words.Any("thermal", "thermique", "thermisch") && Carriers.FindAll(header).All(carrier => carrier == Carriers.Electricity);

    [GeneratedRegex(
        @"(energy|electric(al|ity)?|power|system|strom|elektrische)\W+produ|produ\p{L}+\W+(d['’]énergie|électrique|d['’]électricité|de energía|eléctrica|di energia|elettrica)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfElectricity();
}
