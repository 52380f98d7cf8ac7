using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What a quality column says about a row.</summary>
internal enum QualityMark { Measured, Estimated, Missing }

/// <summary>Reads a column such as <c>Estimated</c>, <c>A/E</c> or <c>Quality</c>.</summary>
internal sealed partial class QualityMarks(HeaderWords header)
{
    private static readonly string[] AskForEstimates =
        ["estimated", "estimation", "estimate", "est", "ersatzwert", "geschätzt", "estimado", "estimada", "estimé", "estimée", "stimato", "stimata", "geschat"];

    private static readonly string[] Substitutes = [.. AskForEstimates, "ersatzwerte", "substitute", "substituted"];

    private static readonly string[] Headers =
        [.. AskForEstimates, "actual", "quality", "validity", "status", "flag", "ae", "qualität", "qualité", "statut", "calidad", "qualità", "kwaliteit", "kvalitet", "kvalitetskod", "laatu", "jakość"];

    // A type of reading may be something else: its cells must be marks.
    private static readonly string[] TypesOfReadings = ["ableseart", "messwertstatus", "wertart"];
    private static readonly string[] Types = ["type", "typ", "tipo", "code", "nature", "art"];
    private static readonly string[] Readings = ["reading", "readings", "read", "value", "data", "relevé", "lecture", "valeur", "lectura", "lettura", "wert", "messwert"];

    private static readonly FrozenSet<string> Estimates = Words(
        "e", "est", "est.", "estimated", "estimate", "estimation", "calculated", "interpolated", "substituted", "substitute", "edited", "forecast",
        "provisional", "geschätzt", "ersatzwert", "ersatz", "schätzwert", "estimé", "estimée", "estimado", "estimada", "stimato", "stimata", "geschat",
        "estimeret", "estimert", "estimerad", "estimerat", "beregnet", "beräknad", "beräknat", "stipuleret", "stipulert", "arvio", "arvioitu", "szacowany", "szacowana");

    private static readonly FrozenSet<string> Measured = Words(
        "a", "act", "act.", "actual", "measured", "m", "real", "r", "ok", "good", "valid", "gemessen", "abgelesen", "wahrer wert", "w", "réel", "réelle", "mesuré", "mesurée",
        "effettivo", "effettiva", "reale", "leída", "leído", "gemeten", "customer", "målt", "avlest", "aflæst", "uppmätt", "mätt", "avläst", "mitattu");

    private static readonly FrozenSet<string> Missing = Words("missing", "invalid", "bad", "error", "fail", "failed", "no data", "fehlt", "ungültig");
    // As controllers have them, in braces.
    private static readonly FrozenSet<string> MissingStates = Words("fault", "down", "null", "stale", "disabled");
    private static readonly FrozenSet<string> OtherStates = Words("ok", "alarm", "unackedalarm", "overridden");

    private static readonly FrozenSet<string> Yes = Words("yes", "y", "true", "t", "x", "ja", "j", "oui", "sí", "si", "1");
    private static readonly FrozenSet<string> No = Words("no", "n", "false", "f", "nein", "non", "0");

    private readonly FrozenSet<string> _answers = header.Any(AskForEstimates) ? Yes : header.Any("actual") ? No : Words();

    /// <summary>Whether a header may be that of values which stand for those that were not measured.</summary>
    public static bool NameSubstitutes(HeaderWords header) => header.Any((IEnumerable<string>)Substitutes);

    public static bool AreNamedBy(HeaderWords header) => header.Any(Headers) || (header.Count == 2 && header.Any("a") && header.Any("e"));

    /// <summary>Whether the header may name one, if all its cells are marks.</summary>
    public static bool MayBeNamedBy(HeaderWords header) => header.Any((IEnumerable<string>)TypesOfReadings)
        || (header.Any((IEnumerable<string>)Types) && header.Any((IEnumerable<string>)Readings));

    /// <summary>The words of a quality column's header that name what it is about.</summary>
    public static HashSet<string> NameIn(HeaderWords header) => header.Except([.. Headers, .. TypesOfReadings, .. Types, "a", "e"]);

    public static bool IsMark(string text) => Estimates.Contains(text) || Missing.Contains(text) || Measured.Contains(text)
        || Code().Match(text).Groups["number"].Success || (StatesIn(text) is { Length: > 0 } states && states.All(state => MissingStates.Contains(state) || OtherStates.Contains(state)));

    /// <summary>
    /// Whether marks are such without a header that says so: they differ, and are no single letters that may be anything but those of
    /// real and estimated readings.
    /// </summary>
    public static bool AreSure(IEnumerable<string> marks) => marks.Distinct(StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 1 } kinds
        && (kinds.Exists(kind => kind.Length > 1) || kinds.TrueForAll(kind => kind is "R" or "E" or "A"));

    /// <remarks>Austrian networks call real values L1, and substitutes L2 and L3; in other columns those are lines.</remarks>
    public QualityMark Read(in Cell cell)
    {
        var text = HeaderTexts.TextOf(cell);
        return Estimates.Contains(text) || _answers.Contains(text) || (text is "L2" or "L3" && AreNamedBy(header)) ? QualityMark.Estimated
            : Missing.Contains(text) || StatesIn(text).Any(MissingStates.Contains) ? QualityMark.Missing
            : Code().Match(text) is { Success: true } code && (code.Groups["number"].Success || _answers.Count == 0) ? OfCode(code.ValueSpan[0])
            : QualityMark.Measured;
    }

    private static QualityMark OfCode(char letter) => letter switch { 'S' or 'F' or 'E' => QualityMark.Estimated, 'N' => QualityMark.Missing, _ => QualityMark.Measured };

    private static string[] StatesIn(string text) =>
        text is ['{', .. var states, '}'] ? states.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    private static FrozenSet<string> Words(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>As NEM files have them: actual, substituted, final substituted, estimated, variable and null, each with a number of its method.</summary>
    [GeneratedRegex(@"^([ASFEVN](?<number>\d\d)|[SF])$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
