using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Recognises what flows through a meter from the words that files use for it.</summary>
internal static partial class Carriers
{
    public const string Electricity = "electricity";
    public const string Gas = "gas";
    public const string Heat = "heat";
    public const string Cooling = "cooling";
    public const string Water = "water";
    public const string CompressedAir = "compressed air";

    /// <summary>The longest phrase decides: district hot water is heat and no water.</summary>
    private static readonly FrozenDictionary<string, string> ByPhrase = new Dictionary<string, string[]>
    {
        [Electricity] = ["electricity", "electric", "electrical", "elec", "elektra", "électricité", "electricidad", "elettricità", "strom", "elektrizität", "elektriciteit", "stromzähler", "elektricitet", "elektrisitet", "sähkö", "solar", "pv", "solarpv", "énergie électrique", "energía eléctrica", "energia elettrica", "energia elétrica", "energia elektryczna", "elektrische energie", "elektrisk energi", "elektrická energie", "elektriciteitsverbruik", "stroom", "stroomverbruik", "aktif", "elförbrukning", "elforbrug", "elforbruk", "strømforbrug", "strømforbruk", "prąd", "energii elektrycznej", "elektřina", "elektřiny", "elektrina", "villamos energia", "villamosenergia", "áram", "elektrik", "электроэнергия", "ηλεκτρική ενέργεια", "ηλεκτρισμός", "eletricidade", "energie electrică", "elekter", "elektroenerģija", "електроенергія", "електроенергия", "električna energija", "用电量", "用電量", "電気", "전력", "電力", "电力", "전기"],
        [Gas] = ["natural gas", "naturalgas", "gas", "erdgas", "gaz", "gaz naturel", "gas natural", "gasverbrauch", "aardgas", "gaszähler", "gasuhr", "gasstand", "gasmeter", "gasmeterstand", "gaszählerstand", "naturgas", "naturgass", "maakaasu", "metano", "gas naturale", "plyn", "zemní plyn", "földgáz", "doğalgaz", "doğal gaz", "газ", "природный газ", "φυσικό αέριο", "ガス", "都市ガス", "天然气", "天然ガス", "gaze naturale", "erdgasverbrauch", "gasbezug", "gaseinsatz", "gasverbruik", "aardgasverbruik", "gasförbrukning", "gasforbrug", "gasforbruk", "gazu", "zużycie gazu", "plin", "zemni plin", "gaas", "maagaas", "gāze", "dabasgāze", "dujos", "gamtinės dujos", "燃气", "燃料ガス", "가스", "الغاز", "גז", "природний газ", "plynu", "zemního plynu", "gázfogyasztás", "도시가스"],
        [Heat] = ["heat", "district heat", "district heating", "hot water", "hotwater", "district hot water", "wärme", "wärmemenge", "wärmeenergie", "wärmezähler", "wärmemengenzähler", "fernwärme", "heizung", "chaleur", "steam", "district steam", "calor", "calefacción", "warmte", "värme", "fjärrvärme", "fjarrvarme", "fjernvarme", "kaukolämpö", "kaukolampo", "chauffage urbain", "réseau de chaleur", "teleriscaldamento", "stadsverwarming", "stadswarmte", "nahwärme", "dampf", "vapeur", "calore", "ciepło", "teplo", "távhő", "toplina", "тепло", "тепловая энергия", "θέρμανση", "wärmeverbrauch", "wärmebezug", "wärmeerzeugung", "wärmeertrag", "heizenergie", "heizenergieverbrauch", "heizwärme", "heizwärmeverbrauch", "fernwärmeverbrauch", "fernwärmebezug", "nahwärmeverbrauch", "warmteverbruik", "warmtelevering", "värmeförbrukning", "fjärrvärmeförbrukning", "varme", "varmeforbrug", "varmeforbruk", "fjernvarmeforbrug", "fjernvarmeforbruk", "lämpö", "energia cieplna", "energii cieplnej", "ogrzewanie", "vytápění", "fűtés", "grijanje", "отопление", "daljinska toplota", "toplota", "toplotna energija", "toplinska energija", "šiluma", "šilumos energija", "siltums", "siltumenerģija", "soojus", "kaugküte", "теплоэнергия", "топлоенергия", "теплова енергія", "энергия тепловая", "termică", "energie termică", "căldură", "hő", "hőenergia", "θερμότητα", "θερμική ενέργεια", "ısı", "ısıtma", "蒸気", "蒸汽", "热量", "热力", "난방", "열량"],
        [Cooling] = ["chilled water", "chilledwater", "district chilled water", "cooling", "kälte", "fernkälte", "kältezähler", "fjärrkyla", "fjernkøling", "fjernkjøling", "kaukojäähdytys", "kälteverbrauch", "kältebezug", "kältemenge", "kältemengenzähler", "fernkälteverbrauch", "kyla", "eau glacée", "eau froide climatisation", "agua helada", "acqua refrigerata", "gekoeld water", "soğutma", "冷水", "冷房", "冷量", "냉방", "التبريد", "chłodzenie", "chlazení", "холод"],
        [Water] = ["water", "potable water", "wasser", "eau", "agua", "acqua", "kaltwasser", "wasserzähler", "hauptwasserzähler", "kaltwasserzähler", "warmwasserzähler", "wasseruhr", "watermeter", "watermeterstand", "wasserzählerstand", "vatten", "vand", "vann", "vesi", "wastewater", "sewer", "wasserverbrauch", "waterverbruik", "vattenförbrukning", "vandforbrug", "vannforbruk", "woda", "zużycie wody", "voda", "vody", "víz", "ivóvíz", "vízfogyasztás", "su tüketimi", "frischwasser", "stadtwasser", "speisewasser", "feedwater", "nước", "vodovod", "mrzla voda", "hladna voda", "šaltas vanduo", "karstais ūdens", "vesi m3", "apă", "apa rece", "вода питьевая", "хвс", "гвс", "用水量", "水", "المياه", "מים", "น้ำประปา", "вода", "νερό", "vanduo", "ūdens", "上水", "上水道", "水道", "自来水", "수도"],
        ["oil"] = ["fuel oil", "fueloil", "fueloil1", "fueloil2", "heating oil", "heizöl", "diesel", "kerosene", "fioul", "gas oil", "gasoil", "gasöl", "gasolio", "gasóleo", "mazout"],
        ["propane"] = ["propane", "lpg", "liquid propane", "gas lpg", "gas propane", "propane gas", "flüssiggas", "butane"],
        ["wood"] = ["wood", "pellets", "biomass"],
        ["coal"] = ["coal", "coke"],
        [CompressedAir] = ["compressed air", "druckluft"],
    }.SelectMany(entry => entry.Value.Select(phrase => (phrase, entry.Key))).ToFrozenDictionary(entry => entry.phrase, entry => entry.Key, Accents.Comparer);

