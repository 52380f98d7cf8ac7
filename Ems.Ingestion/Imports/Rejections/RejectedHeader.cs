using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>What a whole file told and a few of its rows no longer do.</summary>
/// <param name="IntervalColumn">Where each row has the length of its interval; null where the column was taken away.</param>
/// <param name="EndsAfter">See <see cref="SheetFacts.EndsAfter"/>.</param>
/// <param name="RepeatsEnds">See <see cref="SheetFacts.RepeatsEnds"/>.</param>
internal sealed record WholeFile(LabelMeaning? Label, int? IntervalColumn, Duration EndsAfter, bool RepeatsEnds);

/// <summary>
/// The headers of what a workbook of rejected rows has besides: the reasons, below what the whole file told about its times, and how
/// long the interval of each row is, so that a single corrected row is one of its series. The reasons are never read.
/// </summary>
internal static partial class RejectedHeader
{
    public const string Interval = "Seconds of its interval";

    private const string Title = "Rejected because";

    public static string Of(SheetFacts facts)
    {
        List<string?> told =
        [
            facts.Label is { } label ? $"labels: {Name(label)}" : null,
            facts.EndsAfter != Duration.Zero ? string.Create(CultureInfo.InvariantCulture, $"ends: +{facts.EndsAfter.TotalSeconds:0} s") : null,
            facts.RepeatsEnds ? "repeats: ends" : null,
        ];
        return told.TrueForAll(text => text is null) ? Title : $"{Title} ({string.Join(", ", told.OfType<string>())})";
    }

    /// <summary>Takes both columns off a sheet; without reasons the sheet stays as it is.</summary>
    public static (SheetSample Sample, WholeFile? Told) TakeOff(SheetSample sample)
    {
        foreach (var row in sample.Rows)
        {
            var column = Array.FindIndex(row.Cells, cell => cell.Kind == CellKind.Text && Header().IsMatch(cell.Text!));
            if (column >= 0)
            {
                var interval = Array.FindIndex(row.Cells, cell => cell.Kind == CellKind.Text && cell.Text == Interval);
                return (
                    sample with { Rows = [.. sample.Rows.Select(other => Without(other, column, interval))] },
                    Read(row.Cells[column].Text!) with { IntervalColumn = interval < 0 ? null : interval });
            }
        }

        return (sample, null);
    }

    private static SampleRow Without(SampleRow row, int reasons, int interval) =>
        row with { Cells = [.. row.Cells.Select((cell, i) => i == reasons || i == interval ? Cell.Empty : cell)] };

    private static WholeFile Read(string header)
    {
        var match = Header().Match(header);
        LabelMeaning? label = match.Groups["label"] is { Success: true } named ? Enum.Parse<LabelMeaning>(named.Value, ignoreCase: true) : null;
        var ends = match.Groups["ends"] is { Success: true } digits ? Duration.FromSeconds(int.Parse(digits.Value, CultureInfo.InvariantCulture)) : Duration.Zero;
        return new WholeFile(label, null, ends, match.Groups["repeats"].Success);
    }

    private static string Name(LabelMeaning label) => label.ToString().ToLowerInvariant();

    [GeneratedRegex(
        @"^Rejected because( \((labels: (?<label>start|end|instant))?(, )?(ends: \+(?<ends>\d{1,8}) s)?(, )?(?<repeats>repeats: ends)?\))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
