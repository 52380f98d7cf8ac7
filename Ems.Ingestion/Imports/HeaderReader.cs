using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports;

/// <summary>What a header says about its column.</summary>
/// <param name="Metric">Canonical name, or null.</param>
/// <param name="Unit">Symbol as written, or null.</param>
/// <param name="Rest">What the header says beside these: the name of a meter, often.</param>
/// <param name="Sure">False when the metric comes from the unit alone.</param>
internal sealed record HeaderReading(string? Metric, string? Unit, string Rest, bool Sure);

/// <summary>Finds metric and unit in headers such as <c>Voltage (V)</c>, <c>kWh</c>, <c>temp_F</c> and <c>RealPower</c>.</summary>
internal static partial class HeaderReader
{
    /// <summary>Words of a header that name a metric; the first entry whose words are all there decides.</summary>
    private static readonly (string[] Words, string Metric)[] Names =
    [
        (["power", "factor"], "power_factor"), (["pf"], "power_factor"), (["cos", "phi"], "power_factor"), (["cosphi"], "power_factor"),
        (["reactive", "power"], "reactive_power"), (["apparent", "power"], "apparent_power"),
        (["active", "power"], "active_power"), (["real", "power"], "active_power"),
        (["export", "register"], "energy_export_register"), (["energy", "export", "register"], "energy_export_register"),
        (["import", "register"], "energy_import_register"), (["meter", "reading"], "energy_import_register"),
        (["register"], "energy_import_register"), (["cumulative"], "energy_import_register"), (["counter"], "energy_import_register"),
        (["gas", "volume"], "gas_volume"), (["water", "volume"], "water_volume"), (["heat"], "heat"),
        (["temperature"], "temperature"), (["temp"], "temperature"), (["airflow"], "airflow"), (["cfm"], "airflow"),
        (["voltage"], "voltage"), (["volts"], "voltage"), (["current"], "current"), (["amps"], "current"),
        (["frequency"], "frequency"), (["freq"], "frequency"), (["demand"], "active_power"), (["power"], "active_power"),
        (["energy"], "energy"), (["consumption"], "energy"), (["usage"], "energy"), (["gas"], "gas_volume"), (["water"], "water_volume"),
    ];

    public static HeaderReading Read(string header)
    {
        var (text, unit) = SplitUnit(header.Trim());
        var words = Words().Matches(text).Select(match => match.Value).ToList();
        var last = unit is null && words.Count > 0 ? words[^1] : null;
        if (last is not null && ColumnUnits.Find(last, alone: words.Count == 1) is not null)
        {
            unit = last;
            words.RemoveAt(words.Count - 1);
        }

        var reading = Read(words, unit);
        // A lone letter at the end (SOUTH_C, Building A) is a unit only of a metric that the other words name.
        return last?.Length == 1 && unit == last && !reading.Sure ? Read([.. words, last], null) : reading;
    }

    private static HeaderReading Read(List<string> words, string? unit)
    {
        var known = unit is null ? null : ColumnUnits.Find(unit, alone: true);
        foreach (var (names, metric) in Names)
        {
            if (names.All(name => words.Contains(name, StringComparer.OrdinalIgnoreCase)) && Fits(metric, known))
            {
                var rest = words.Where(word => !names.Contains(word, StringComparer.OrdinalIgnoreCase));
                return new HeaderReading(metric, unit, string.Join(' ', rest), Sure: true);
            }
        }

        return new HeaderReading(known is null ? null : DefaultMetric(known.Dimension), unit, string.Join(' ', words), Sure: false);
    }

    private static bool Fits(string metric, ColumnUnit? unit) =>
        unit is null || ImportMetrics.Find(metric)!.Dimension == unit.Dimension;

    private static string? DefaultMetric(string dimension) => dimension switch
    {
        "energy" => "energy",
        "power" => "active_power",
        "reactive" => "reactive_power",
        "apparent" => "apparent_power",
        "voltage" => "voltage",
        "current" => "current",
        "frequency" => "frequency",
        "temperature" => "temperature",
        "airflow" => "airflow",
        _ => null,
    };

    private static (string Text, string? Unit) SplitUnit(string header)
    {
        var match = BracketedUnit().Match(header);
        return match.Success && ColumnUnits.Find(match.Groups["unit"].Value.Trim(), alone: true) is not null
            ? (match.Groups["name"].Value, match.Groups["unit"].Value.Trim())
            : (header, null);
    }

    [GeneratedRegex(@"^(?<name>.*?)\s*[\(\[](?<unit>[^\)\]]{1,12})[\)\]]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedUnit();

    /// <summary>Words between spaces and signs, and within CamelCase; a unit such as kWh or kVAR stays whole.</summary>
    [GeneratedRegex(@"°[CF]|[kMG]?W(?:h|H)?(?![A-Za-z])|[kM]?V(?:A|Ar|AR|ar|Ah|ARh|arh)?(?![A-Za-z])|kwh|kw|[A-Z]+(?![a-z])|[A-Z]?[\p{Ll}]+[23³]?|[\p{L}\p{N}³]+|%", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
