using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Ems.Core.Tables;

namespace Ems.Ingestion.Files;

/// <summary>The parts of an .xlsx (ECMA-376) that are no sheets.</summary>
internal static class XlsxXml
{
    /// <summary>What a cell of Excel can hold; more is left out.</summary>
    public const int MaxTextLength = 32_767;

    private const int MaxParts = 100_000;

    /// <summary>The text of an <c>si</c> or <c>is</c> element without its phonetic hints.</summary>
    public static string ReadRichText(this XmlReader reader, char[] buffer)
    {
        var length = 0;
        var content = reader.Content();
        var hint = int.MaxValue;
        while (content.Read())
        {
            hint = reader.Depth <= hint ? int.MaxValue : hint;
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.LocalName == "rPh")
            {
                hint = reader.Depth;
            }
            else if (reader.LocalName == "t" && hint == int.MaxValue)
            {
                length = reader.ReadText(buffer, length);
            }
        }

        return XlsxText.Unescape(new string(buffer, 0, length));
    }

    /// <summary>Types and targets of a part's relationships by their id.</summary>
    public static Dictionary<string, (string Type, string Path)> ReadRelations(ZipArchive archive, string part, UnpackBudget budget)
    {
        var slash = part.LastIndexOf('/') + 1;
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (OpenXmlWorkbook.Find(archive, $"{part[..slash]}_rels/{part[slash..]}.rels") is not { } entry)
        {
            return found;
        }

        foreach (var relation in Elements(entry, budget).Where(element => element.LocalName == "Relationship"))
        {
            if (relation.GetAttribute("Id") is { } id && relation.GetAttribute("Target") is { } target)
            {
                var type = relation.GetAttribute("Type") ?? "";
                found[id] = (type[(type.LastIndexOf('/') + 1)..], target.StartsWith('/') ? target[1..] : Resolve(part[..slash] + target));
            }
        }

        return found;
    }

    /// <summary>Names and relationship ids of the sheets, whether they are hidden, and whether days are counted from 1904.</summary>
    public static (IReadOnlyList<(string Name, string Relation, bool IsHidden)> Sheets, bool Is1904) ReadWorkbook(ZipArchiveEntry part, UnpackBudget budget)
    {
        var sheets = new List<(string, string, bool)>();
        var is1904 = false;
        foreach (var element in Elements(part, budget))
        {
            if (element.LocalName == "workbookPr")
            {
                is1904 |= element.GetAttribute("date1904") is "1" or "true";
            }
            else if (element.LocalName == "sheet" && element.GetAttribute("name") is { } name)
            {
                var isHidden = element.GetAttribute("state") is "hidden" or "veryHidden";
                var relation = "";
                while (element.MoveToNextAttribute())
                {
                    relation = element.LocalName == "id" ? element.Value : relation;
                }

                sheets.Add((XlsxText.Unescape(name), relation, isHidden));
            }
        }

        return (sheets, is1904);
    }

    /// <summary>Codes of the workbook's own number formats, and the number format of each cell format.</summary>
    public static (Dictionary<int, string> Codes, List<int> Formats) ReadFormats(ZipArchiveEntry part, UnpackBudget budget)
    {
        var codes = new Dictionary<int, string>();
        var formats = new List<int>();
        var inCellFormats = false;
        foreach (var element in Elements(part, budget))
        {
            switch (element.LocalName)
            {
                case "numFmt" when Id(element, "numFmtId") is { } id: codes[id] = element.GetAttribute("formatCode") ?? ""; break;
                case "cellXfs" or "cellStyleXfs" or "dxfs": inCellFormats = element.LocalName == "cellXfs"; break;
                case "xf" when inCellFormats: formats.Add(Id(element, "numFmtId") ?? 0); break;
            }
        }

        return (codes, formats);
    }

    public static IEnumerable<string> ReadSharedStrings(ZipArchiveEntry part, UnpackBudget budget)
    {
        var buffer = new char[MaxTextLength];
        using var reader = Open(part, budget);
        while (reader.ReadNext())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "si")
            {
                yield return reader.ReadRichText(buffer);
            }
        }
    }

    private static int? Id(XmlReader element, string attribute) =>
        int.TryParse(element.GetAttribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string Resolve(string path)
    {
        var kept = new List<string>();
        foreach (var step in path.Split('/'))
        {
            if (step == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (step is not ("" or "." or ".."))
            {
                kept.Add(step);
            }
        }

        return string.Join('/', kept);
    }

    private static IEnumerable<XmlReader> Elements(ZipArchiveEntry part, UnpackBudget budget)
    {
        using var reader = Open(part, budget);
        var count = 0;
        while (reader.ReadNext())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                yield return ++count <= MaxParts ? reader : throw new InvalidDataException($"{part.FullName} has more than {MaxParts} parts.");
                reader.MoveToElement();
            }
        }
    }

    private static XmlReader Open(ZipArchiveEntry part, UnpackBudget budget) =>
        BoundedXml.Open(BoundedStream.Of(part, budget, holdsXml: true));
}
