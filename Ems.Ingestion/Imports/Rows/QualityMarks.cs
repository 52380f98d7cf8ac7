using System.Collections.Frozen;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What a quality column says about a row.</summary>
internal enum QualityMark { Measured, Estimated, Missing }

/// <summary>Reads a column such as <c>Estimated</c>, <c>A/E</c> or <c>Quality</c>.</summary>
internal sealed class QualityMarks(HeaderWords header)
{
    private static readonly string[] AskForEstimates = ["estimated", "estimation", "estimate", "est", "ersatzwert", "geschätzt", "estimado", "estimée"];
    private static readonly string[] Headers = [.. AskForEstimates, "actual", "quality", "validity", "status", "flag", "ae", "qualität"];

    private static readonly FrozenSet<string> Estimates = Words(
        "e", "est", "est.", "estimated", "estimate", "estimation", "calculated", "interpolated", "substituted", "substitute", "edited", "forecast",
        "provisional", "geschätzt", "ersatzwert", "ersatz", "estimé", "estimée", "estimado");

    private static readonly FrozenSet<string> Missing = Words("missing", "invalid", "bad", "error", "fail", "failed", "no data", "fehlt", "ungültig");
    private static readonly FrozenSet<string> Yes = Words("yes", "y", "true", "t", "x", "ja", "j", "oui", "sí", "si", "1");
    private static readonly FrozenSet<string> No = Words("no", "n", "false", "f", "nein", "non", "0");

    private readonly FrozenSet<string> _answers = header.Any(AskForEstimates) ? Yes : header.Any("actual") ? No : Words();

    public static bool AreNamedBy(HeaderWords header) => header.Any(Headers) || (header.Count == 2 && header.Any("a") && header.Any("e"));

    public QualityMark Read(in Cell cell)
    {
        var text = HeaderTexts.TextOf(cell);
        return Estimates.Contains(text) || _answers.Contains(text) ? QualityMark.Estimated
            : Missing.Contains(text) ? QualityMark.Missing
            : QualityMark.Measured;
    }

    private static FrozenSet<string> Words(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
