using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Finds what flows through meters in the texts around their values: the id that the request has, the lines above the table, the names of sheet and file.</summary>
internal static partial class CarrierTexts
{
    /// <summary>Why a carrier is that of a sheet which only the name of its file says.</summary>
    public const string ByFile = "the name of the file has it";

    private const int LongestTitle = 60;

    private static readonly string[] Kinds =
    [
        "commodity", "utility", "energy", "fuel", "medium", "service", "carrier", "vector", "resource", "type", "source", "report", "title",
        "sparte", "energieart", "energieträger", "énergie", "energía", "fluide", "vettore",
    ];

    private static readonly string[] Meters = ["meter", "zähler", "compteur", "contador", "contatore"];

    // What titles and names of files call parts of a site.
    private static readonly string[] OfPlaces =
    [
        "building", "buildings", "bldg", "block", "house", "hall", "halle", "haus", "gebäude", "bau", "site", "wing", "floor", "store", "shop", "school", "hospital", "campus", "office", "offices", "warehouse", "factory", "lab",
        "werk", "standort", "liegenschaft", "schule", "rathaus", "kindergarten", "kita", "büro", "wohnung", "etage", "bâtiment", "immeuble", "école", "edificio", "gebouw", "byggnad", "bygning", "flat", "apartment", "atelier", "bureaux", "bureau", "parking", "restaurant", "bât", "workshop", "canteen", "kantine",
    ];

    // Where in it a meter is, or that it is one.
    private static readonly string[] BesidePlaces =
        ["north", "south", "east", "west", "nord", "süd", "ost", "main", "mains", "central", "meter", "zähler", "hauptzähler", "level", "unit", "eg", "og", "ug", "no", "nr"];

    private const int LongestPlace = 4;

    // Of what a title says about its values.
    private static readonly string[] OfNotes = ["see", "not", "no", "excl", "excluding", "excluded", "exclude", "excludes", "incl", "including", "included", "without", "with", "only", "and", "ohne", "mit", "inkl", "exkl", "siehe", "nicht", "und", "sans", "avec"];

    // What a building is heated with is not what a meter in it counts.
    private static readonly string[] Uses = ["heating", "cooling", "cooking", "dhw", "heizung", "kälte", "calefacción"];

    /// <summary>The carrier and what names it, and no other one; null where nothing does. What is nearer to the meter comes first.</summary>
    /// <param name="headers">Of the columns below the titles.</param>
    public static (string Carrier, string Why)? Find(string? equipmentId, IEnumerable<SampleRow> above, string sheet, string fileName, IReadOnlyList<string>? headers = null)
    {
        // What is used for light comes from no pipe: the title is the name of a place there.
        var mayBeOfPlace = headers?.Any(header => NamesUseOfElectricity().IsMatch(header)) != true;
        var titles = above.Select(row => CarrierIn(row, mayBeOfPlace)).OfType<string>().Distinct().ToList();
        return OfName(equipmentId ?? "") is { } ofId ? (ofId, "the id of the equipment names it")
            : titles is [var title] ? (title, "the lines above the table name it")
            : OfName(sheet) is { } ofSheet ? (ofSheet, "the name of the sheet has it")
            : OfName(Path.GetFileNameWithoutExtension(fileName)) is { } ofFile ? (ofFile, ByFile)
            : null;
    }

    /// <summary>What names of sheet, file or equipment call a fuel that is delivered, and comes from no pipe: <c>Heating oil</c>; null where they name none.</summary>
    public static string? FuelIn(string names) => Fuel().Match(names.Replace('_', ' ')) is { Success: true } found ? found.Value.ToLowerInvariant() : null;

    /// <summary>Whether all that a column of types says is what a building is heated or cooled with, or what electricity is used for.</summary>
    public static bool MayBeUses(SheetTable table, int type) => !new HeaderWords(table.HeaderOf(type)).Any(Kinds.Except(["type"])) && table.Filled(type).All(cell => new HeaderWords(HeaderTexts.TextOf(cell)) is { Count: 1 } words && words.Any((IEnumerable<string>)Uses));

