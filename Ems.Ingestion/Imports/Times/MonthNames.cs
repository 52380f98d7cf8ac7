using System.Collections.Frozen;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Months as English, German, French, Spanish, Italian, Dutch, Portuguese and Scandinavian files name them.</summary>
internal static class MonthNames
{
    private static readonly string[] Names =
    [
        "jan january januar jän jänner janvier janv enero ene gennaio gen januari janeiro",
        "feb february februar février févr fév fevrier fevr febrero febbraio februari fevereiro fev",
        "mar march märz mrz mär maerz mars marzo maart mrt março marco marts",
        "apr april avril avr abril abr aprile",
        "may mai mayo maggio mag mei maio maj",
        "jun june juni juin junio giugno giu junho",
        "jul july juli juillet juil julio luglio lug julho",
        "aug august août aout agosto ago augustus augusti",
        "sep sept september septembre septiembre settembre setembro set",
        "oct october oktober okt octobre octubre ottobre ott outubro out",
        "nov november novembre noviembre novembro",
        "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro desember",
    ];

    private static readonly FrozenDictionary<string, int> ByName = Names
        .SelectMany((names, index) => names.Split(' ').Select(name => (name, index + 1)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>From 1; 0 for what is no month.</summary>
    public static int Find(ReadOnlySpan<char> word) => BySpan.TryGetValue(word.TrimEnd('.'), out var month) ? month : 0;
}