    // Within a name they are as often what cools a room or a shop: groupe froid.
    private static readonly FrozenSet<string> Cold = new[] { "froid", "freddo", "frío", "frio", "koude", "køling", "chłód", "chlad" }.ToFrozenSet(Accents.Comparer);

    // As lists of meters write them alone; within a name they are something else.
    private static readonly FrozenDictionary<string, string> ByCode = new Dictionary<string, string> { ["ng"] = Gas, ["gn"] = Gas, ["chw"] = Cooling, ["el"] = Electricity, ["luz"] = Electricity }.ToFrozenDictionary();

    // As campuses write them in capitals in names of files, sheets and columns: water that heats, steam, and water that was heated.
    private static readonly FrozenDictionary<string, string> ByCapitals =
        ((string[])["HHW", "HTHW", "MTHW", "LTHW", "LPHW", "MPHW", "STM", "DHW"]).ToDictionary(code => code, _ => Heat).Append(new("CHW", Cooling)).ToFrozenDictionary();

    // As one of several columns or meters they are as often what electricity is used for: DHW beside Lighting, an STM press.
    private static readonly string[] AlsoUses = ["STM", "DHW"];

    // In m³/h other things flow, too; in cfm only air does.
    private static readonly string[] Air =
        ["air", "airflow", "aria", "aire", "ventilation", "ventilator", "lüftung", "supply", "exhaust", "extract", "fan", "ahu", "vav", "hvac", "rlt"];