    private static string? CarrierIn(SampleRow row, bool mayBeOfPlace)
    {
        var texts = row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList();
        var colon = texts.Count == 1 ? texts[0].IndexOf(':', StringComparison.Ordinal) : -1;
        var (key, value) = colon > 0 ? (texts[0][..colon], texts[0][(colon + 1)..]) : texts.Count == 2 ? (texts[0], texts[1]) : ("", "");
        // Point de comptage et d'estimation: as the networks of gas in France number theirs.
        return value.Trim().Length > 0 && new HeaderWords(key) is var meter && meter.Any((IEnumerable<string>)Meters) && meter.Except([.. Meters, .. SubjectFinder.Ids, "name"]).Count == 0 ? OfName(value.Trim())
            : value.Trim().Length > 0 && new HeaderWords(key) is var point && point.Any("pce") && point.Except([.. SubjectFinder.Ids, "pce", "n", "de", "du"]).Count == 0 ? Carriers.Gas
            : value.Trim().Length > 0 ? new HeaderWords(key) is var words && words.Any((IEnumerable<string>)Kinds) && !words.Any((IEnumerable<string>)Uses) && Carriers.Find(key) is null && SaysNoMore(value) ? OnlyIn(value) : null
            : texts is [{ Length: <= LongestTitle } title] && !NamesOther().IsMatch(PlainText.Of(title)) && (SaysNoMore(title) || GeneralNames.HaveAny(Carriers.Without(title))) ? OnlyIn(title)
            : mayBeOfPlace && texts is [{ Length: <= LongestTitle } of] ? OfPlace(of)
            : null;
    }

    /// <summary>What a title says of one place: <c>Fernwärme Haus 2</c>, <c>CHW Building 1</c>, <c>Natural gas – North Hall</c>. Of longer ones it may be what they speak of, and of others the name of an enterprise.</summary>
    private static string? OfPlace(string title) => OfName(title) is { } carrier
        && ((IsPlace(RestOfName(DatedNames.Strip(title))) && (carrier == Carriers.Electricity || IsNumbered(title))) || (Dashes().Split(title) is [var one, var other] && ((OfName(one) == carrier && IsPlace(RestOfName(DatedNames.Strip(one)), orNothing: true) && MayBePlace(other)) || (OfName(other) == carrier && IsPlace(RestOfName(DatedNames.Strip(other)), orNothing: true) && MayBePlace(one))))) ? carrier : null;

    /// <summary>The header of a column without the words and the codes that say what flows.</summary>
    public static string Rest(string header) => Carriers.WithoutCapitals(Carriers.Without(header), isHeader: true).Trim();

    private static string RestOfName(string name) => Carriers.WithoutCapitals(Carriers.Without(name)).Trim();

    /// <summary>Whether a title numbers its place: without one, Steam Building and Kälte Halle are names of rooms.</summary>
    private static bool IsNumbered(string title) => NumberedPlaces().IsMatch(Umlauts.Of(PlainText.Of(title)));

    /// <summary>Whether a text is made of words for parts of a site, of numbers and of lone letters.</summary>
    private static bool IsPlace(string text, bool orNothing = false) => new HeaderWords(text) is var words && words.Except([]).All(word => word.Length == 1 || word.All(char.IsDigit) || OfPlaces.Contains(word) || BesidePlaces.Contains(word) || GeneralNames.Have(word)) && (orNothing || words.Any((IEnumerable<string>)OfPlaces));

    /// <summary>Whether the name of a file is that of a part of a site, and has no number but its own: each may have a sheet Electricity.</summary>
    public static bool NamePlace(string file) => new HeaderWords(file).Any((IEnumerable<string>)OfPlaces) && !NumbersOfPlaces().Replace(file, " ").Any(char.IsDigit);

    /// <summary>Whether a header is that of a part of a site: <c>Halle 1</c>, <c>Building B</c>.</summary>
    public static bool NamePartOfSite(string header) => new HeaderWords(header).Any((IEnumerable<string>)OfPlaces);

