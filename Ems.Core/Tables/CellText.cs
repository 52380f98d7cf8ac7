namespace Ems.Core.Tables;

/// <summary>Text that a spreadsheet shows and never runs.</summary>
public static class CellText
{
    private const char Guard = '\'';

    /// <summary>The text, after an apostrophe where a spreadsheet would take it for a formula.</summary>
    public static string Safe(string text) => StartsFormula(text) ? $"{Guard}{text}" : text;

    /// <summary>Takes the apostrophe of <see cref="Safe"/> away again.</summary>
    public static ReadOnlySpan<char> Unguarded(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] == Guard && StartsFormula(text[1..]) ? text[1..] : text;

    private static bool StartsFormula(ReadOnlySpan<char> text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
}
