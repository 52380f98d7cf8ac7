using System.Globalization;
using System.Text;

namespace Ems.Core.Tables;

/// <summary>A table with a name for each column; cells are text, numbers, flags, local times or null.</summary>
public sealed record Table(string Name, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows);

/// <summary>Writes tables as files that spreadsheets open; no text in them becomes a formula.</summary>
public static class TableFile
{
    public const string CsvContentType = "text/csv; charset=utf-8";
    public const string XlsxContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>RFC 4180, with a byte order mark, by which Excel knows UTF-8.</summary>
    public static byte[] ToCsv(Table table)
    {
        var text = new StringBuilder("\uFEFF");
        AppendLine(text, table.Columns.Select(c => (object?)c));
        foreach (var row in table.Rows)
        {
            AppendLine(text, row);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] ToXlsx(Table table)
    {
        using var stream = new MemoryStream();
        WriteXlsx(table, stream);
        return stream.ToArray();
    }

    /// <summary>Row by row: the table may be longer than memory.</summary>
    public static void WriteXlsx(Table table, Stream stream) => XlsxStream.Write(table, stream);

    private static void AppendLine(StringBuilder text, IEnumerable<object?> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            text.Append(Quoted(Written(cell)));
        }

        text.Append("\r\n");
    }

    private static string Written(object? cell) => cell switch
    {
        null => "",
        string text => CellText.Safe(text),
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