    /// <summary>Whether the name of a sheet says what flows, and no more.</summary>
    public static bool NameCarrierAlone(string sheet) => (OnlyIn(sheet) is not null && SaysNoMore(sheet)) || (Carriers.OfCapitals(sheet) is not null && RestOfName(sheet).Length == 0);

    private static bool MayBePlace(string text) => text.Trim() is [var first, ..] && (char.IsUpper(first) || char.IsDigit(first)) && new HeaderWords(text) is { Count: > 0 and <= LongestPlace } words && !words.Any((IEnumerable<string>)OfNotes) && Carriers.FindAll(text).Count == 0;

    /// <summary>A text that speaks of the heat or cold of a plant, which makes it and uses electricity; null where none does.</summary>
    public static (string Text, string Carrier)? FindPlant(IEnumerable<SampleRow> above, string sheet, string fileName) =>
        above.Select(row => row.Cells.Select(HeaderTexts.TextOf).Where(text => text.Length > 0).ToList()).Where(texts => texts is [{ Length: <= LongestTitle }]).Select(texts => texts[0]).Append(sheet).Append(Path.GetFileNameWithoutExtension(fileName))
            .Select(text => (text, Carrier: Carriers.FindAll(text) is [Carriers.Heat or Carriers.Cooling] and [var only] && new HeaderWords(text).Any("plant", "plants") && !Machines.AreNamedIn(text) ? only : null)).FirstOrDefault(one => one.Carrier is not null) is (var found, { } carrier) ? (found, carrier) : null;

    /// <summary>What a name says: <c>Gas main north</c>, <c>Heat meter 1</c>. Other carriers than these are as often a street, and heat and cold an end use or a device.</summary>
    public static string? OfName(string name) =>
        (OnlyIn(name) ?? OfMeter(name) ?? OfCode(name)) is { } carrier && !NamesOther().IsMatch(PlainText.Of(name)) && (carrier is Carriers.Electricity or Carriers.Gas or Carriers.Water || SaysNoMore(name) || IsSupplied(name, carrier)) ? carrier : null;

    private static bool IsSupplied(string name, string carrier) => carrier is Carriers.Heat or Carriers.Cooling && (Carriers.Find(name, Dimension.Energy) ?? OfMeter(name) ?? OfCode(name)) == carrier && !NamesUserOfHeat().IsMatch(PlainText.Of(name));

    /// <summary>What is called with a unit is a column.</summary>
    private static string? OfCode(string name) => Carriers.OfCapitals(name) is { } carrier && (HeaderReader.Read(name).Unit is null || Carriers.OfCapitals(name, isHeader: true) is not null) ? carrier : null;

    /// <summary>Meters of heat are called so for short, and devices of headers as well.</summary>
    private static string? OfMeter(string name) => new HeaderWords(name).Any("wmz") ? Carriers.Heat : null;

    /// <summary>Whether the name of a sheet speaks of energy or power and of no carrier: <c>Energy 2024</c>, <c>kWh</c>.</summary>
    public static bool NameEnergy(string sheet) => DatedNames.Strip(Path.GetFileNameWithoutExtension(sheet[(sheet.LastIndexOf(':') + 1)..])) is var name
        && (new HeaderWords(name).Any("energy", "energie", "energía", "energi", "power") || HeaderReader.Read(name).Unit is { Dimension: Dimension.Energy or Dimension.ActivePower });

    /// <summary>Whether the names of sheet and file speak of heat or cold.</summary>
    public static bool NameHeat(string sheet, string fileName) =>
        Carriers.FindAll(sheet).Concat(Carriers.FindAll(Path.GetFileNameWithoutExtension(fileName))).Any(carrier => carrier is Carriers.Heat or Carriers.Cooling);

    /// <summary>Whether the names of sheet and file speak of air; a supply may be of water.</summary>
    public static bool NameAir(string sheet, string fileName) =>
        Carriers.NameAir(string.Join(' ', new HeaderWords(Digits().Replace($"{sheet} {Path.GetFileNameWithoutExtension(fileName)}", " ")).Except(["supply"])));