    // Counted in m³ it is water, and in kWh what has heated it.
    private static readonly FrozenSet<string> Tapped = new[] { "warmwasser", "brauchwasser", "trinkwasser" }.ToFrozenSet(Accents.Comparer);

    public const int LongestPhrase = 3;

    /// <summary>The carrier that a text names, word by word; null when it names none.</summary>
    public static string? Find(string? text)
    {
        var words = WordsOf(text);
        for (var count = Math.Min(LongestPhrase, words.Count); count > 0; count--)
        {
            for (var i = 0; i + count <= words.Count; i++)
            {
                if (ByPhrase.TryGetValue(string.Join(' ', words.GetRange(i, count)), out var carrier))
                {
                    return carrier;
                }
            }
        }

        return words is [var code] && ByCode.GetValueOrDefault(code) is { } ofCode ? ofCode : AreCold(words) ? Cooling : null;
    }

    /// <summary>Whether a text names a fuel that comes in tanks, though it may be called gas: gas oil, LPG.</summary>
    public static bool AreDelivered(string text) => Find(text) is "oil" or "propane";

    /// <summary>Whether a text is a code that lists have for a carrier, which may be short for something else elsewhere.</summary>
    public static bool IsCode(string text) => WordsOf(text) is [var code] && ByCode.ContainsKey(code);

    /// <summary>What the code of a network in capitals says that a name is of: <c>CHW Building 1</c>; null where there is none, several differ, words name another one, or it is that of a device that uses electricity.</summary>
    /// <param name="isHeader">Whether it is that of a column or of a meter among others.</param>
    public static string? OfCapitals(string name, bool isHeader = false) =>
        Capitals().Matches(name).Select(match => match.Value).ToList() is var codes && !(isHeader && codes.TrueForAll(code => AlsoUses.Contains(code)))
        && codes.Select(code => ByCapitals[code]).Distinct().ToList() is [var only] && FindAll(name).All(named => named == only) && !Machines.AreNamedIn(name) && !UsesElectricity().IsMatch(name) ? only : null;

    /// <summary>A text without such codes.</summary>
    public static string WithoutCapitals(string text, bool isHeader = false) => Capitals().Replace(text, match => isHeader && AlsoUses.Contains(match.Value) ? match.Value : " ");

    /// <summary>The carrier of what is counted under a name in a unit of this dimension; null where nothing names one.</summary>
    // PNG is piped natural gas, as India bills it; elsewhere it is a country.
    public static string? Find(string? text, Dimension? dimension) =>
        dimension is Dimension.Energy or Dimension.ActivePower ? FindOfEnergy(text)
        : Find(text) ?? (dimension == Dimension.Volume && WordsOf(text) is var words ? words.Contains("png") ? Gas : words.Exists(Tapped.Contains) || (text is not null && HeatNames.NameWater(text)) ? Water : null : null);

    /// <summary>Nobody counts water or air in kWh: what heats or moves them is.</summary>
    private static string? FindOfEnergy(string? text) =>
        FindAll(Machines.Without(WordsOf(text), phrase => ByPhrase.GetValueOrDefault(phrase))).FirstOrDefault(carrier => carrier is not (Water or CompressedAir))
        ?? (text is not null && GasEvidence.AreByCalorificValue(text) ? Gas : AreCold(WordsOf(text)) ? Cooling : text is null ? null : HeatNames.CarrierOfCode(text) ?? OfCapitals(text, isHeader: true));

    /// <summary>Whether nothing but a unit stands beside such a word.</summary>
    private static bool AreCold(List<string> words) => words.Exists(Cold.Contains) && words.FindAll(word => !Units.TryParse(word, out _)) is [_];

    /// <summary>All carriers that a text names.</summary>
    public static IReadOnlyList<string> FindAll(string text) => FindAll(WordsOf(text));

