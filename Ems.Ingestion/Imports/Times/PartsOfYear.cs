using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Reads several months of a year that is written elsewhere: <c>Q1</c>, <c>2. Quartal</c>, <c>Jan-Feb</c>.</summary>
internal static class PartsOfYear
{
    public const int MonthsOfYear = 12;
    public const int MonthsOfHalf = 6;
    private const int LongestText = 25;

    // As good as any other.
    private const int Year = 2000;

    /// <summary>The first of them, and how many; null for single months and whatever else.</summary>
    public static (int Month, short Months)? Find(in Cell cell) =>
        cell is { Kind: CellKind.Text, Text: { Length: >= 2 and <= LongestText } text } && TimeText.TryParse($"{text} {Year}", out var time) && time is { First: Year, Months: > 1 and < MonthsOfYear } && time.Second + time.Months <= MonthsOfYear + 1
            ? (time.Second, time.Months) : null;

    /// <summary>The same of a number below a header of quarters.</summary>
    public static (int Month, short Months)? OfQuarter(in Cell cell) => cell is { Kind: CellKind.Number, Number: 1 or 2 or 3 or 4 } ? (((int)cell.Number * 3) - 2, 3) : null;

    /// <summary>The same with one year of its own; null where a text is none of months, or has a year.</summary>
    public static WrittenTime? In(in Cell cell, int year) =>
        MonthNames.FindRoman(cell.Text) is > 0 and var month ? WrittenTime.OfDate(year, month, 1) with { Months = 1 }
        : cell is { Kind: CellKind.Text, Text: { Length: >= 2 and <= LongestText } text } && !TimeText.TryParse(text, out _) && TimeText.TryParse($"{text} {year}", out var time) && time.Months is > 0 and < MonthsOfYear && time.First == year ? time : null;
}