    private static string? OnlyIn(string text) => Carriers.FindAll(text) is [var only] ? only : null;

    private static bool SaysNoMore(string text) => Carriers.Without(DatedNames.Strip(text)) is var rest && (!rest.Any(char.IsLetter) || GeneralNames.Have(rest));

    [GeneratedRegex(
        @"(?<!\p{L})(((heating|fuel|gas|red)[\s-]?)?(oil|diesel)|heizöl|öl|fioul|mazout|gasoil|gasöl|gasolio|gasóleo|lpg|propane?|butane?|flüssiggas|gpl|petrol|kerosene)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Fuel();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\s+[–—\-|]\s+|:\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Dashes();

    // Building 2, Haus 12a, 3 North Wing.
    [GeneratedRegex(@"(?<=\p{L}[ _\-]?)\d{1,3}(?=\p{L}?(?![\p{L}\d]))|^\d{1,3}(?=[ _\-]\p{L})", RegexOptions.CultureInvariant)]
    private static partial Regex NumbersOfPlaces();

    // Halls, shops and laboratories are called after heat, cold and gas, with and without a number.
    [GeneratedRegex(
        @"(?<!\p{L})(buildings?|bldg|block|house|haus|gebäude|bau|site|wing|werk|school|hospital|campus|standort|liegenschaft|schule|kindergarten|kita|wohnung|bâtiment|batiment|immeuble|école|edificio|gebouw|byggnad|bygning|flat|apartment)"
        + @"[\s_.-]*((no|nr)[\s_.]*)?(\d{1,3}\p{L}?|(?<=[\s_.-])\p{L})(?![\p{L}\p{N}])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NumberedPlaces();

    [GeneratedRegex(
        @"(?<!\p{L})(lighting|lights?|sockets?|plugs?|outlets?|hvac|lifts?|elevators?|servers?|beleuchtung|licht|steckdosen?|lüftung|aufzug|aufzüge|éclairage|prises|ascenseurs?|iluminación|illuminazione|verlichting)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NamesUseOfElectricity();

    // Devices and uses that may run on something else, enterprises and addresses.
    [GeneratedRegex(
        @"(?<!\p{L})(pump(s|e|en|ing)?|fans?|blowers?|motors?|heaters?|tower|cooling|compressors?|generators?|engines?|turbines?|chp|bhkw|plant|station|treatment|works|recovery|company|co|corp|corporation|inc|ltd"
        + @"|limited|plc|gmbh|ag|llc|networks?|board|authority|utility|utilities|grid|water\s+park|stadtwerke|street|st|road|rd|lane|avenue|ave|stra(ß|ss)e|gasse|museum|mill|detectors?|alarm|british|scottish|fenosa)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NamesOther();

    // Uses, rooms and devices that are called after heat or cold, and run on something else.
    [GeneratedRegex(
        @"(?<!\p{L})((?<!district\s+)heating|heizung|calefacci[oó]n|hot\s*water|boilers?|kessel\p{L}*|chaudi[eè]res?|tracing|exchangers?|press(es)?|ovens?|tunnels?|seal(er|ers|ing)|sterili[sz]\p{L}*|autoclaves?|rooms?|baths?|sauna|clean(er|ers|ing)"
        + @"|irons?|ironing|guns?|lamps?|humidifiers?|cabinets?|cables?|mats?|elements?|units?|store|storage|tanks?|batter(y|ies)|banks?|strips?|aux|auxiliary|emergency|radiant|underfloor|panels?|trace|rejection|dump|shrink|setting|set|map|wave|tapes?|coils?|pads?|plates?|curtains?|wheels?|kettles?|cookers?|peelers?|traps?|marie|fours?|tournante|hammam|kracht|pump\p{L}*|küche|markt|supermarkt|anlagen?|aggregate?|verbund|zentrale|maschinen?|theken?|raum|lager|tk|nk)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NamesUserOfHeat();
}
