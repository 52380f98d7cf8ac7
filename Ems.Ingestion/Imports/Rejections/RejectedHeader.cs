using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>What a whole file told and a few of its rows no longer do.</summary>
/// <param name="ReasonsColumn">Where a row says its own interval, when it is another one.</param>
/// <param name="Step">How far the labels of most of its series are apart; null where none has two.</param>
/// <param name="EndsAfter">See <see cref="SheetFacts.EndsAfter"/>.</param>
/// <param name="RepeatsEnds">See <see cref="SheetFacts.RepeatsEnds"/>.</param>
/// <param name="ReadingsAreAmounts">Whether what is headed as readings of a register goes up and down.</param>
internal sealed record WholeFile(int ReasonsColumn, LabelMeaning? Label, Duration? Step, Duration EndsAfter, bool RepeatsEnds, bool ReadingsAreAmounts);

/// <summary>What a row says about its own interval, when it is another one than most have.</summary>
/// <param name="EndsAfter">See <see cref="SeriesFacts.EndsAfter"/>.</param>
internal readonly record struct OwnInterval(Duration? Interval, Duration? EndsAfter);

/// <summary>
/// The header of the column of reasons in a workbook of rejected rows. It carries what the whole file told about its times, so that a
/// single corrected row is of the same interval as its neighbours. Of the column itself only the intervals are read that differ.
/// </summary>
internal static partial class RejectedHeader
{
    private const string Title = "Rejected because";

    public static string Of(SheetFacts facts)
    {
        List<string?> told =
        [
            facts.Label is { } label ? $"labels: {Name(label)}" : null,
            StepOfMost(facts) is { } step ? Interval(step) : null,
            facts.EndsAfter != Duration.Zero ? Ends(facts.EndsAfter) : null,
            facts.RepeatsEnds ? "repeats: ends" : null,
            facts.Layout.Columns.Any(RegisterReadings.AreAmounts) ? "readings: amounts" : null,
        ];
        return told.TrueForAll(text => text is null) ? Title : $"{Title} ({string.Join(", ", told.OfType<string>())})";
    }

    /// <summary>What a row adds to its reasons; empty where it is as long as most, and ends as they do.</summary>
    /// <param name="series">Of the row; without a step when that is not known.</param>
    public static string OwnInterval(SheetFacts facts, SeriesFacts series)
    {
        var ends = facts.Layout.Time.HasEnds && series.EndsAfter != facts.EndsAfter ? $", {Ends(series.EndsAfter)}" : "";
        return series.Step == Duration.Zero || (series.Step == StepOfMost(facts) && ends.Length == 0) ? "" : $" ({Interval(series.Step)}{ends})";
    }

    /// <summary>What a row says about its interval itself.</summary>
    public static OwnInterval ReadOwnInterval(string? reasons) =>
        reasons is not null && Own().Match(reasons) is { Success: true } own ? new OwnInterval(Seconds(own.Groups["step"]), Seconds(own.Groups["ends"])) : default;

    /// <summary>Takes the column of reasons off a sheet; without one the sheet stays as it is.</summary>
    public static (SheetSample Sample, WholeFile? Told) TakeOff(SheetSample sample)
    {
        foreach (var row in sample.Rows)
        {
            var column = Array.FindIndex(row.Cells, cell => cell.Kind == CellKind.Text && Header().IsMatch(cell.Text!));
            if (column >= 0)
            {
                var told = Read(row.Cells[column].Text!, column);
                return (sample with { Rows = [.. sample.Rows.Select(other => Without(other, column))], ReadingsAreAmounts = told.ReadingsAreAmounts }, told);
            }
        }

        return (sample, null);
    }

    private static SampleRow Without(SampleRow row, int column) =>
        row with { Cells = [.. row.Cells.Select((cell, i) => i == column ? Cell.Empty : cell)] };

    private static WholeFile Read(string header, int column)
    {
        var match = Header().Match(header);
        LabelMeaning? label = match.Groups["label"] is { Success: true } named ? Enum.Parse<LabelMeaning>(named.Value, ignoreCase: true) : null;
        return new WholeFile(column, label, Seconds(match.Groups["step"]), Seconds(match.Groups["ends"]) ?? Duration.Zero, match.Groups["repeats"].Success, match.Groups["amounts"].Success);
    }

    private static Duration? Seconds(Group digits) =>
        digits.Success ? Duration.FromSeconds(int.Parse(digits.Value, CultureInfo.InvariantCulture)) : null;

    private static Duration? StepOfMost(SheetFacts facts) => facts.Series.Values.Select(series => series.Step).Where(step => step > Duration.Zero)
        .GroupBy(step => step).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).FirstOrDefault()?.Key;

    private static string Interval(Duration step) => string.Create(CultureInfo.InvariantCulture, $"interval: {step.TotalSeconds:0} s");

    private static string Ends(Duration after) => string.Create(CultureInfo.InvariantCulture, $"ends: +{after.TotalSeconds:0} s");

    private static string Name(LabelMeaning label) => label.ToString().ToLowerInvariant();

    [GeneratedRegex(
        @"^Rejected because( \((labels: (?<label>start|end|instant))?(, )?(interval: (?<step>\d{1,8}) s)?(, )?(ends: \+(?<ends>\d{1,8}) s)?(, )?(?<repeats>repeats: ends)?(, )?(?<amounts>readings: amounts)?\))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"\(interval: (?<step>\d{1,8}) s(, ends: \+(?<ends>\d{1,8}) s)?\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Own();
}
