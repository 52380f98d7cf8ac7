using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ems.Core.Metering;

/// <summary>The units that files and forms may name.</summary>
public static partial class Units
{
    private const double KwhPerKbtu = 0.29307107;
    private const double KwhPerMegacalorie = 1.163;
    private const double CubicMetresPerCubicFoot = 0.028316846592;
    private const double CubicMetresPerGallon = 0.003785411784;
    private const double CubicMetresPerImperialGallon = 0.00454609;
    private const double SameFactor = 1e-9;

    private static readonly double[] Powers = [0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    private static readonly string[] Imperial = ["UK", "imperial", "imp"];

    // What counts thousands to one and millions to another, or is a length.
    private static readonly string[] Unclear = ["cm", "kcm", "cGal", "MGal", "MBtu", "Mlb", "Mlb.", "Mlbs", "Mlbs."];

    /// <summary>Every unit once, the canonical one of a dimension first.</summary>
    public static IReadOnlyList<Unit> All { get; } =
    [
        new("kWh", Dimension.Energy, 1),
        new("Wh", Dimension.Energy, 0.001),
        new("MWh", Dimension.Energy, 1_000),
        new("GWh", Dimension.Energy, 1_000_000),
        new("J", Dimension.Energy, 1 / 3_600_000d),
        new("kJ", Dimension.Energy, 1 / 3_600d),
        new("MJ", Dimension.Energy, 1 / 3.6),
        new("GJ", Dimension.Energy, 1_000 / 3.6),
        new("Btu", Dimension.Energy, KwhPerKbtu / 1_000),
        new("kBtu", Dimension.Energy, KwhPerKbtu),
        new("MMBtu", Dimension.Energy, 1_000 * KwhPerKbtu),
        new("therm", Dimension.Energy, 100 * KwhPerKbtu),
        new("Dth", Dimension.Energy, 1_000 * KwhPerKbtu),
        new("kcal", Dimension.Energy, KwhPerMegacalorie / 1_000),
        new("Mcal", Dimension.Energy, KwhPerMegacalorie),
        new("Gcal", Dimension.Energy, 1_000 * KwhPerMegacalorie),
        // Steam and cooling as ENERGY STAR Portfolio Manager counts them.
        new("klb", Dimension.Energy, 1_194 * KwhPerKbtu),
        new("million lb", Dimension.Energy, 1_194_000 * KwhPerKbtu),
        new("ton hour", Dimension.Energy, 12 * KwhPerKbtu),
        new("kW", Dimension.ActivePower, 1),
        new("mW", Dimension.ActivePower, 0.000_001),
        new("W", Dimension.ActivePower, 0.001),
        new("MW", Dimension.ActivePower, 1_000),
        new("GW", Dimension.ActivePower, 1_000_000),
        new("kvar", Dimension.ReactivePower, 1),
        new("var", Dimension.ReactivePower, 0.001),
        new("Mvar", Dimension.ReactivePower, 1_000),
        new("kVA", Dimension.ApparentPower, 1),
        new("VA", Dimension.ApparentPower, 0.001),
        new("MVA", Dimension.ApparentPower, 1_000),
        new("V", Dimension.Voltage, 1),
        new("mV", Dimension.Voltage, 0.001),
        new("kV", Dimension.Voltage, 1_000),
        new("A", Dimension.Current, 1),
        new("mA", Dimension.Current, 0.001),
        new("kA", Dimension.Current, 1_000),
        new("Hz", Dimension.Frequency, 1),
        new("°C", Dimension.Temperature, 1),
        new("°F", Dimension.Temperature, 5 / 9d, -160 / 9d),
        new("K", Dimension.Temperature, 1, -273.15),
        new("m³", Dimension.Volume, 1),
        // At their standard pressure and temperature, as gas is billed: the value is kept as it is.
        new("Sm³", Dimension.Volume, 1),
        new("Nm³", Dimension.Volume, 1),
        new("l", Dimension.Volume, 0.001),
        new("ML", Dimension.Volume, 1_000),
        new("ft³", Dimension.Volume, CubicMetresPerCubicFoot),
        new("ccf", Dimension.Volume, 100 * CubicMetresPerCubicFoot),
        new("kcf", Dimension.Volume, 1_000 * CubicMetresPerCubicFoot),
        new("gal", Dimension.Volume, CubicMetresPerGallon),
        new("kgal", Dimension.Volume, 1_000 * CubicMetresPerGallon),
        new("UK gal", Dimension.Volume, CubicMetresPerImperialGallon),
        new("UK kgal", Dimension.Volume, 1_000 * CubicMetresPerImperialGallon),
        new("cfm", Dimension.VolumeFlow, 1),
        new("m³/h", Dimension.VolumeFlow, 1 / (60 * CubicMetresPerCubicFoot)),
        new("1", Dimension.Ratio, 1),
        new("%", Dimension.Ratio, 0.01),
    ];

    private static readonly FrozenDictionary<string, Unit> BySpelling = Spellings().ToFrozenDictionary(StringComparer.Ordinal);

    // m is milli and M is mega: where both could be meant, only the exact spelling counts.
    private static readonly FrozenDictionary<string, Unit> ByLowerCase = BySpelling
        .Where(entry => entry.Key.Length > 1 && entry.Key[0] is not ('m' or 'M'))
        .DistinctBy(entry => Lower(entry.Key))
        .ToFrozenDictionary(entry => Lower(entry.Key), entry => entry.Value);

    private static readonly FrozenDictionary<string, Unit> ByLowerCaseAfterPrefix = BySpelling
        .Where(entry => entry.Key[0] is 'm' or 'M' && entry.Key != "mW")
        .DistinctBy(entry => LowerAfterPrefix(entry.Key))
        .ToFrozenDictionary(entry => LowerAfterPrefix(entry.Key), entry => entry.Value);

    /// <summary>
    /// Finds the unit a text names: <c>kWh</c>, <c>[KWH]</c>, <c>kVAR</c>, <c>deg F</c>, <c>m3</c>, <c>kBtu (thousand Btu)</c>, <c>1000 gal</c>.
    /// Case only matters where it decides: <c>mW</c> is not <c>MW</c>, and <c>mwh</c> is neither. Where letters and words in brackets behind
    /// them differ, as in <c>MCF (million cubic feet)</c>, the words count.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Unit? unit)
    {
        var spelling = PlainText.Of(text ?? "").Trim();
        if (spelling is ['(', .., ')'] or ['[', .., ']'])
        {
            spelling = spelling[1..^1].Trim();
        }

        var bracket = spelling.EndsWith(')') ? spelling.IndexOf('(', StringComparison.Ordinal) : -1;
        unit = bracket > 0 ? FindExplained(spelling[..bracket], spelling[bracket..]) : Find(spelling);
        return unit is not null;
    }

    /// <summary>Whether meters and machines are called so as well as cubic metres in capitals: <c>M3</c>.</summary>
    public static bool IsNameToo(string? text) => text?.Trim() is "M3";

    /// <param name="brackets">What the letters stand for, and whose gallons they count; or something else.</param>
    private static Unit? FindExplained(string letters, string brackets)
    {
        var explanations = brackets.Split(['(', ')'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isImperial = explanations.Any(said => Imperial.Contains(said, StringComparer.OrdinalIgnoreCase));
        var unit = Find(letters, isImperial);
        var explained = unit is null && !Unclear.Contains(letters.Trim(), StringComparer.OrdinalIgnoreCase) ? null
            : explanations.Where(said => said.Contains(' ', StringComparison.Ordinal)).Select(said => Find(said, isImperial)).FirstOrDefault(found => found is not null);
        return explained is not null && (unit is null || unit.Dimension == explained.Dimension) ? explained : letters[^1] == ' ' ? unit : null;
    }

    private static Unit? Find(string text, bool isImperial = false)
    {
        var spelling = Normalise(text);
        if (isImperial && spelling.Contains("gal", StringComparison.OrdinalIgnoreCase))
        {
            spelling = $"{spelling} UK";
        }

        return spelling.Length > 0 && (TryFind(spelling, out var unit) || TryMultiple(spelling, out unit)) ? unit : null;
    }

    private static bool TryFind(string spelling, [NotNullWhen(true)] out Unit? unit) =>
        BySpelling.TryGetValue(spelling, out unit)
        || ByLowerCase.TryGetValue(Lower(spelling), out unit)
        || ByLowerCaseAfterPrefix.TryGetValue(LowerAfterPrefix(spelling), out unit)
        || TryPlural(spelling, out unit);

    /// <summary>Amounts alone have one: <c>kWs</c> are kilowatt seconds, <c>cfs</c> cubic feet per second.</summary>
    private static bool TryPlural(string spelling, [NotNullWhen(true)] out Unit? unit)
    {
        if (spelling is [_, _, .. { Length: > 0 }, 's' or 'S'] && spelling[^2] is not ('s' or 'S') && TryFind(spelling[..^1], out unit) && unit.Dimension is Dimension.Energy or Dimension.Volume)
        {
            return true;
        }

        unit = null;
        return false;
    }

    /// <summary>What counts tenths, hundreds, thousands or millions of a unit: <c>0.1 kWh</c>, <c>1000 gal</c>, <c>x100 ft³</c>.</summary>
    private static bool TryMultiple(string spelling, [NotNullWhen(true)] out Unit? unit)
    {
        var parts = spelling.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || FactorOf(parts[0]) is not { } factor || !TryFind(parts[1].StartsWith("of ", StringComparison.Ordinal) || parts[1].StartsWith("de ", StringComparison.Ordinal) ? parts[1][3..] : parts[1], out var one) || one.Offset != 0)
        {
            unit = null;
            return false;
        }

        var multiple = new Unit(string.Create(CultureInfo.InvariantCulture, $"{factor:0.######} {one.Symbol}"), one.Dimension, factor * one.Factor);
        unit = All.FirstOrDefault(known => known.Dimension == one.Dimension && known.Offset == 0 && Math.Abs((known.Factor / multiple.Factor) - 1) < SameFactor) ?? multiple;
        return true;
    }

    private static double? FactorOf(string text) => text.TrimStart('x', 'X', '×').ToLowerInvariant() switch
    {
        "tens" => 10,
        "hundred" or "hundreds" => 100,
        "thousand" or "thousands" or "tsd" or "tsd." or "milliers" or "'000" or "'000s" or "’000" or "’000s" => 1_000,
        "million" or "millions" => 1_000_000,
        ['0', ',', ..] fraction => PowerOfTen(fraction.Replace(',', '.')),
        var number => PowerOfTen(number.Replace(",", "", StringComparison.Ordinal)),
    };

    private static double? PowerOfTen(string number) =>
        double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && Powers.Contains(factor) ? factor : null;

    private static string Normalise(string text) => OfWhat().Replace(text.Trim(), "${unit}").Replace("^3", "³", StringComparison.Ordinal)
        .Replace('º', '°').Replace('·', ' ').Replace('-', ' ').Replace("° ", "°", StringComparison.Ordinal);

    private static string Lower(string text) => text.ToLowerInvariant();

    private static string LowerAfterPrefix(string text) => text[..1] + text[1..].ToLowerInvariant();

    private static Dictionary<string, Unit> Spellings()
    {
        var spellings = All.ToDictionary(unit => unit.Symbol, StringComparer.Ordinal);
        Add("kWh", "kWhr", "kWhrs", "kW h", "kW hr", "kilowatt hour", "kilowatt hours", "kilowatthour", "kilowatthours", "кВт ч", "кВтч", "кВт год", "кВтгод");
        Add("Wh", "watt hour", "watt hours");
        Add("MWh", "TkWh", "MWhr", "MW h", "megawatt hours", "Megawatt hours", "МВт ч", "МВтч", "МВт год");
        Add("MMBtu", "mmbtu", "mmBtu", "mmBTU");
        Add("therm", "therms", "thm", "thms");
        Add("Dth", "dekatherm", "dekatherms", "decatherm", "decatherms");
        Add("klb", "klbs", "klbs.", "thousand pounds");
        Add("million lb", "million lbs", "million pounds");
        Add("ton hour", "ton hours", "ton hr", "ton hrs", "tonhours", "tonhr", "tonhrs", "TRh", "TR h", "TRhr", "TR hr", "RTh", "Rth", "RT h", "RTHr", "RT hr");
        Add("kW", "kWatt", "kWatts", "kilowatt", "kilowatts", "кВт");
        Add("W", "watt", "watts");
        Add("MW", "megawatt", "megawatts", "Megawatts", "МВт");
        Add("V", "volt", "volts");
        Add("A", "amp", "amps", "ampere", "amperes");
        Add("Hz", "hertz");
        Add("°C", "C", "℃", "degC", "deg C", "degrees C", "celsius", "degrees celsius");
        Add("°F", "F", "℉", "degF", "deg F", "degrees F", "fahrenheit", "degrees fahrenheit");
        Add("K", "kelvin");
        Add("m³", "m3", "M3", "M³", "mc", "cbm", "cubic meters", "cubic metres", "м³", "м3", "куб м", "куб. м", "㎥", "metri cubi", "mètres cubes", "Kubikmeter", "kL", "kilolitre", "kiloliter");
        Add("Gcal", "Гкал", "Gcal.");
        Add("ML", "megalitre", "Megalitre", "megaliter", "Megaliter");
        Add("Sm³", "Sm3", "Stdm3", "std m3", "Smc", "scm");
        Add("Nm³", "Nm3");
        Add("l", "L", "ltr", "liter", "liters", "litre", "litres");
        Add("ft³", "ft3", "cf", "cu ft", "cubic feet", "scf");
        Add("ccf", "hcf", "hundred cubic feet");
        // The thousand of the gas trade.
        Add("kcf", "Mcf", "MCF", "mcf", "thousand cubic feet");
        Add("kgal", "thousand gallons", "kilogallons", "kgal US", "thousand gallons US");
        Add("gal", "gallon", "gallons", "US gal", "gal US", "gallons US");
        Add("UK kgal", "kgal UK", "thousand gallons UK");
        Add("UK gal", "gal UK", "gallon UK", "gallons UK", "UK gallon", "UK gallons", "imperial gallon", "imperial gallons", "imp gal", "IG", "IGal");
        Add("m³/h", "m3/h", "M3/H", "M³/H", "m³/hr", "m3/hr");
        Add("%", "percent");
        return spellings;

        void Add(string symbol, params ReadOnlySpan<string> others)
        {
            foreach (var other in others)
            {
                spellings.Add(other, spellings[symbol]);
            }
        }
    }

    // Of electricity, or by which calorific value: they are kilowatt hours all the same. Where they are of heat, the unit alone does not say it.
    [GeneratedRegex(@"^(?<unit>[kMG]?Wh)(e|el|[\s_]*([\s_]el|\(el\)|\(?(Hs|Ho|Hi|Hu|(?i:pcs|pci|gcv|ncv|hhv|lhv))\)?))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfWhat();
}
