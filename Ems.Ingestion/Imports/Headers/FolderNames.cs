using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows folders of archives that say when files are of, or that they are files, and not whose they are: <c>Export Q1</c>, <c>Week 05</c>, <c>2024/01</c>.</summary>
internal static partial class FolderNames
{
    private static readonly string[] Words =
    [
        "download", "downloads", "file", "files", "folder", "archive", "zip", "csv", "xlsx", "excel", "new", "ordner", "neuer", "dateien", "dossier", "nouveau", "fichiers", "carpeta", "nueva", "cartella", "nuova",
        "exporte", "exportación", "exportaciones", "esportazione", "esportazioni", "exportação", "exportations",
    ];

    /// <summary>Whether a folder, without its dates, says nothing of what is in it.</summary>
    public static bool SayNothing(string folder) => DatedNames.Strip(folder) is { Length: > 0 } steady && Carriers.Find(steady) is null && AreGeneral(steady);

    /// <summary>Whether one of the steps of a path is a folder of a quarter, a week, a month or a financial year, or of the number of a month below its year or of a day below its month, and says no more.</summary>
    public static bool AreOfPeriod(IReadOnlyList<string> path, int at) =>
        at < path.Count - 1 && (SayPeriod(path[at]) || IsMonth(path, at) || (at > 0 && IsMonth(path, at - 1) && NumberOf(path[at]) is >= 1 and <= 31));

    private static bool SayPeriod(string folder) => DatedNames.Strip(folder) is var steady && Period().Match(steady) is { Success: true } period
        && steady.Remove(period.Index, period.Length).Trim(' ', '_', '-', '.', ',') is var rest && (rest.Length == 0 || (Carriers.Find(rest) is null && AreGeneral(rest)));

    private static bool IsMonth(IReadOnlyList<string> path, int at) => at > 0 && Year().IsMatch(path[at - 1]) && NumberOf(path[at]) is >= 1 and <= 12;

    private static int NumberOf(string folder) => folder.Length <= 2 && int.TryParse(folder, out var number) ? number : 0;

    private static bool AreGeneral(string name) => name.Split(' ', '_', '-').All(word => Words.Contains(word, StringComparer.OrdinalIgnoreCase) || GeneralNames.Have(word));

    // A hall may be called H1, and a building W2.
    [GeneratedRegex(
        @"(?<![\p{L}\d])((week|wk|woche|kw|semaine|semana|settimana|vecka|uge|uke|month|monat|mois|quarter|quartal|kwartaal|trimestre|kvartal)[ _\-.]?(0?[1-9]|[1-4]\d|5[0-3])|[1-4](\.|st|nd|rd|th|er|e)?[ _\-.]?(quarter|quartal|kwartaal|trimestre|kvartal)|q[1-4]|[1-4]q|fy[ _\-]?(20)?\d\d([\-_/](20)?\d\d)?)(?![\p{L}\d])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Period();

    [GeneratedRegex(@"^(19|20)\d\d$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Year();
}
