using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ems.Core.Metering;

/// <summary>The metrics the system knows, and the words that headers use for them.</summary>
public static partial class MetricCatalogue
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("energy_import_register", "kWh", Dimension.Energy, QuantityKind.Register),
        new("energy_export_register", "kWh", Dimension.Energy, QuantityKind.Register),
        new("energy", "kWh", Dimension.Energy, QuantityKind.Interval),
        new("active_power", "kW", Dimension.ActivePower, QuantityKind.Level),
        new("reactive_power", "kvar", Dimension.ReactivePower, QuantityKind.Level),
        new("apparent_power", "kVA", Dimension.ApparentPower, QuantityKind.Level),
        new("voltage", "V", Dimension.Voltage, QuantityKind.Level, Min: 0, Max: 1_000),
        new("current", "A", Dimension.Current, QuantityKind.Level, Min: 0, Max: 1_000),
        new("power_factor", "1", Dimension.Ratio, QuantityKind.Level, Min: -1, Max: 1),
        new("frequency", "Hz", Dimension.Frequency, QuantityKind.Level),
        new("temperature", "°C", Dimension.Temperature, QuantityKind.Level, Min: -50, Max: 200),
        new("airflow", "cfm", Dimension.VolumeFlow, QuantityKind.Level, Min: 0, Max: 10_000),
        new("gas_volume", "m³", Dimension.Volume, QuantityKind.Interval, QuantityKind.Register),
        new("water_volume", "m³", Dimension.Volume, QuantityKind.Interval, QuantityKind.Register),
        new("heat", "kWh", Dimension.Energy, QuantityKind.Interval, QuantityKind.Register),
    ];

    private static readonly Dictionary<string, string[]> Aliases = new()
    {
        ["energy_import_register"] =
        [
            "energy register", "import register", "meter reading", "energy import", "active energy import", "cumulative energy", "1 8 0",
            "register", "cumulative", "counter", "counters", "meter index", "index", "zählerstand", "zaehlerstand", "zählerstand bezug", "stand", "meterstand", "relevé",
            "relevé compteur", "index compteur", "lectura", "lectura contador", "lectura del contador", "lettura", "lettura contatore", "leitura",
            "zählerstände", "meterstanden", "relevés", "lecturas", "letture", "leituras", "mätarställning", "målerstand", "målerstande", "lukema", "mittarilukema",
            "stan licznika", "wskazanie licznika", "stav", "stav elektroměru", "endeks", "endeksi", "sayaç endeksi", "指針", "指示数", "読数", "读数", "表读数", "电表读数", "表底", "示数",
        ],
        ["energy_export_register"] =
            ["export register", "energy export", "active energy export", "2 8 0", "zählerstand einspeisung", "zählerstand lieferung"],
        ["energy"] =
            ["kwh", "mwh", "wh", "active energy", "energy consumption", "energy usage", "consumption", "usage", "electricity", "electricity consumption"],
        ["active_power"] = ["kw", "mw", "power", "real power", "load", "demand", "watt", "watts"],
        ["reactive_power"] = ["kvar", "var", "reactive load"],
        ["apparent_power"] = ["kva", "apparent load"],
        ["voltage"] = ["volt", "volts"],
        ["current"] = ["amp", "amps", "ampere", "amperes", "amperage"],
        ["power_factor"] = ["pf", "cos phi", "cosphi", "cos φ", "cosφ"],
        ["frequency"] = ["freq", "hz", "hertz"],
        ["temperature"] =
        [
            "temp", "air temperature", "air temp", "outdoor temperature", "outdoor temp", "outside temperature", "outside temp",
            "outside air temperature", "outdoor air temperature", "ambient temperature", "oat",
        ],
        ["airflow"] = ["air flow", "cfm"],
        ["gas_volume"] = ["gas", "natural gas", "gas consumption"],
        ["water_volume"] = ["water", "water consumption"],
        ["heat"] = ["heat energy", "heat consumption", "thermal energy", "district heat", "district heating"],
    };

    private static readonly FrozenDictionary<string, Metric> ByWords = All
        .SelectMany(metric => Aliases[metric.Name].Append(Words(metric.Name)).Select(words => (words, metric)))
        .ToFrozenDictionary(entry => entry.words, entry => entry.metric);

    private static readonly FrozenDictionary<string, Metric> ByName = All.ToFrozenDictionary(metric => metric.Name);

    /// <summary>The metric of this canonical name.</summary>
    public static Metric? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What a register shows that counts the metric: itself, or for energy a metric of its own; null where no register counts it.</summary>
    public static Metric? RegisterOf(Metric metric) =>
        metric.CanBe(QuantityKind.Register) ? metric : metric.Name == "energy" ? Find("energy_import_register") : null;

    /// <summary>
    /// Finds the metric a header or a field names: its canonical name or one of its aliases, whole and word by word
    /// (<c>Power Factor</c>, <c>powerFactor</c>, <c>Voltage (V)</c>, <c>avg_kw</c>, but not <c>Current Reading</c>).
    /// </summary>
    public static bool TryFind(string? name, [NotNullWhen(true)] out Metric? metric)
    {
        var header = Brackets().Replace(PlainText.Of(name ?? ""), " ");
        return ByWords.TryGetValue(Words(header), out metric)
            || ByWords.TryGetValue(Words(CamelHump().Replace(header, " ")), out metric);
    }

    private static string Words(string text)
    {
        var words = Separators().Split(text.Trim()).Where(word => word.Length > 0).Select(word => word.ToLowerInvariant()).ToList();
        if (words.Count > 1 && words[0] is "avg" or "average" or "mean")
        {
            words.RemoveAt(0);
        }

        return string.Join(' ', words);
    }

    [GeneratedRegex(@"\([^)]*\)|\[[^\]]*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Brackets();

    [GeneratedRegex(@"[\s_\-./:]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();

    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex CamelHump();
}
