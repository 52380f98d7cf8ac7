using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Marks behind the number of an hour that comes twice: <c>3A</c> and <c>3B</c>, <c>HE02 DST</c>, <c>HE02*</c>, <c>HE02X</c>.</summary>
internal static class HourMarks
{
    private const string OfFirst = "a";

    private static readonly HashSet<string> Marks = new(StringComparer.OrdinalIgnoreCase) { OfFirst, "b", "x", "*", "dst" };

    /// <summary>What stands before the mark, and whether there is one.</summary>
    public static (Cell Cell, bool IsMarked) Without(in Cell cell)
    {
        var (before, mark) = Split(cell);
        return (before, mark.Length > 0);
    }

    /// <summary>The number of an hour, and whether its mark says that it is the second of two, or of daylight saving time. A day has no other numbers with marks.</summary>
    public static bool TryIndex(in Cell cell, out int index, out bool isSecond)
    {
        var (before, mark) = Split(cell);
        isSecond = mark.Length > 0 && !mark.Equals(OfFirst, StringComparison.OrdinalIgnoreCase);
        return ClockCells.TryIndex(before, out index) && (mark.Length == 0 || index is > 0 and < 24);
    }

    private static (Cell Before, string Mark) Split(in Cell cell)
    {
        var text = cell.Kind == CellKind.Text ? cell.Text! : "";
        var digits = text.TrimEnd(')').AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        return digits > 0 && digits < text.Length && text[digits..].Trim(' ', '(', ')', '_', '-') is var mark && Marks.Contains(mark)
            ? (new Cell(CellKind.Text, Text: text[..digits]), mark) : (cell, "");
    }
}
