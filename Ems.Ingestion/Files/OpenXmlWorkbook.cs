using System.IO.Compression;
using ExcelNumberFormat;

namespace Ems.Ingestion.Files;

/// <summary>What a workbook (ECMA-376, or MS-XLSB in its binary parts) says outside of its sheets.</summary>
/// <param name="Is1904">Days are counted from 1904.</param>
/// <param name="TimeFormats">For each cell format whether it shows a number as a date or a time of day.</param>
internal sealed record OpenXmlWorkbook(
    bool IsBinary, IReadOnlyList<(string Name, ZipArchiveEntry Entry, bool IsHidden)> Sheets, bool Is1904, IReadOnlyList<bool> TimeFormats,
    ZipArchiveEntry? SharedStrings)
{
    /// <param name="part">Path of the workbook's part in the archive.</param>
    public static OpenXmlWorkbook Read(ZipArchive archive, string part, UnpackBudget budget)
    {
        var isBinary = part.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);
        var relations = XlsxXml.ReadRelations(archive, part, budget);
        ZipArchiveEntry? Part(string type) => Find(archive, relations.Values.FirstOrDefault(relation => relation.Type == type).Path ?? "");
        var book = Find(archive, part) ?? throw new InvalidDataException($"There is no {part}.");
        var (named, is1904) = isBinary ? XlsbRecords.ReadWorkbook(book, budget) : XlsxXml.ReadWorkbook(book, budget);
        var sheets = new List<(string, ZipArchiveEntry, bool)>();
        foreach (var (name, id, isHidden) in named)
        {
            if (relations.TryGetValue(id, out var relation) && relation.Type == "worksheet" && Find(archive, relation.Path) is { } entry)
            {
                sheets.Add((name, entry, isHidden));
            }
        }

        var (codes, formats) = Part("styles") is not { } styles ? ([], [])
            : isBinary ? XlsbRecords.ReadFormats(styles, budget) : XlsxXml.ReadFormats(styles, budget);
        return new OpenXmlWorkbook(isBinary, sheets, is1904, [.. formats.Select(format => ShowsTime(format, codes))], Part("sharedStrings"));
    }

    /// <summary>Read as they are asked for.</summary>
    public IEnumerable<string> ReadSharedStrings(UnpackBudget budget) =>
        SharedStrings is not { } entry ? [] : IsBinary ? XlsbRecords.ReadSharedStrings(entry, budget) : XlsxXml.ReadSharedStrings(entry, budget);

    /// <summary>Excel does not tell upper from lower case in the names of parts.</summary>
    public static ZipArchiveEntry? Find(ZipArchive archive, string part) => part.Length == 0 ? null
        : archive.GetEntry(part)
            ?? archive.Entries.FirstOrDefault(entry => entry.FullName.Replace('\\', '/').Equals(part, StringComparison.OrdinalIgnoreCase));

    private static bool ShowsTime(int format, Dictionary<int, string> codes) =>
        codes.TryGetValue(format, out var code)
            ? new NumberFormat(code) is { IsDateTimeFormat: true, IsTimeSpanFormat: false }
            // Those that every workbook has, with those of East Asia.
            : format is (>= 14 and <= 22) or (>= 27 and <= 36) or 45 or 47 or (>= 50 and <= 58);
}
