using System.Collections.Frozen;
using System.Globalization;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Months as English, German, French, Spanish, Italian, Dutch, Portuguese, Scandinavian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Russian, Greek and Turkish files name them.</summary>
internal static class MonthNames
{
    private static readonly string[] Names =
    [
        "jan january januar jän jänner janvier janv enero ene gennaio gen januari janeiro styczeń stycznia sty ocak leden ledna tammikuu tammikuuta január januára ianuarie января январь янв ιανουαρίου ιανουάριος ιαν січень січня януари jaanuar janvāris sausis sausio",
        "feb february februar février févr fév fevrier fevr febrero febbraio februari fevereiro fev luty lutego lut şubat únor února helmikuu helmikuuta február februára febr februarie февраля февраль фев февр φεβρουαρίου φεβρουάριος φεβ лютий лютого февруари veebruar februāris vasaris vasario feber",
        "mar march märz mrz mär maerz mars marzo maart mrt março marco marts marzec marca mart březen března maaliskuu maaliskuuta március márc marec martie марта март μαρτίου μάρτιος березень березня märts kovas kovo maret",
        "apr april avril avr abril abr aprile kwiecień kwietnia kwi nisan duben dubna huhtikuu huhtikuuta április ápr apríl apríla aprilie апреля апрель апр απριλίου απρίλιος απρ квітень квітня април aprill aprīlis balandis balandžio",
        "may mai mayo maggio mag mei maio maj maja mayıs květen května toukokuu toukokuuta május máj mája мая май μαΐου μάιος μαϊ травень травня maijs gegužė gegužės",
        "jun june juni juin junio giugno giu junho czerwiec czerwca cze haziran červen června kesäkuu kesäkuuta június jún júna iunie июня июнь июн ιουνίου ιούνιος ιουν червень червня юни juuni jūnijs birželis birželio junij",
        "jul july juli juillet juil julio luglio lug julho lipiec lipca lip temmuz červenec července heinäkuu heinäkuuta július júl júla iulie июля июль июл ιουλίου ιούλιος ιουλ липень липня юли juuli jūlijs liepa liepos julij",
        "aug august août aout agosto ago augustus augusti sierpień sierpnia sie ağustos srpen srpna elokuu elokuuta augusztus августа август авг αυγούστου αύγουστος αυγ серпень серпня avgust augustas augusts rugpjūtis rugpjūčio agustus",
        "sep sept september septembre septiembre settembre setembro set wrzesień września wrz eylül září syyskuu syyskuuta szeptember szept septembra septembrie сентября сентябрь сен сент σεπτεμβρίου σεπτέμβριος σεπ вересень вересня септември septembris rugsėjis rugsėjo",
        "oct october oktober okt octobre octubre ottobre ott outubro out październik października paź ekim říjen října lokakuu lokakuuta október októbra octombrie октября октябрь окт οκτωβρίου οκτώβριος οκτ жовтень жовтня октомври oktoober oktobris spalis spalio",
        "nov november novembre noviembre novembro listopad listopada lis kasım marraskuu marraskuuta novembra noiembrie ноября ноябрь ноя νοεμβρίου νοέμβριος νοε листопада ноември novembris lapkritis lapkričio",
        "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro desember grudzień grudnia gru aralık prosinec prosince joulukuu joulukuuta decembra decembrie декабря декабрь дек δεκεμβρίου δεκέμβριος δεκ грудень грудня декември detsember decembris gruodis gruodžio",
    ];

    private static readonly string[] Roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

    private static readonly FrozenDictionary<string, int> ByName = Names
        .SelectMany((names, index) => names.Split(' ').Select(name => (name, index + 1)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>From 1; 0 for what is no month.</summary>
    public static int Find(ReadOnlySpan<char> word) => BySpan.TryGetValue(word.TrimEnd('.'), out var month) ? month
        : word is [.. var number, '月' or '월'] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out month) && month is >= 1 and <= 12 ? month : 0;

    /// <summary>The same of Roman numbers, as some countries write months: whether they are months, only their whole row or column tells.</summary>
    public static int FindRoman(string? text) => Array.IndexOf(Roman, text?.Trim().TrimEnd('.')) + 1;
}
