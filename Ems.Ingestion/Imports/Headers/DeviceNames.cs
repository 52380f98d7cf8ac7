using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows the devices that headers name in front of what is measured: <c>UMG 96RM Haupt: Wirkarbeit bezogen</c>, <c>B1.Main Active Power Mean</c>.</summary>
internal static partial class DeviceNames
{
    // Behind a quantity: Energía activa III.
    private const string ThreePhase = "III";

    private static readonly HashSet<string> Quantities = new(
        string.Join(
            ' ',
            "active reactive apparent real energy power demand voltage current frequency factor cos phi temperature interval mean avg average total sum min max net delivered received",
            "import imported export exported consumption forward reverse sys system three phase phases line l1 l2 l3 n channel ch input output register tariff rate usage use of since last reset",
            "wirkarbeit wirkenergie wirkleistung blindarbeit blindenergie blindleistung scheinarbeit scheinenergie scheinleistung arbeit energie leistung spannung strom frequenz leistungsfaktor",
            "bezogen bezug geliefert lieferung verbrauch summe gesamt mittelwert kanal",
            "énergie puissance tension courant moyenne totale energía potencia tensión corriente media energia potenza tensione corrente",
            "importata esportata prelevata immessa assorbita consumo soutirée injectée consommée consommation consumida exportada importada",
            "ativa reativa potência tensão corrente czynna bierna pozorna pobrana oddana moc napięcie prąd aktív meddő teljesítmény",
            "attiva reattiva apparente activa reactiva aparente réactive imp exp ac dc").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    // What stands in plants and buildings, and their places.
    private static readonly HashSet<string> Things = new(
        string.Join(
            ' ',
            "main mains building buildings house hall office workshop warehouse garage kitchen canteen floor room shop tenant plant chiller chillers boiler pump pumps fan fans ahu rtu fcu hvac compressor",
            "compressors tower furnace oven kiln press motor mixer mill crusher conveyor extruder dryer washer freezer refrigeration lift elevator server servers lighting lights charger chargers evse",
            "haupt hauptzähler gebäude haus halle büro werkstatt lager küche kantine etage raum mieter kältemaschine kälteanlage kessel pumpe pumpen lüftung lüfter kompressor kompressoren ofen presse",
            "trockner aufzug beleuchtung licht serverraum wallbox wärmepumpe bâtiment atelier bureau cuisine chaudière pompe ventilateur compresseur four presse ascenseur éclairage",
            "edificio oficina taller cocina caldera bomba compresor horno ascensor iluminación ufficio officina cucina caldaia pompa compressore forno illuminazione").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    // What controllers call the register of energy.
    private static readonly HashSet<string> Counters = new(["zähler", "zaehler", "zählerstand", "zaehlerstand", "counter", "meter", "compteur"], StringComparer.OrdinalIgnoreCase);

    // Of these a connection has one, whichever of them it is called.
    private static readonly HashSet<string> Wholes = new(
        ["main", "mains", "building", "house", "plant", "haupt", "hauptzähler", "gebäude", "haus", "bâtiment", "edificio"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of what a connection has one of.</summary>
    public static bool IsWhole(string name) => Wholes.Contains(name);

    /// <summary>The device of a header; empty where it names none.</summary>
    /// <param name="name">What the header says beside metric and unit.</param>
    public static string Find(string name)
    {
        name = Directions.WithoutLoad(name);
        var words = Words().Matches(name);
        var count = words.Count;
        while (IsOfQuantity(count - 1))
        {
            count--;
        }

        var device = count == 0 ? "" : name[..(words[count - 1].Index + words[count - 1].Length)];
        // What begins with a quantity goes on with another one in the next header.
        return device.Length == 0 || IsMeasured(words[0].Value) || Serial().IsMatch(name) || words.Take(count).All(word => IsQuantity(word.Value) || word.Value.All(char.IsDigit))
            || Carriers.Without(device).Length == 0 || GeneralNames.Have(device) || PartNames.HaveTariff(device) || PartNames.MayBePhase(device) || Directions.NameNothing(new HeaderWords(device))
            ? "" : device;

        bool IsOfQuantity(int at) => at >= 0 && (IsMeasured(words[at].Value) || (at > 0 && (Tariff().IsMatch(words[at].Value) || words[at].Value == ThreePhase) && IsOfQuantity(at - 1)));
    }

    /// <summary>The device that a text names in front of what is measured, in a row; null where it names none.</summary>
    public static string? InFront(string text) =>
        Find(HeaderReader.Read(text).Rest).Trim() is { Length: > 0 } device && !PartNames.NameNoMeter(device)
            && text.AsSpan().TrimStart().StartsWith(device, StringComparison.Ordinal) ? device : null;

    /// <summary>Whether texts of what is measured are of several devices: two are of one metric that is counted, each of these names its own, and none names one twice.</summary>
    public static bool AreOfSeveral(IEnumerable<string> texts)
    {
        var groups = texts.Select(text => (Text: text, Reading: HeaderReader.Read(text)))
            .GroupBy(read => (read.Reading.Metric, read.Reading.Unit?.Symbol), read => InFront(read.Text)).ToList();
        return groups.TrueForAll(same => same.OfType<string>().ToList() is var named && named.Distinct(StringComparer.OrdinalIgnoreCase).Count() == named.Count)
            && groups.Exists(same => same.Count() > 1 && !same.Contains(null) && same.Key.Metric is { Dimension: Dimension.Energy or Dimension.ActivePower or Dimension.Volume });
    }

    /// <summary>The phase or the two lines of what is measured at a device (<c>l1</c>, <c>l1_l2</c>); null where the header names none.</summary>
    public static string? PhaseIn(string name, string device) =>
        string.Join('_', Words().Matches(name[device.Length..]).Select(word => Line().Replace(word.Value.ToLowerInvariant(), "l")).Where(word => word is "l1" or "l2" or "l3")) is { Length: > 0 } phase ? phase : null;

    /// <summary>Whether it is a name within names, as systems of buildings have them: <c>GMS1.SAN.KW.Volumen</c>.</summary>
    public static bool IsPath(string name) => Path().IsMatch(name);

    /// <summary>Whether it is written as devices are: numbered, or with a sign in it.</summary>
    public static bool IsSure(string device) => Numbered().IsMatch(device);

    /// <summary>Whether names are of two devices: both are written so, or each is of a thing and none says all that the other does.</summary>
    /// <param name="mayBeThings">Whether a mere thing is enough.</param>
    public static bool AreApart(string device, string other, bool mayBeThings)
    {
        var (words, others) = (WordsOf(device), WordsOf(other));
        return (IsSure(device) && IsSure(other))
            || (mayBeThings && (words.Overlaps(Things) || others.Overlaps(Things)) && MayBeThing(device, words) && MayBeThing(other, others) && !words.IsSubsetOf(others) && !others.IsSubsetOf(words)
                && !(words.IsSubsetOf(Wholes) && others.IsSubsetOf(Wholes)));
    }

    /// <summary>Beside a thing, a letter and a number are one, too: <c>P-1</c> is a pump beside a building.</summary>
    private static bool MayBeThing(string device, HashSet<string> words) => IsSure(device) || words.Overlaps(Things) || Tag().IsMatch(device);

    /// <summary>Whether a name is of a thing that may use electricity or gas, or as short as plants write it: <c>CT-1</c>.</summary>
    public static bool MayUse(string device) => WordsOf(device).Overlaps(Things) || ShortTag().IsMatch(device);

    /// <summary>Whether a word of a name is that of a thing, or of its place.</summary>
    public static bool NameThing(string name) => WordsOf(name).Overlaps(Things);

    private static HashSet<string> WordsOf(string device) => new(Words().Matches(device).Select(word => word.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>A device without the symbol behind it under which analysers export what they measure there (<c>123456ABC P</c> in kW); null where none stands there, or that of another metric.</summary>
    public static string? WithoutSymbol(string device, string metric) =>
        Symbol().Match(device) is { Success: true } match && match.Groups[metric is "energy_import_register" or "energy_export_register" ? "energy" : metric].Success ? match.Groups["device"].Value : null;

    /// <summary>What stands in front of the last word of a name; empty where nothing does.</summary>
    public static string WithoutLast(string name) => LastWord().Replace(name, "");

    /// <summary>Whether a word is of what is measured, as programs of controllers write it with the letter of its type, too: <c>fWirkleistung</c>, <c>rEnergy</c>.</summary>
    private static bool IsMeasured(string word) => IsQuantity(word) || (Typed().Match(word) is { Success: true } typed && (IsQuantity(typed.Groups["name"].Value) || Counters.Contains(typed.Groups["name"].Value)));

    /// <summary>Whether a word is of what is measured.</summary>
    public static bool IsQuantity(string word) => PlainText.Of(word) is var plain && (Quantities.Contains(plain) || Length().IsMatch(plain));

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^T\d$", RegexOptions.CultureInvariant)]
    private static partial Regex Tariff();

    [GeneratedRegex(@"^\d+(s|sec|min|h|hr|d)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Length();

    [GeneratedRegex(@"^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+){2,}$", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    // A letter with a number is as often a quantity: E1, P1.
    [GeneratedRegex(@"\p{L}{2}.*\d|\d.*\p{L}{2}|[\p{L}\p{N}][.:|/][ ]?\p{L}", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    // Lines and tariffs are written so, too.
    [GeneratedRegex(@"^[^\P{L}LlTt]-\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?<!\p{L})\p{L}{1,5}[ -]?\d+(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex ShortTag();

    // As their variables are called by their types.
    [GeneratedRegex(@"^(lr|ui|di|dw|[frnilw])(?<name>\p{Lu}\p{L}+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Typed();

    [GeneratedRegex(
        @"^(?<device>.*[\p{L}\p{N}])[\W_]+(lr|[fr])?((?<active_power>P)|(?<reactive_power>Q)|(?<apparent_power>S)|(?<energy>E[PpAa]?)|(?<voltage>[UV](L?[1-3])?)|(?<current>[IA](L?[1-3])?)|(?<power_factor>PF)|(?<frequency>[Ff]))$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"[\W_]*[\p{L}\p{M}\p{N}]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LastWord();

    [GeneratedRegex(@"^[uvia]l?(?=[1-3]$)", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\bS/N\b|\bLGR\b", RegexOptions.CultureInvariant)]
    private static partial Regex Serial();
}
