namespace Ems.Ingestion.Files;

internal enum CellKind : byte { Empty, Text, Number, Time, Error }

/// <summary>One cell as the file has it.</summary>
/// <param name="Number">Of a number; an Excel serial stays a number until its column is known to hold times.</param>
/// <param name="Text">Of a text (trimmed), or the name of an error.</param>
/// <param name="Time">Of a time: local, as written.</param>
internal readonly record struct Cell(CellKind Kind, double Number = 0, string? Text = null, DateTime Time = default)
{
    public static readonly Cell Empty;

    public static Cell Of(double number) => new(CellKind.Number, Number: number);

    public static Cell Of(DateTime time) => new(CellKind.Time, Time: time);

    public static Cell Of(string? text)
    {
        var trimmed = text?.Trim('\uFEFF', ' ', '\t', '\r', '\n', '\u00A0');
        return string.IsNullOrEmpty(trimmed) ? Empty
            : trimmed[0] == '#' && IsErrorName(trimmed) ? new Cell(CellKind.Error, Text: trimmed)
            : new Cell(CellKind.Text, Text: trimmed);
    }

    private static bool IsErrorName(string text) =>
        text is "#DIV/0!" or "#N/A" or "#NAME?" or "#NULL!" or "#NUM!" or "#REF!" or "#VALUE!";
}
