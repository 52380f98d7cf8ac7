using System.Collections.Frozen;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Months as English, German, French, Spanish, Italian, Dutch, Portuguese, Scandinavian, Finnish, Polish, Czech and Turkish files name them.</summary>
internal static class MonthNames
{
    private static readonly string[] Names =
    [
        "jan january januar jän jänner janvier janv enero ene gennaio gen januari janeiro styczeń stycznia sty ocak leden ledna tammikuu tammikuuta",
        "feb february februar février févr fév fevrier fevr febrero febbraio februari fevereiro fev luty lutego lut şubat únor února helmikuu helmikuuta",
        "mar march märz mrz mär maerz mars marzo maart mrt março marco marts marzec marca mart březen března maaliskuu maaliskuuta",
        "apr april avril avr abril abr aprile kwiecień kwietnia kwi nisan duben dubna huhtikuu huhtikuuta",
        "may mai mayo maggio mag mei maio maj maja mayıs květen května toukokuu toukokuuta",
        "jun june juni juin junio giugno giu junho czerwiec czerwca cze haziran červen června kesäkuu kesäkuuta",
        "jul july juli juillet juil julio luglio lug julho lipiec lipca lip temmuz červenec července heinäkuu heinäkuuta",
        "aug august août aout agosto ago augustus augusti sierpień sierpnia sie ağustos srpen srpna elokuu elokuuta",
        "sep sept september septembre septiembre settembre setembro set wrzesień września wrz eylül září syyskuu syyskuuta",
        "oct october oktober okt octobre octubre ottobre ott outubro out październik października paź ekim říjen října lokakuu lokakuuta",
        "nov november novembre noviembre novembro listopad listopada lis kasım marraskuu marraskuuta",
        "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro desember grudzień grudnia gru aralık prosinec prosince joulukuu joulukuuta",
    ];

    private static readonly FrozenDictionary<string, int> ByName = Names
        .SelectMany((names, index) => names.Split(' ').Select(name => (name, index + 1)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>From 1; 0 for what is no month.</summary>
    public static int Find(ReadOnlySpan<char> word) => BySpan.TryGetValue(word.TrimEnd('.'), out var month) ? month : 0;
}
