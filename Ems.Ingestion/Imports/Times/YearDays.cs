using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Reads days without their year: <c>29-Feb</c>, <c>Feb 29</c>, <c>29.02.</c>, <c>29/02</c>, and dates of a workbook that show no more.</summary>
internal static class YearDays
{
    public static bool TryRead(in Cell cell, int year, out WrittenTime day)
    {
        day = cell.Kind == CellKind.Time ? WrittenTime.OfDate(year, cell.Time.Month, cell.Time.Day) : default;
        return cell.Kind == CellKind.Time ? cell.Time.TimeOfDay == TimeSpan.Zero
            : cell.Kind == CellKind.Text && SeparatorOf(cell.Text!.Trim()) is { } separator
                && TimeText.TryParse($"{cell.Text.Trim()}{separator}{year}", out day)
                && day is { IsMonth: false, OffsetMinutes: null } && day.OfDay == TimeSpan.Zero;
    }

    /// <summary>What stands between the day and a year behind it; null for what has no two parts.</summary>
    private static string? SeparatorOf(string text) =>
        text.Any(char.IsLetter) ? " "
        : text.EndsWith('.') ? ""
        : text.IndexOfAny(['.', '/', '-']) is >= 0 and var at ? text[at].ToString() : null;
}
