using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Ems.Core.Tables;

/// <summary>Writes a workbook of one sheet row by row: a table of any length takes no more memory than a row.</summary>
internal static class XlsxStream
{
    private const string Package = "http://schemas.openxmlformats.org/package/2006";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Media = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    private const int HeaderStyle = 1;
    private const int TimeStyle = 2;

    private static readonly DateTime Epoch = new(1899, 12, 30);

    /// <summary>The same table gives the same bytes.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Path, string Xml)[] Parts =
    [
        ("[Content_Types].xml", $"""
            <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Media}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Media}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Media}.worksheet+xml"/></Types>
            """),
        ("_rels/.rels", $"""
            <Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """),
        ("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Office}/styles" Target="styles.xml"/></Relationships>
            """),
        ("xl/styles.xml", $"""
            <styleSheet xmlns="{Spreadsheet}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>
            """),
    ];

    public static void Write(Table table, Stream stream)
    {
        using var package = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (path, xml) in Parts)
        {
            using var part = Open(package, path);
            part.Write(xml);
        }

        using (var workbook = Open(package, "xl/workbook.xml"))
        {
            workbook.Write($"<workbook xmlns=\"{Spreadsheet}\" xmlns:r=\"{Office}\"><sheets><sheet name=\"");
            WriteText(workbook, table.Name);
            workbook.Write("\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
        }

        using var sheet = Open(package, "xl/worksheets/sheet1.xml");
        WriteSheet(sheet, table);
    }

    private static StreamWriter Open(ZipArchive package, string path)
    {
        var entry = package.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = EntryTime;
        var writer = new StreamWriter(entry.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 15);
        writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        return writer;
    }

    private static void WriteSheet(StreamWriter sheet, Table table)
    {
        var columns = table.Columns.Count.ToString(CultureInfo.InvariantCulture);
        sheet.Write($"<worksheet xmlns=\"{Spreadsheet}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
        sheet.Write($"<cols><col min=\"1\" max=\"{columns}\" width=\"22\" customWidth=\"1\"/></cols><sheetData>");
        string[] letters = [.. Enumerable.Range(0, table.Columns.Count).Select(LettersOf)];
        var row = 1;
        WriteRow(sheet, row, letters, table.Columns, HeaderStyle);
        foreach (var cells in table.Rows)
        {
            WriteRow(sheet, ++row, letters, cells, 0);
        }

        sheet.Write("</sheetData></worksheet>");
    }

    private static void WriteRow(StreamWriter sheet, int row, string[] letters, IReadOnlyList<object?> cells, int style)
    {
        Span<char> number = stackalloc char[12];
        row.TryFormat(number, out var digits, provider: CultureInfo.InvariantCulture);
        sheet.Write("<row r=\"");
        sheet.Write(number[..digits]);
        sheet.Write("\">");
        for (var column = 0; column < cells.Count; column++)
        {
            if (cells[column] is { } value)
            {
                sheet.Write("<c r=\"");
                sheet.Write(letters[column]);
                sheet.Write(number[..digits]);
                sheet.Write('"');
                WriteValue(sheet, value, style);
            }
        }

        sheet.Write("</row>");
    }

    private static void WriteValue(StreamWriter sheet, object value, int style)
    {
        if (value is string text)
        {
            sheet.Write(style == 0 ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">" : $" s=\"{style}\" t=\"inlineStr\"><is><t>");
            WriteText(sheet, CellText.Safe(text));
            sheet.Write("</t></is></c>");
            return;
        }

        if (value is bool flag)
        {
            sheet.Write(flag ? " t=\"b\"><v>1</v></c>" : " t=\"b\"><v>0</v></c>");
            return;
        }

        sheet.Write(value is DateTime ? $" s=\"{TimeStyle}\"><v>" : "><v>");
        WriteNumber(sheet, value is DateTime time ? (time - Epoch).TotalDays : Convert.ToDouble(value, CultureInfo.InvariantCulture));
        sheet.Write("</v></c>");
    }

    private static void WriteNumber(StreamWriter sheet, double value)
    {
        Span<char> buffer = stackalloc char[32];
        value.TryFormat(buffer, out var length, provider: CultureInfo.InvariantCulture);
        sheet.Write(buffer[..length]);
    }

    /// <summary>Characters that XML cannot carry become question marks.</summary>
    private static void WriteText(StreamWriter sheet, string text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '<': sheet.Write("&lt;"); break;
                case '>': sheet.Write("&gt;"); break;
                case '&': sheet.Write("&amp;"); break;
                case '"': sheet.Write("&quot;"); break;
                case '\t' or '\n' or '\r': sheet.Write($"&#{(int)letter};"); break;
                case < ' ' or '\uFFFE' or '\uFFFF': sheet.Write('?'); break;
                default: sheet.Write(letter); break;
            }
        }
    }

    private static string LettersOf(int column) =>
        column < 26 ? $"{(char)('A' + column)}" : $"{LettersOf((column / 26) - 1)}{(char)('A' + (column % 26))}";
}