    private static List<string> FindAll(List<string> words)
    {
        var found = new List<string>();
        for (var count = LongestPhrase; count > 0; count--)
        {
            for (var i = 0; i + count <= words.Count; i++)
            {
                if (ByPhrase.TryGetValue(string.Join(' ', words.GetRange(i, count)), out var carrier))
                {
                    found.Add(carrier);
                    words.RemoveRange(i, count);
                    words.Insert(i, "");
                }
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>A text without the words that name carriers.</summary>
    public static string Without(string text)
    {
        var words = Words().Matches(text).ToList();
        for (var count = LongestPhrase; count > 0; count--)
        {
            for (var i = words.Count - count; i >= 0; i--)
            {
                var phrase = words.GetRange(i, count);
                if (ByPhrase.ContainsKey(string.Join(' ', phrase.Select(word => Umlauts.Of(PlainText.Of(word.Value)).ToLowerInvariant()))))
                {
                    return Without($"{text[..phrase[0].Index]}{text[(phrase[^1].Index + phrase[^1].Length)..]}");
                }
            }
        }

        return text.Trim();
    }

    /// <summary>The carrier that metric or header of a column name, or the columns beside it; null where none does.</summary>
    public static string? Of(ValueColumn column) => column.Carrier ?? Of(column.KnownMetric) ?? Find(column.Header, MetricCatalogue.Find(column.KnownMetric)?.Dimension);

    /// <summary>The carrier that a metric is always of; null for energy and power, which may be of any.</summary>
    public static string? Of(string metric) => metric switch
    {
        "gas_volume" => Gas,
        "water_volume" => Water,
        "heat" => Heat,
        "reactive_power" or "apparent_power" or "voltage" or "current" or "power_factor" or "frequency" => Electricity,
        _ => null,
    };

    /// <summary>What a carrier's amounts in a unit are; null when the system has no metric for them, or nothing says what flows.</summary>
    /// <param name="names">Texts that may say that it is air.</param>
    public static Metric? MetricOf(string? carrier, Unit unit, params ReadOnlySpan<string?> names) =>
        unit.Dimension == Dimension.VolumeFlow && carrier is null && !unit.Symbol.EndsWith("cfm", StringComparison.Ordinal) && !NameAir(names) ? null : MetricOf(carrier, unit.Dimension);

    /// <summary>Whether any of the texts says that it is air that flows.</summary>
    public static bool NameAir(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (name is not null && new HeaderWords(name) is var words && (words.Any((IEnumerable<string>)Air) || words.Contains(["luft", "Luft"])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a carrier's amounts in a unit of this dimension are; null when the system has no metric for them.</summary>
    public static Metric? MetricOf(string? carrier, Dimension dimension) => (dimension, carrier) switch
    {
        (Dimension.Energy, Heat) => MetricCatalogue.Find("heat"),
        (Dimension.Energy, _) => MetricCatalogue.Find("energy"),
        (Dimension.Volume, Gas) => MetricCatalogue.Find("gas_volume"),
        (Dimension.Volume, Water) => MetricCatalogue.Find("water_volume"),
        (Dimension.Volume or Dimension.Ratio, _) => null,
        // Of flows, air's alone has a metric.
        (Dimension.VolumeFlow, Gas or Water or Heat or Cooling) => null,
        _ => MetricCatalogue.All.First(metric => metric.Dimension == dimension),
    };

    private static List<string> WordsOf(string? text) => [.. Words().Matches(Umlauts.Of(PlainText.Of(text ?? "")).ToLowerInvariant()).Select(match => match.Value)];

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}\p{Cf}#]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(CHW|HHW|[HML]THW|[LM]PHW|STM|DHW)(?![\p{L}\p{N}])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Capitals();

    // What heats, cools or moves it, or lets it through: P1 and CP2 are pumps.
    [GeneratedRegex(
        @"(?<!\p{L})(chillers?|boilers?|heaters?|immersion|cylinders?|calorifiers?|tanks?|valves?|elec\p{L}*|power|plant|station|traps?|tracing|plate|exchangers?|coils?|ahu|fcu|vav|kw|c?p[\s_.-]?\d+|ct|comps?|circ\p{L}*|press(es)?|flats?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UsesElectricity();
}
