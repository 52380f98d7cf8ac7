using System.Collections.Frozen;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Months as English, German, French, Spanish, Italian, Dutch, Portuguese, Scandinavian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Russian, Greek and Turkish files name them.</summary>
internal static class MonthNames
{
    private static readonly string[] Names =
    [
        "jan january januar jän jänner janvier janv enero ene gennaio gen januari janeiro styczeń stycznia sty ocak leden ledna tammikuu tammikuuta január januára ianuarie января январь янв ιανουαρίου ιανουάριος ιαν",
        "feb february februar février févr fév fevrier fevr febrero febbraio februari fevereiro fev luty lutego lut şubat únor února helmikuu helmikuuta február februára febr februarie февраля февраль фев февр φεβρουαρίου φεβρουάριος φεβ",
        "mar march märz mrz mär maerz mars marzo maart mrt março marco marts marzec marca mart březen března maaliskuu maaliskuuta március márc marec martie марта март μαρτίου μάρτιος",
        "apr april avril avr abril abr aprile kwiecień kwietnia kwi nisan duben dubna huhtikuu huhtikuuta április ápr apríl apríla aprilie апреля апрель апр απριλίου απρίλιος απρ",
        "may mai mayo maggio mag mei maio maj maja mayıs květen května toukokuu toukokuuta május máj mája мая май μαΐου μάιος μαϊ",
        "jun june juni juin junio giugno giu junho czerwiec czerwca cze haziran červen června kesäkuu kesäkuuta június jún júna iunie июня июнь июн ιουνίου ιούνιος ιουν",
        "jul july juli juillet juil julio luglio lug julho lipiec lipca lip temmuz červenec července heinäkuu heinäkuuta július júl júla iulie июля июль июл ιουλίου ιούλιος ιουλ",
        "aug august août aout agosto ago augustus augusti sierpień sierpnia sie ağustos srpen srpna elokuu elokuuta augusztus августа август авг αυγούστου αύγουστος αυγ",
        "sep sept september septembre septiembre settembre setembro set wrzesień września wrz eylül září syyskuu syyskuuta szeptember szept septembra septembrie сентября сентябрь сен сент σεπτεμβρίου σεπτέμβριος σεπ",
        "oct october oktober okt octobre octubre ottobre ott outubro out październik października paź ekim říjen října lokakuu lokakuuta október októbra octombrie октября октябрь окт οκτωβρίου οκτώβριος οκτ",
        "nov november novembre noviembre novembro listopad listopada lis kasım marraskuu marraskuuta novembra noiembrie ноября ноябрь ноя νοεμβρίου νοέμβριος νοε",
        "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro desember grudzień grudnia gru aralık prosinec prosince joulukuu joulukuuta decembra decembrie декабря декабрь дек δεκεμβρίου δεκέμβριος δεκ",
    ];

    private static readonly FrozenDictionary<string, int> ByName = Names
        .SelectMany((names, index) => names.Split(' ').Select(name => (name, index + 1)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>From 1; 0 for what is no month.</summary>
    public static int Find(ReadOnlySpan<char> word) => BySpan.TryGetValue(word.TrimEnd('.'), out var month) ? month : 0;
}
