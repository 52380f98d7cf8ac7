using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>What a row says about its own interval, when it is another one than most have.</summary>
/// <param name="EndsAfter">See <see cref="SeriesFacts.EndsAfter"/>.</param>
/// <param name="Since">The day on which its meter was read before.</param>
/// <param name="Begun">See <see cref="RejectedReasons.BegunIn"/>.</param>
internal readonly record struct OwnInterval(Duration? Interval, Duration? EndsAfter, LocalDate? Since, string? Begun)
{
    /// <summary>Whether shorter periods of its file have a part of a column's value. A period that was corrected is another one.</summary>
    public bool HasBegun(NamedPeriod period, int column) =>
        Begun?.Split(" of ") is [var columns, var months] && months == $"{period}" && columns.Split(' ').Contains(RejectedReasons.NumberOf(column));
}

/// <summary>The reasons of a rejected row, and behind them in brackets what its file told about this row alone.</summary>
internal static partial class RejectedReasons
{
    private static readonly LocalDateTimePattern Label = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");
    private static readonly OffsetPattern FromUtc = OffsetPattern.CreateWithInvariantCulture("+HH:mm");

    /// <param name="series">Of the row; without a step when that is not known.</param>
    /// <param name="offset">See <see cref="RowTimes.FindOffsetByOthers"/>.</param>
    /// <param name="since">See <see cref="RowTimes.FindReadBefore"/>.</param>
    /// <param name="begun">See <see cref="BegunIn"/>.</param>
    public static string Of(IEnumerable<ImportFault> faults, SheetFacts facts, SeriesFacts series, (LocalDateTime Label, Offset Offset)? offset, LocalDate? since, string? begun)
    {
        var ends = facts.Layout.Time.HasEnds && series.EndsAfter != facts.EndsAfter;
        var isOther = series.Step != Duration.Zero && (ends || series.Step != StepOfMost(facts));
        List<string?> told =
        [
            isOther ? Interval(series.Step) : null,
            isOther && ends ? Ends(series.EndsAfter) : null,
            since is { } before ? $"since: {LocalDatePattern.Iso.Format(before)}" : null,
            begun is not null ? $"begun: {begun}" : null,
            offset is { } at ? $"{Named(at.Label)} is {FromUtc.Format(at.Offset)}" : null,
        ];
        var own = string.Join(", ", told.OfType<string>());
        return string.Join(" ", faults.Select(fault => $"{fault.Column}: {fault.Message}").Distinct()) + (own.Length > 0 ? $" ({own})" : "");
    }

    /// <summary>What a row says about its interval itself.</summary>
    public static OwnInterval ReadInterval(string? reasons) =>
        reasons is not null && Own().Match(reasons) is { Success: true } own ? new OwnInterval(Seconds(own.Groups["step"]), Seconds(own.Groups["ends"]), Date(own.Groups["since"]), own.Groups["begun"] is { Success: true } begun ? begun.Value : null) : default;

    /// <summary>Columns of a row and its months of which shorter periods have a part in them: <c>2 5 of 2024-01 to 2024-03</c>. A row of a matrix has all of its periods.</summary>
    public static string? BegunIn(SpooledRow row, SheetFacts facts)
    {
        var columns = Enumerable.Range(0, facts.Layout.Matrix.Count > 0 ? 0 : row.Values.Length).Where(column => facts.BegunOf(row, column) is not null)
            .Select(column => NumberOf(facts.Layout.Columns[column].Index)).ToList();
        return columns.Count > 0 ? $"{string.Join(' ', columns)} of {facts.PeriodOf(row)}" : null;
    }

    public static string NumberOf(int column) => (column + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The time of a row with the offset that its reasons have for it; a time that was corrected is another one.</summary>
    public static WrittenTime WithOffset(string reasons, in WrittenTime time, DateOrder order) =>
        Own().Match(reasons) is { Success: true } own && own.Groups["label"].Success
        && time.ToLocal(order) is { } local && Named(local) == own.Groups["label"].Value && FromUtc.Parse(own.Groups["offset"].Value) is { Success: true } offset
            ? time with { OffsetMinutes = (short)(offset.Value.Seconds / 60) }
            : time;

    /// <summary>How far the labels of most series are apart; null where none has two.</summary>
    public static Duration? StepOfMost(SheetFacts facts) => facts.Series.Values.Select(series => series.Step).Where(step => step > Duration.Zero)
        .GroupBy(step => step).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).FirstOrDefault()?.Key;

    public static string Interval(Duration step) => string.Create(CultureInfo.InvariantCulture, $"interval: {step.TotalSeconds:0} s");

    public static string Ends(Duration after) => string.Create(CultureInfo.InvariantCulture, $"ends: +{after.TotalSeconds:0} s");

    /// <summary>Dates stored as fractions of a day are some milliseconds off.</summary>
    private static string Named(LocalDateTime label) => Label.Format(label.PlusMilliseconds(500));

    private static Duration? Seconds(Group digits) =>
        digits.Success ? Duration.FromSeconds(int.Parse(digits.Value, CultureInfo.InvariantCulture)) : null;

    private static LocalDate? Date(Group text) => text.Success && LocalDatePattern.Iso.Parse(text.Value) is { Success: true } date ? date.Value : null;

    [GeneratedRegex(
        @"\((interval: (?<step>\d{1,8}) s)?(, )?(ends: \+(?<ends>\d{1,8}) s)?(, )?(since: (?<since>\d{4}-\d\d-\d\d))?(, )?(begun: (?<begun>\d+( \d+)* of \d{4}-\d\d( to \d{4}-\d\d)?))?(, )?((?<label>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) is (?<offset>[+-]\d\d:\d\d))?\)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Own();
}
