using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Ems.Core.Tables;

/// <summary>How a cell looks.</summary>
public enum CellStyle { Plain, Header, Marked }

/// <summary>A cell that does not look like the others.</summary>
public sealed record StyledCell(object? Value, CellStyle Style);

/// <summary>
/// Writes a workbook (ECMA-376, .xlsx) row by row to any stream: memory does not grow with it. Cells are text, numbers,
/// truth values, local times or null, plain or in a <see cref="StyledCell"/>; numbers that are not finite stay empty.
/// </summary>
public sealed class XlsxWriter : IDisposable
{
    /// <summary>What a sheet of Excel can hold.</summary>
    public const int MaxRows = 1_048_576;

    private const int MaxTextLength = 32_767;
    private const int MaxNameLength = 31;
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string OfficeRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";

    /// <summary>The same cells give the same bytes.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Cell formats in the order of CellStyle, then the same with a time in the cell.
    private const string Styles = $"""
        <styleSheet xmlns="{Main}">
        <numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>
        <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
        <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
        <fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill></fills>
        <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
        <cellXfs count="6">
        <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
        <xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
        <xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/>
        <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
        <xf numFmtId="164" fontId="0" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>
        </cellXfs>
        <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
        </styleSheet>
        """;

    private readonly ZipArchive _archive;
    private readonly List<string> _names = [];
    private XmlWriter? _sheet;
    private int _row;

    public XlsxWriter(Stream stream) => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Ends the current sheet and begins another one.</summary>
    /// <param name="name">Made to fit what Excel allows, and unlike the names before it.</param>
    /// <param name="frozenRows">Rows that stay in view.</param>
    /// <param name="widths">Of the first columns, in characters.</param>
    public void BeginSheet(string name, int frozenRows = 0, IReadOnlyList<double>? widths = null)
    {
        EndSheet();
        _names.Add(Fitting(name));
        _sheet = Begin($"xl/worksheets/sheet{_names.Count}.xml");
        _row = 0;
        _sheet.WriteStartElement("worksheet", Main);
        if (frozenRows > 0)
        {
            _sheet.WriteRaw(string.Create(
                CultureInfo.InvariantCulture,
                $"""<sheetViews><sheetView workbookViewId="0"><pane ySplit="{frozenRows}" topLeftCell="A{frozenRows + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"""));
        }

        if (widths is { Count: > 0 })
        {
            _sheet.WriteStartElement("cols", Main);
            for (var i = 0; i < widths.Count; i++)
            {
                _sheet.WriteRaw(string.Create(
                    CultureInfo.InvariantCulture, $"""<col min="{i + 1}" max="{i + 1}" width="{widths[i]}" customWidth="1"/>"""));
            }

            _sheet.WriteEndElement();
        }

        _sheet.WriteStartElement("sheetData", Main);
    }

    /// <exception cref="InvalidOperationException">There is no sheet, or it has <see cref="MaxRows"/> rows.</exception>
    public void WriteRow(IReadOnlyList<object?> cells)
    {
        if (_sheet is null || _row == MaxRows)
        {
            throw new InvalidOperationException(_sheet is null ? "No sheet has begun." : "The sheet is full.");
        }

        _row++;
        _sheet.WriteStartElement("row", Main);
        _sheet.WriteAttributeString("r", _row.ToString(CultureInfo.InvariantCulture));
        for (var column = 0; column < cells.Count; column++)
        {
            var (value, style) = cells[column] is StyledCell styled ? (styled.Value, styled.Style) : (cells[column], CellStyle.Plain);
            WriteCell(column, value, style);
        }

        _sheet.WriteEndElement();
    }

    /// <summary>Ends the workbook; the stream stays open.</summary>
    public void Dispose()
    {
        if (_names.Count == 0)
        {
            BeginSheet("Sheet1");
        }

        EndSheet();
        WriteParts();
        _archive.Dispose();
    }

    /// <summary>A, B … Z, AA …</summary>
    /// <param name="column">From 0.</param>
    public static string ColumnName(int column)
    {
        Span<char> letters = stackalloc char[7];
        var at = letters.Length;
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters[--at] = (char)('A' + ((rest - 1) % 26));
        }

