namespace Ems.Core.Tables;

/// <summary>Text that a spreadsheet shows and never runs.</summary>
public static class CellText
{
    /// <summary>The text, after an apostrophe where a spreadsheet would take it for a formula.</summary>
    public static string Safe(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
}
