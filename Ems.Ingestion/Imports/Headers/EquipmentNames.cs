using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Makes equipment ids of names that a file carries.</summary>
internal static partial class EquipmentNames
{
    private const int MaxLength = 128;

    /// <summary>Characters that no id may have become an underscore.</summary>
    public static string ToId(string name)
    {
        var id = Forbidden().Replace(name.Trim(), "_");
        id = Shorten(id, MaxLength);
        return id.Length == 0 || id.All(c => c == '.') ? "_" : id;
    }

    /// <summary>No longer than that: what is left out of a name makes a mark behind the rest of it, so that two names stay two.</summary>
    public static string Shorten(string name, int length)
    {
        if (name.Length <= length)
        {
            return name;
        }

        var mark = $"~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
        var kept = length - mark.Length;
        return name[..(char.IsHighSurrogate(name[kept - 1]) ? kept - 1 : kept)].TrimEnd() + mark;
    }

    /// <summary>Whether it is a number of more digits than a table showed when it was saved: 1.23457E+11, which may be many.</summary>
    public static bool IsCut(string text) => Cut().IsMatch(text);

    /// <summary>
    /// The sheet's name unless it says nothing, else the file's, without dates, months and copy numbers: what next month's file
    /// is called too.
    /// </summary>
    /// <param name="sheet">In an archive, the path of the file in it, and behind a colon its sheet.</param>
    /// <param name="isAlone">Whether a sheet that is only called by what it holds says nothing: there is no other one to tell it from.</param>
    public static string FromSheetOrFile(string sheet, string fileName, bool isAlone = false)
    {
        var colon = sheet.LastIndexOf(':');
        string[] names = colon < 0 ? [sheet] : [sheet[(colon + 1)..], sheet[..colon]];
        var name = names.Select(Steady).FirstOrDefault(steady => steady.Length > 0 && !Meaningless().IsMatch(steady) && !(isAlone && GeneralNames.Have(steady))) ?? Steady(Path.GetFileName(fileName));
        return ToId(name.Length > 0 ? name : WithoutExtensions(fileName));
    }

    /// <summary>The sheet's name without dates, months and copy numbers; null where it says nothing.</summary>
    public static string? FromSheet(string sheet) => Steady(sheet) is { Length: > 0 } steady && !Meaningless().IsMatch(steady) && !GeneralNames.Have(steady) ? steady : null;

    public static string WithoutExtensions(string fileName) => Extensions().Replace(Path.GetFileName(fileName), "");

    /// <summary>What the file is called that a sheet is in, which is not what the sheet is called: of those of an archive, the one that has it.</summary>
    public static string FromFile(string sheet, string fileName)
    {
        var path = fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? sheet : "";
        var colon = path.LastIndexOf(':');
        return FromSheetOrFile(colon < 0 ? path : path[..colon], fileName);
    }

    private static string Steady(string path) => path.Split('/', '\\') is var steps
        ? string.Join('_', steps.Where((_, at) => !FolderNames.AreOfPeriod(steps, at)).Select(step => DatedNames.Strip(Extensions().Replace(step, ""))).Where(step => step.Length > 0)) : "";

    [GeneratedRegex(@"^\d([.,]\d+)?E\+[1-9]\d$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cut();

    [GeneratedRegex(@"[\p{C}/\\?#%]", RegexOptions.CultureInvariant)]
    private static partial Regex Forbidden();

    // As Excel calls sheets in its languages.
    [GeneratedRegex(@"^(sheet|tabelle|blad|werkblad|feuil|hoja|foglio|folha|planilha|ark|taul|arkusz|list|hárok|munka|foaie|sayfa|лист|аркуш|φύλλο|工作表|シート|시트|data|table)[ _]*\d*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Meaningless();

    [GeneratedRegex(@"(\.(xlsx|xlsm|xlsb|xls|csv|txt|tsv|tab|xml|gz|zip))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extensions();
}
