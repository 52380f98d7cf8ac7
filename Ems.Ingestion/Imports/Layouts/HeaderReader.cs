using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>What a header says about its column.</summary>
/// <param name="Rest">What the header says beside metric and unit: the name of a meter, often.</param>
/// <param name="Sure">False when the metric comes from the unit alone.</param>
internal sealed record HeaderReading(Metric? Metric, Unit? Unit, string Rest, bool Sure);

/// <summary>Finds metric and unit in headers such as <c>Voltage (V)</c>, <c>kWh</c>, <c>temp_F</c> and <c>RealPower</c>.</summary>
internal static partial class HeaderReader
{
    // The longest unit, as "thousand watt hours", has three.
    private const int MaxUnitWords = 3;

    public static HeaderReading Read(string header)
    {
        var (text, unit) = SplitBrackets(header.Trim());
        var words = WordsOf(text);
        if (unit is not null)
        {
            return Read(words, unit);
        }

        var count = Math.Min(MaxUnitWords, words.Count);
        while (count > 0 && (unit = UnitOf(words[^count..])) is null)
        {
            count--;
        }

        if (unit is null)
        {
            return Read(words, null);
        }

        var reading = Read(words[..^count], unit);
        // A lone letter at the end (SOUTH_C, Building A) is a unit only of a metric that the other words name.
        return words.Count > 1 && count == 1 && words[^1].Length == 1 && !reading.Sure ? Read(words, null) : reading;
    }

    /// <summary>Words of a sentence (<c>kWh by half hour</c>) that are units; a lone letter is none.</summary>
    public static IEnumerable<string> UnitsWithin(string text) => WordsOf(text).Where(word => word.Length > 1 && UnitOf([word]) is not null);

    private static HeaderReading Read(List<string> words, Unit? unit)
    {
        // The whole header, else the most words at its end, where English has the noun, else those at its start.
        for (var count = words.Count; count > 0; count--)
        {
            if (Find(words[^count..]) is { } last && (unit is null || last.Dimension == unit.Dimension))
            {
                return new HeaderReading(last, unit, string.Join(' ', words[..^count]), Sure: true);
            }

            // Words at the start are often adjectives (Current Reading): the unit must agree.
            if (Find(words[..count]) is { } first && first.Dimension == unit?.Dimension)
            {
                return new HeaderReading(first, unit, string.Join(' ', words[count..]), Sure: true);
            }
        }

        return new HeaderReading(unit is null ? null : Carriers.MetricOf(null, unit.Dimension), unit, string.Join(' ', words), Sure: false);
    }

    private static Metric? Find(List<string> words) => MetricCatalogue.TryFind(string.Join(' ', words), out var metric) ? metric : null;

    private static Unit? UnitOf(List<string> words) =>
        words.Exists(word => word.Any(char.IsLetter) || word is "%" or "°") && Units.TryParse(string.Join(' ', words), out var unit) ? unit : null;

    private static (string Text, Unit? Unit) SplitBrackets(string header)
    {
        var match = BracketedUnit().Match(header);
        return match.Success && Units.TryParse(match.Groups["unit"].Value, out var unit)
            ? (match.Groups["name"].Value, unit)
            : (header, null);
    }

    /// <summary>Words between spaces and signs, and within CamelCase; a unit such as kWh or m³/h stays whole.</summary>
    private static List<string> WordsOf(string text) =>
    [
        .. Spaces().Split(text).Where(part => part.Length > 0).SelectMany(part =>
            Units.TryParse(part, out _) ? [part] : Signs().Split(part).Where(word => word.Length > 0).SelectMany(word =>
                Units.TryParse(word, out _) ? [word] : CamelHump().Split(word))),
    ];

    [GeneratedRegex(@"^(?<name>.*?)\s*[\(\[](?<unit>[^\(\[]+(\([^\)]*\))?)[\)\]]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedUnit();

    [GeneratedRegex(@"[\s_,;]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}%°²³]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex CamelHump();
}
