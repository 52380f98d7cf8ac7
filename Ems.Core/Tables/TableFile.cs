using System.Globalization;
using System.Text;

namespace Ems.Core.Tables;

/// <summary>A table with a name for each column; cells are text, numbers, truth values, times (of UTC, or local) or null.</summary>
public sealed record Table(string Name, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows);

/// <summary>Writes tables as files that spreadsheets open; no text in them becomes a formula.</summary>
public static class TableFile
{
    public const string CsvContentType = "text/csv; charset=utf-8";
    public const string XlsxContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const double ColumnWidth = 22;

    /// <summary>RFC 4180, with a byte order mark, by which Excel knows UTF-8.</summary>
    public static byte[] ToCsv(Table table)
    {
        var text = new StringBuilder("\uFEFF");
        AppendLine(text, table.Columns);
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

    /// <summary>Row by row: the table may be longer than memory. The same table gives the same bytes.</summary>
    public static void WriteXlsx(Table table, Stream stream)
    {
        using var workbook = new XlsxWriter(stream);
        workbook.BeginSheet(table.Name, frozenRows: 1, [.. table.Columns.Select(_ => ColumnWidth)]);
        workbook.WriteRow([.. table.Columns.Select(column => new StyledCell(column, CellStyle.Header))]);
        foreach (var row in table.Rows)
        {
            workbook.WriteRow(row);
        }
    }

    private static void AppendLine(StringBuilder text, IReadOnlyList<object?> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Quoted(Written(cells[i])));
        }

        text.Append("\r\n");
    }

    private static string Written(object? cell) => cell switch
    {
        null => "",
        string text => CellText.Safe(text),
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString(time.Kind == DateTimeKind.Utc ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => CellText.Safe(cell.ToString() ?? ""),
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
