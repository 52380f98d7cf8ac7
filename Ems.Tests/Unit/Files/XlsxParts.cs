using System.Text;

namespace Ems.Tests.Unit.Files;

/// <summary>Workbooks made of the very XML that a test is about.</summary>
internal sealed record XlsxParts
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>Names of the sheets and the XML within their <c>sheetData</c>.</summary>
    public required IReadOnlyList<(string Name, string Rows)> Sheets { get; init; }

    /// <summary>XML within <c>sst</c>.</summary>
    public string SharedStrings { get; init; } = "";

    /// <summary>XML within <c>styleSheet</c>.</summary>
    public string Styles { get; init; } = "";

    public string WorkbookProperties { get; init; } = "";

    /// <summary>What stands before the root of each sheet.</summary>
    public string Prolog { get; init; } = "";

    public static XlsxParts Sheet(string rows) => new() { Sheets = [("Data", rows)] };

    public byte[] ToBytes() => ToBytesWithout("");

    /// <param name="part">Path of the part that is missing.</param>
    public byte[] ToBytesWithout(string part)
    {
        var members = new List<(string, byte[])>
        {
            Part("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""),
            Part("_rels/.rels", Related(("rId1", "officeDocument", "xl/book.xml"))),
            Part("xl/book.xml", $"""
                <workbook xmlns="{Main}" xmlns:r="{Relations}"><workbookPr {WorkbookProperties}/><sheets>{string.Concat(Sheets.Select((sheet, i) =>
                    $"""<sheet name="{sheet.Name}" sheetId="{i + 1}" r:id="s{i}"/>"""))}</sheets></workbook>
                """),
            Part("xl/_rels/book.xml.rels", Related([
                ("st", "styles", "styles.xml"), ("ss", "sharedStrings", "/xl/sharedStrings.xml"),
                .. Sheets.Select((_, i) => ($"s{i}", "worksheet", $"worksheets/sheet{i}.xml"))])),
            Part("xl/styles.xml", $"""<styleSheet xmlns="{Main}">{Styles}</styleSheet>"""),
            Part("xl/sharedStrings.xml", $"""<sst xmlns="{Main}">{SharedStrings}</sst>"""),
        };
        members.AddRange(Sheets.Select((sheet, i) => Part(
            $"xl/worksheets/sheet{i}.xml", $"""{Prolog}<worksheet xmlns="{Main}"><sheetData>{sheet.Rows}</sheetData></worksheet>""")));
        return FileBench.Zip([.. members.Where(member => member.Item1 != part)]);
    }

    private static (string, byte[]) Part(string name, string xml) => (name, Encoding.UTF8.GetBytes(xml));

    private static string Related(params (string Id, string Type, string Target)[] relations) =>
        $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(relations.Select(relation =>
            $"""<Relationship Id="{relation.Id}" Type="{Relations}/{relation.Type}" Target="{relation.Target}"/>"""))}</Relationships>""";
}
