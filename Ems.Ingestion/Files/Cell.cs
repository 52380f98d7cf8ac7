using Ems.Core.Tables;

namespace Ems.Ingestion.Files;

internal enum CellKind : byte { Empty, Text, Number, Time, Error }

/// <summary>What the point in a written number can be, as far as the number alone tells.</summary>
internal enum PointMeaning : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>The decimal sign: 0.125, 12.5.</summary>
    Decimal,

    /// <summary>The decimal sign, or what groups thousands: 1.234.</summary>
    Either,
}

/// <summary>One cell as the file has it.</summary>
/// <param name="Number">Of a number; an Excel serial stays a number until its column is known to hold times.</param>
/// <param name="Text">Of a text (trimmed), or the name of an error. Of a number in a text file as it is written there, where the number does not give it back: 007, 1.10.</param>
/// <param name="Time">Of a time: local, as written. A time of day without a date is on <see cref="DayZero"/>.</param>
internal readonly record struct Cell(CellKind Kind, double Number = 0, string? Text = null, DateTime Time = default)
{
    /// <summary>Of a number in a text file, which was read with a decimal point.</summary>
    public PointMeaning Point { get; init; }

    /// <summary>Whether a quality column says that it was not measured.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What a formula holds whose result was never saved; formulas are not run.</summary>
    public const string Uncalculated = "#UNCALCULATED!";

    public static readonly DateTime DayZero = new(1899, 12, 31);

    public static readonly Cell Empty;

    public static Cell Of(double number) => new(CellKind.Number, Number: number);

    public static Cell Of(DateTime time) => new(CellKind.Time, Time: time);

    public static Cell Error(string name) => new(CellKind.Error, Text: name);

    /// <param name="code">As binary workbooks have it.</param>
    public static Cell Error(byte code) => Error(code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    });

    public static Cell Of(ReadOnlySpan<char> text)
    {
        var trimmed = CellText.Unguarded(text.Trim("\uFEFF \t\r\n\u00A0"));
        return trimmed.IsEmpty ? Empty
            : trimmed[0] == '#' && IsErrorName(trimmed) ? Error(trimmed.ToString())
            : new Cell(CellKind.Text, Text: trimmed.ToString());
    }

    private static bool IsErrorName(ReadOnlySpan<char> text) =>
        text is "#DIV/0!" or "#N/A" or "#NAME?" or "#NULL!" or "#NUM!" or "#REF!" or "#VALUE!" or Uncalculated;
}
