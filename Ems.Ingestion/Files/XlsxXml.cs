using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Ems.Core.Tables;
using ExcelNumberFormat;

namespace Ems.Ingestion.Files;

/// <summary>The small parts of a workbook (ECMA-376): which sheets it has, and which cell formats show a number as a time.</summary>
internal static class XlsxXml
{
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
        foreach (var relation in Elements(archive, $"{part[..slash]}_rels/{part[slash..]}.rels", "Relationship", budget))
        {
            if (relation.GetAttribute("Id") is { } id && relation.GetAttribute("Target") is { } target)
            {
                var type = relation.GetAttribute("Type") ?? "";
                found[id] = (type[(type.LastIndexOf('/') + 1)..], target.StartsWith('/') ? target[1..] : Resolve(part[..slash] + target));
            }
        }

        return found;
    }

    /// <summary>Names and relationship ids of the sheets, and whether days are counted from 1904.</summary>
    public static (IReadOnlyList<(string Name, string Relation)> Sheets, bool Is1904) ReadWorkbook(
        ZipArchive archive, string part, UnpackBudget budget)
    {
        var sheets = new List<(string, string)>();
        var is1904 = false;
        foreach (var element in Elements(archive, part, null, budget))
        {
            if (element.LocalName == "workbookPr")
            {
                is1904 |= element.GetAttribute("date1904") is "1" or "true";
            }
            else if (element.LocalName == "sheet" && element.GetAttribute("name") is { } name)
            {
                var relation = "";
                while (element.MoveToNextAttribute())
                {
                    relation = element.LocalName == "id" ? element.Value : relation;
                }

                sheets.Add((XlsxText.Unescape(name), relation));
            }
        }

        return (sheets, is1904);
    }

    /// <summary>For each cell format whether it shows a number as a date or a time of day.</summary>
    public static IReadOnlyList<bool> ReadTimeFormats(ZipArchive archive, string? part, UnpackBudget budget)
    {
        var codes = new Dictionary<int, bool>();
        var formats = new List<bool>();
        var inCellFormats = false;
        foreach (var element in Elements(archive, part ?? "", null, budget))
        {
            switch (element.LocalName)
            {
                case "numFmt" when Id(element, "numFmtId") is { } id:
                    codes[id] = new NumberFormat(element.GetAttribute("formatCode") ?? "") is { IsDateTimeFormat: true, IsTimeSpanFormat: false };
                    break;
                case "cellXfs" or "cellStyleXfs" or "dxfs":
                    inCellFormats = element.LocalName == "cellXfs";
                    break;
                case "xf" when inCellFormats:
                    var format = Id(element, "numFmtId") ?? 0;
                    formats.Add(codes.TryGetValue(format, out var isTime) ? isTime : format is (>= 14 and <= 22) or (>= 27 and <= 36) or 45 or 47 or (>= 50 and <= 58));
                    break;
            }
        }

        return formats;
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

    /// <summary>The elements of that name, or all; none when there is no such part.</summary>
    private static IEnumerable<XmlReader> Elements(ZipArchive archive, string part, string? name, UnpackBudget budget)
    {
        if (Find(archive, part) is not { } entry)
        {
            yield break;
        }

        using var reader = BoundedXml.Open(new BoundedStream(entry.Open(), budget) { HoldsXml = true });
        var count = 0;
        while (reader.ReadNext())
        {
            if (reader.NodeType == XmlNodeType.Element && (name is null || reader.LocalName == name))
            {
                yield return ++count <= MaxParts ? reader : throw new InvalidDataException($"{part} has more than {MaxParts} parts.");
                reader.MoveToElement();
            }
        }
    }

    /// <summary>Excel does not tell upper from lower case in the names of parts.</summary>
    public static ZipArchiveEntry? Find(ZipArchive archive, string part) =>
        archive.GetEntry(part) ?? archive.Entries.FirstOrDefault(entry => entry.FullName.Replace('\\', '/').Equals(part, StringComparison.OrdinalIgnoreCase));
}
