using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Makes equipment ids of names that a file carries.</summary>
internal static partial class EquipmentNames
{
    private const int MaxLength = 128;

    /// <summary>Characters that no id may have become an underscore.</summary>
    public static string ToId(string name)
    {
        var id = Forbidden().Replace(name.Trim(), "_");
        id = id.Length > MaxLength ? id[..MaxLength] : id;
        return id.Length == 0 || id.All(c => c == '.') ? "_" : id;
    }

    /// <summary>The sheet's name unless it says nothing, else the file's without dates and extensions.</summary>
    public static string FromSheetOrFile(string sheet, string fileName) =>
        ToId(sheet.Length > 0 && !Meaningless().IsMatch(sheet) ? sheet : WithoutDates(fileName));

    private static string WithoutDates(string fileName)
    {
        var name = Extensions().Replace(Path.GetFileName(fileName), "");
        var dateless = Dates().Replace(name, "").Trim('_', '-', ' ', '.');
        return dateless.Length == 0 ? name : dateless;
    }

    [GeneratedRegex(@"[\p{C}/\\?#%]", RegexOptions.CultureInvariant)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"^(sheet|tabelle|blad|feuil|hoja|foglio|data|table)[ _]*\d*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Meaningless();

    [GeneratedRegex(@"(\.(xlsx|xlsb|xls|csv|txt|tsv|gz))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extensions();

    [GeneratedRegex(@"(?<!\d)[_\-. ]?(19|20)\d{2}([_\-.]?\d{2}){0,2}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Dates();
}
