using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>What analysers of a three-phase line call a column: <c>U1</c>, <c>P_a [W]</c>, <c>V L1-N</c>, <c>Ptot</c>.</summary>
/// <param name="Metric">Its canonical name; empty for what has none, as a distortion.</param>
/// <param name="Symbol">What the columns of the other phases begin with, too.</param>
/// <param name="Phase">The phase, or the two lines, as metrics of phases end; empty for all of them.</param>
/// <param name="Unit">The unit that the header says; null where it says none.</param>
internal sealed record AnalyserName(string Metric, string Symbol, string Phase, Unit? Unit)
{
    /// <summary>Whether it says so without others beside it: a unit and a line, as in <c>kW L1</c>.</summary>
    public bool IsSure { get; init; }

    /// <summary>Whether all that it says is a unit of one letter and a line, as in <c>A L1</c>: levels of a building and lines of a hall are called so, too.</summary>
    public bool IsLetter { get; init; }
}

/// <summary>Knows the symbols under which analysers export what they measure of each phase.</summary>
internal static partial class AnalyserNames
{
    /// <summary>Of all lines together, from line to line: a mean of its own beside that of the lines.</summary>
    public const string BetweenLines = "ll";

    // In this order, as the first group that matched says it.
    private static readonly (string Group, string Metric)[] Quantities =
    [
        ("thd", ""), ("u", "voltage"), ("i", "current"), ("p", "active_power"), ("q", "reactive_power"), ("s", "apparent_power"), ("pf", "power_factor"), ("f", "frequency"),
    ];

    /// <summary>What a header is called by; null where it is no such symbol. Alone it says nothing: lines and pumps are called so, too.</summary>
    public static AnalyserName? Read(string header)
    {
        var plain = PlainText.Of(header).Trim();
        // In capitals it is a unit, and so are those of all other letters.
        if (plain is "VA" or "kVA" or "MVA" or "VAr")
        {
            return null;
        }

        // Of Current A it is the phase, where others are called B and C.
        var (name, unit) = Symbol().IsMatch(plain) ? (plain, null) : Split(plain);
        var match = Symbol().Match(name) is { Success: true } found ? found : SumFirst().Match(name);
        if (!match.Success)
        {
            return null;
        }

        // Where the header names its device and its unit, others read it.
        if (unit is not null && match.Groups["front"].Length > 0)
        {
            return null;
        }

        var metric = Quantities.First(quantity => match.Groups[quantity.Group].Success).Metric;
        if (unit is not null && metric.Length > 0 && unit.Dimension != MetricCatalogue.Find(metric)!.Dimension)
        {
            return null;
        }

        var spelt = match.Groups["unit"].Value;
        var which = match.Groups["which"].Value.ToLowerInvariant();
        // A and W with a number are as often buildings and wells.
        if (spelt.Length == 1 && !(which.StartsWith('l') || match.Groups["all"].Success) && spelt != "V")
        {
            return null;
        }

        var phase = Lines().Replace(Signs().Replace(which, "_"), "");
        phase = phase.Length == 2 && !phase.StartsWith('l') ? $"{phase[0]}_{phase[1]}" : phase;
        phase = Digit().Replace(phase, "l$0");
        var isBetween = match.Groups["between"].Success;
        // Of W L1 (kW) the unit makes no line of a grid.
        var isLetter = spelt.Length == 1 && (unit is null || spelt == "W") && which.StartsWith('l') && which.Skip(1).All(char.IsAsciiDigit);
        return new AnalyserName(metric, match.Groups["front"].Value.ToUpperInvariant() + match.Groups["symbol"].Value.ToUpperInvariant(), match.Groups["which"].Success ? phase : isBetween ? BetweenLines : "",
            unit ?? (spelt.Length > 0 && Units.TryParse(spelt, out var said) ? said : null))
        {
            IsSure = match.Groups["to"].Success ? match.Groups["all"].Length > 0 : spelt.Length > 0 && !isLetter && (match.Groups["sys"].Success || which.StartsWith('l')),
            IsLetter = isLetter,
        };
    }

    /// <summary>Whether a header is a letter that no analyser has, and a level or a line: beside <c>B L1</c>, <c>A L1</c> is one, too.</summary>
    public static bool IsOfOtherLetter(string header) => OtherLetter().IsMatch(PlainText.Of(header).Trim());

    private static (string Name, Unit? Unit) Split(string plain) =>
        Bracketed().Match(plain) is { Success: true } bracketed && Units.TryParse(bracketed.Groups["unit"].Value, out var unit) ? (bracketed.Groups["name"].Value, unit)
        : Behind().Match(plain) is { Success: true } behind && Units.TryParse(behind.Groups["unit"].Value, out unit) ? (behind.Groups["name"].Value, unit)
        : (plain, null);

    // The letter of a phase is small or stands apart: VA is a unit.
    [GeneratedRegex(
        @"^(?<front>(.*[^\s_.:-][\s_.:-]+)(?=voltage|current|spannung))?(?<symbol>(?<thd>thd[\s_-]?[uvi])|(?<u>(?-i:(?<unit>V))(?=[\s_]+l\d)|[uv]((?<to>(?<between>ll|[\s_]?l-l))|(?<to>ln|[\s_]?l-n))?|voltage([\s_](?<to>(?<between>l-?l)|l-?n))?|volts?|spannung|tension|tensione|tensión|spanning)|(?<i>i|current|amps?|(?-i:(?<unit>A))(?=[\s_]))"
        + @"|(?<p>p|(active|real)[\s_]power|wirkleistung|(?-i:(?<unit>k?W|MW)))|(?<q>q|(?-i:(?<unit>k?var|kVAr|kVAR|VAr)))|(?<s>s|(?-i:(?<unit>k?VA)))|(?<pf>pf|cos[\s_]?(phi|φ)|power[\s_]factor|leistungsfaktor)|(?<f>f))"
        + @"[\s_.-]*((?<which>l?\d{1,2}([\s_-]?n)?|l\d[\s_/-]*l\d|\d[\s_/-]\d|(?-i:[abc]n?|ab|bc|ca)|(?<=[\s_.-])([abc]([\s_-]?n)?|ab|bc|ca|a[\s_-]b|b[\s_-]c|c[\s_-]a)|n)|(?<all>tot(al)?|sum|summe|gesamt|σ|avg|average|mean|(?<sys>sys(tem)?)|(?<=^p)t)|(?<all>))$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"^(?<all>σ|∑|sum|total|tot)[\s_.-]*(?<symbol>(?<p>p)|(?<q>q)|(?<s>s))$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SumFirst();

    [GeneratedRegex(@"^(?<name>.*\S)\s*[\(\[](?<unit>[^\(\)\[\]]+)[\)\]]$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"^(?<name>.*[^\s_,/])[\s_,/]+(?<unit>[kM]?(W|VA|var|Var|VAR|VAr)|k?V|m?A|Hz)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();

    [GeneratedRegex(@"^[BCDEGHJKLMNORTXYZ][\s_.-]*L\d{1,2}(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex OtherLetter();

    [GeneratedRegex(@"[\W_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex("l(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Lines();

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Digit();
}
