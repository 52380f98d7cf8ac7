using System.Collections.Frozen;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Words of which case does not matter.</summary>
internal readonly struct WordSet(params string[] words)
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _words =
        words.SelectMany(some => some.Split(' ')).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public bool Contains(ReadOnlySpan<char> word) => _words.Contains(word);
}

/// <summary>Words in times as people write them, beside the names of months and zones.</summary>
internal static class TimeWords
{
    private const string Morning = "上午 午前 오전";
    private const string Afternoon = "下午 午後 오후";

    private static readonly WordSet InTheAfternoon = new(Afternoon);

    public static readonly WordSet Weekdays = new(
        "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday",
        "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles miercoles jueves viernes sábado sabado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "月 火 水 木 金 土 日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日",
        "월 화 수 목 금 토 일 월요일 화요일 수요일 목요일 금요일 토요일 일요일");

    public static readonly WordSet Quarters = new("q t quarter quartal trimestre trim kwartaal kvartal kvartál kwartał kvartaal čtvrtletí negyedév neljännes ketvirtis ceturksnis");

    public static readonly WordSet Halves = new("h hj half halbjahr semestre semester halvår semestr pololetí félév puolivuosi");

    public static readonly WordSet Weeks = new("w kw cw wk week woche semaine semana settimana");

    /// <summary>Between the parts of a date, and behind the number of a day: <c>1er</c>, <c>15th of</c>, <c>15 de … de</c>.</summary>
    public static readonly WordSet InDates = new("de del di of st nd rd th er e º ª");

    /// <summary>Before a time of day, where its half of the day is written before it.</summary>
    public static readonly WordSet HalvesOfDay = new(Morning, Afternoon);

    /// <summary>Between a date and its time of day.</summary>
    public static readonly WordSet BeforeClocks = new("at à a las la às as um om kl klo alle ore o godz", Morning, Afternoon);

    /// <summary>Whether the word says that it is afternoon; null for other words.</summary>
    public static bool? HalfOf(ReadOnlySpan<char> word) => InTheAfternoon.Contains(word) ? true : HalvesOfDay.Contains(word) ? false : null;

    /// <summary>Headers of weeks that begin on Mondays; in English they do not everywhere.</summary>
    public static readonly string[] WeeksOfMondays = ["kw", "kalenderwoche", "woche", "semaine", "semana", "settimana", "weeknummer", "weeknr", "vecka", "uge", "uke", "viikko"];
}