        return letters[at..].ToString();
    }

    private void WriteCell(int column, object? value, CellStyle style)
    {
        var number = value switch
        {
            null or string or Enum => (double?)null,
            bool flag => flag ? 1 : 0,
            DateTime time => time.ToOADate(),
            IConvertible convertible => convertible.ToDouble(CultureInfo.InvariantCulture),
            _ => null,
        };
        var text = number is null && value is not null ? CellText.Safe(value.ToString() ?? "") : null;
        number = number is { } known && double.IsFinite(known) ? known : null;
        if (text is null && number is null && style == CellStyle.Plain)
        {
            return;
        }

        _sheet!.WriteStartElement("c", Main);
        _sheet.WriteAttributeString("r", $"{ColumnName(column)}{_row.ToString(CultureInfo.InvariantCulture)}");
        if (value is DateTime || style != CellStyle.Plain)
        {
            _sheet.WriteAttributeString("s", ((int)style + (value is DateTime ? 3 : 0)).ToString(CultureInfo.InvariantCulture));
        }

        if (text is not null)
        {
            WriteText(text);
        }
        else if (number is { } finite)
        {
            if (value is bool)
            {
                _sheet.WriteAttributeString("t", "b");
            }

            _sheet.WriteElementString("v", Main, finite.ToString("R", CultureInfo.InvariantCulture));
        }

        _sheet.WriteEndElement();
    }

    private void WriteText(string text)
    {
        _sheet!.WriteAttributeString("t", "inlineStr");
        _sheet.WriteStartElement("is", Main);
        _sheet.WriteStartElement("t", Main);
        _sheet.WriteAttributeString("xml", "space", null, "preserve");
        _sheet.WriteString(XlsxText.Escape(text.Length > MaxTextLength ? text[..MaxTextLength] : text));
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
    }

    private void EndSheet()
    {
        if (_sheet is null)
        {
            return;
        }

        _sheet.WriteEndDocument();
        _sheet.Dispose();
        _sheet = null;
    }

    private XmlWriter Begin(string path) => XmlWriter.Create(
        Open(path),
        new XmlWriterSettings { CloseOutput = true, Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize });

    private Stream Open(string path)
    {
        var entry = _archive.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = EntryTime;
        return entry.Open();
    }

    private void WriteParts()
    {
        var sheets = Enumerable.Range(1, _names.Count).ToList();
        Write("xl/styles.xml", Styles);
        Write("xl/workbook.xml", $"""
            <workbook xmlns="{Main}" xmlns:r="{OfficeRelations}"><sheets>{string.Concat(sheets.Select(i =>
                $"""<sheet name="{System.Security.SecurityElement.Escape(_names[i - 1])}" sheetId="{i}" r:id="rId{i}"/>"""))}</sheets></workbook>
            """);
        Write("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="{PackageRelations}">{string.Concat(sheets.Select(i =>
                $"""<Relationship Id="rId{i}" Type="{OfficeRelations}/worksheet" Target="worksheets/sheet{i}.xml"/>"""))}<Relationship Id="rId{sheets.Count + 1}" Type="{OfficeRelations}/styles" Target="styles.xml"/></Relationships>
            """);
        Write("_rels/.rels", $"""
            <Relationships xmlns="{PackageRelations}"><Relationship Id="rId1" Type="{OfficeRelations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """);
        Write("[Content_Types].xml", $"""
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{string.Concat(sheets.Select(i =>
                $"""<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"""))}</Types>
            """);
    }

    private void Write(string path, string xml)
    {
        using var writer = new StreamWriter(Open(path), new UTF8Encoding(false));
        writer.Write("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""");
        writer.Write('\n');
        writer.Write(xml);
    }

    private string Fitting(string name)
    {
        var plain = string.Concat(name.Select(c => c is '[' or ']' or ':' or '*' or '?' or '/' or '\\' || !XmlConvert.IsXmlChar(c) ? '_' : c)).Trim('\'', ' ');
        plain = plain.Length == 0 ? "Sheet" : plain;
        var fitting = plain[..Math.Min(plain.Length, MaxNameLength)];
        for (var copy = 2; _names.Contains(fitting, StringComparer.OrdinalIgnoreCase); copy++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $" ({copy})");
            fitting = plain[..Math.Min(plain.Length, MaxNameLength - suffix.Length)] + suffix;
        }

        return fitting;
    }
}
