using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Takes out of the names of files and sheets what says when they are of, or which copy they are.</summary>
internal static partial class DatedNames
{
    /// <summary>Stands where a date was; no name has it.</summary>
    private const char Mark = '\uE000';

    /// <summary>What says that a file corrects another one.</summary>
    public const string Correcting = "corrected|correction|corrections|revised|revision|fixed|updated|final|korrigiert|korrektur|corrigé|corrige|corregido|corretto|gecorrigeerd|rev\\d*";

    private const string Year = @"(19|20)\d{2}";
    private const string Month = "(0[1-9]|1[0-2])";
    private const string Day = @"(0[1-9]|[12]\d|3[01])";
    private const string ShortDay = @"(0?[1-9]|[12]\d|3[01])";
    private const string Week = @"(0[1-9]|[1-4]\d|5[0-3])";
    private const string To = "(to|bis|until|through|thru|au|al|tot)?";
    private const string NoWordBefore = @"(?<![\p{L}\d])";
    private const string NoWordBehind = @"(?![\p{L}\d])";
    private const string NoDigitBehind = @"(?!\d)";

    private const string GermanWeek = @"(KW|Kw|kw)[ _\-.]?(0?[1-9]|[1-4]\d|5[0-3])";

    /// <summary>Q1 2024.</summary>
    private const string QuarterOfYear = $@"{NoWordBefore}[qQ][1-4][_\-. ]?{Year}{NoDigitBehind}";

    /// <summary>2024-W03, week 3 2024, KW03_2024.</summary>
    private const string WeekOfYear =
        $@"{NoWordBefore}{Year}-?[wW]{Week}{NoWordBehind}"
        + $@"|{NoWordBefore}(?i:week|wk|woche|semaine|semana|vecka|uge)[ _\-]?(0?[1-9]|[1-4]\d|5[0-3])[ _\-]+{Year}{NoDigitBehind}"
        + $@"|(?<=[\p{{L}}\d)][_\-. ]+)({GermanWeek}[ _\-.]+{Year}{NoDigitBehind}|{Year}[ _\-.]?{GermanWeek}{NoWordBehind})";

    /// <summary>Behind words of times and of what is measured a number is the day of a date, and else that of a meter: Haus 7_03-2026.</summary>
    private const string NumberOfMeter =
        @"(?<=\p{L}(?<!(?<!\p{L})(?i:kw|w|wk|week|woche|month|monat|mois|mes|quartal|quarter|period|semaine|sem|vecka|uge|h|q|v|part|teil|export|data|daten|report|usage|verbrauch|strom|gas|water|wasser|electricity|energy)))[1-9][_\-]";

    /// <summary>31.01.2024, 01-2024.</summary>
    private const string DayFirst = $@"(?<!\d)(?!{NumberOfMeter})(\d{{1,2}}(?<sign>[_\-.])\d{{1,2}}\k<sign>|\d{{1,2}}[_\-.]){Year}{NoDigitBehind}";

    /// <summary>2024, Main2024, 2024-01, 2024_01_31, 20240131, 2024年1月, 2024 Q1; Pump2001 and T2019-A have numbers.</summary>
    private const string YearFirst =
        $@"{NoWordBefore}20[2-4]\d {Month}$"
        + $@"|({NoWordBefore}{Year}|(?<=\p{{L}}{{2}})20[1-4]\d|(?<=\p{{L}})20[1-4]\d(?!-\p{{L}}{NoWordBehind}))(年(\d{{1,2}}月(\d{{1,2}}日)?)?|([_\-.]?\d{{2}}){{0,2}})(?!\d|min)([_\-. ]?[qQ][1-4]{NoWordBehind})?";

    /// <summary>What stands before _02 in 01.2024_02 and before -30 in 31-01-2024_12-30, which are dates with something behind them.</summary>
    private const string OtherDateBefore = $@"(?<!(?<!\d)(\d{{1,2}}\k<last>\d{{1,2}}(?<last>[\-.]|_(?=\d{{4}}[_.]))|{Month}[\-.](?=\d{{4}}_))\d{{4}})";

    /// <summary>Months that are other words as well: only beside a year are they months.</summary>
    private static readonly FrozenSet<string> OtherWords =
        new[] { "out", "set", "ago", "mars", "gen", "lug", "mag", "mei", "maj", "giu", "lis", "lip", "lut", "sie", "mart" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Empty when the name is nothing else.</summary>
    public static string Strip(string name)
    {
        var text = Copies().Replace(name.Replace(Mark, '_'), "");
        text = ShortRanges().Replace(text, Mark.ToString());
        text = WholeMonths().Replace(text, match => IsMonth(match) ? Mark.ToString() : match.Value);
        text = YearsFirst().Replace(text, Mark.ToString());
        text = Dates().Replace(text, Mark.ToString());
        text = TimesOfDay().Replace(text, Mark.ToString());
        text = MonthsOfYears().Replace(text, match => IsMonth(match) ? Mark.ToString() : match.Value);
        text = LastMonth().Replace(text, match => IsMonth(match) && !OtherWords.Contains(match.Groups["month"].Value) ? $"{match.Groups["rest"].Value}{Mark}" : match.Value);
        text = Ranges().Replace(text, Mark.ToString());
        text = Corrections().Replace(text, Mark.ToString());
        return Copies().Replace(Marks().Replace(text, match => match.Index == 0 || match.Index + match.Length == text.Length ? "" : "_"), "").Trim('_', '-', ' ', '.', ',');
    }

    /// <summary>With its dates, and without what says which copy it is.</summary>
    public static string WithoutCopies(string name) => Copies().Replace(name, "");

    /// <summary>Whether a name says, behind something else, that it corrects another one.</summary>
    public static bool Corrects(string name) => Corrected().IsMatch(WithoutCopies(name));

    /// <summary>Whether two names have other dates, none of which is or lies within one of the other's however they are written, or one has a number that the other has not: either may be the number of a meter.</summary>
    public static bool HaveOtherNumbers(string name, string other)
    {
        var (own, others) = (NumbersIn(name), NumbersIn(other));
        return !AreMet(own.Dates, others.Dates) || own.Numbers.Exists(number => !Has(other, others.Dates, number)) || others.Numbers.Exists(number => !Has(name, own.Dates, number));

        static bool AreMet(List<string> dates, List<string> others) => (dates.Count == 0 && others.Count == 0)
            || dates.Exists(date => others.Exists(other => date.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(date, StringComparison.Ordinal)));

        static bool Has(string name, List<string> dates, string number) =>
            Numbers().Matches(name).Any(one => one.Value == number) || (IsYear(number) && dates.Exists(date => date.StartsWith(number, StringComparison.Ordinal)));
    }

    /// <summary>Dates as 2024, 202401, 20240131, 2024W03 or 2024Q01, and the numbers beside them, of which years are both.</summary>
    private static (List<string> Dates, List<string> Numbers) NumbersIn(string name)
    {
        var dates = new List<string>();
        var text = YearsBeforeMonths().Replace(Corrected().Replace(WithoutCopies(name), ""), TakeMonth);
        text = WholeDates().Replace(MonthsBeforeYears().Replace(text, TakeMonth), match => Take(match, TextOf(match, "part") is { Length: > 0 } part
            ? $"{(part[0] is 'q' or 'Q' ? 'Q' : 'W')}{TextOf(match, "number").PadLeft(2, '0')}"
            : TextOf(match, "month").PadLeft(2, '0') + (TextOf(match, "day") is { Length: > 0 } day ? day.PadLeft(2, '0') : "")));
        List<string> numbers = [.. Numbers().Matches(TimesOfDay().Replace(text, "")).Select(number => number.Value)];
        return ([.. dates, .. numbers.Where(IsYear)], numbers);

        string TakeMonth(Match match) => IsMonth(match) ? Take(match, $"{MonthNames.Find(TextOf(match, "month")):00}") : match.Value;

        string Take(Match match, string rest)
        {
            var year = TextOf(match, "year");
            dates.Add($"{(year.Length == 2 ? "20" : "")}{year}{rest}");
            return Mark.ToString();
        }

        static string TextOf(Match match, string group) => match.Groups[group].Value;
    }

    private static bool IsYear(string number) => number.Length == 4 && (number.StartsWith("19", StringComparison.Ordinal) || number.StartsWith("20", StringComparison.Ordinal));

    private static bool IsMonth(Match match) => MonthNames.Find(match.Groups["month"].Value) > 0;

    [GeneratedRegex($@"(?<=[\p{{L}}\d][^\p{{L}}]+)({Correcting}|new|(?-i:v)\d+){NoWordBehind}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrected();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex($@"{NoWordBefore}(?<year>{Year})[_\-. ,]*(?<month>\p{{L}}{{3,}}){NoWordBehind}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex YearsBeforeMonths();

    [GeneratedRegex($@"{NoWordBefore}(?<month>\p{{L}}{{3,}})[_\-. ,']*(?<year>{Year}|\d{{2}}){NoDigitBehind}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MonthsBeforeYears();

    /// <summary>2024-01, 20240131, 31.01.2024, 01-2024, 2024-W03, KW03_2024, Q1 2024.</summary>
    [GeneratedRegex(
        $@"{NoWordBefore}((?<year>{Year})(?<sign>[_\-.]?)(?<month>{Month})(\k<sign>(?<day>{Day}))?{NoDigitBehind}|(?<year>{Year})(?<sign>[_\-.]?)(?<month>{Month})(?<day>{Day})(?=(\d{{4}}|\d{{6}}){NoDigitBehind})"
        + $@"|((?<day>{ShortDay})(?<last>[_\-.])(?<month>0?[1-9]|1[0-2])\k<last>|(?<month>{Month})[_\-.])(?<year>{Year}){NoDigitBehind}"
        + $@"|(?<year>{Year})[_\-. ]?(?<part>w|kw|q)[_\-. ]?(?<number>\d{{1,2}}){NoDigitBehind}|(?<part>q|kw|week|wk|woche)[_\-. ]?(?<number>\d{{1,2}})[_\-. ]+(?<year>{Year}){NoDigitBehind})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex WholeDates();

    [GeneratedRegex(@"(?<=.)([ _\-]*(\(\d{1,3}\)|\[\d{1,2}\])|[ _\-]+(copy|kopie|copie|copia|kopia)([ _\-]*\(?\d{1,3}\)?)?)+\s*$|^(copy of|kopie von|copie de|copia de)\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Copies();

    /// <summary>01-01-24_to_01-02-24: alone either might be another number, unless it is a late day of a month: 31.01.24.</summary>
    [GeneratedRegex(
        $@"(?<!\d){ShortDay}(?<sign>[_\-.]){ShortDay}\k<sign>\d{{2}}{NoDigitBehind}[\W_]*{To}[\W_]*{ShortDay}\k<sign>{ShortDay}\k<sign>\d{{2}}{NoDigitBehind}|(?<=[_\- ])(1[3-9]|2\d|3[01])\.{Month}\.2\d$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ShortRanges();

    /// <summary>1-31 Jan: fewer days than those of a month may be the numbers of meters.</summary>
    [GeneratedRegex($@"{NoWordBefore}0?1\.?\s?[\-–]\s?(28|29|30|31)\.?[ _\-]+(?<month>\p{{L}}{{3,}}){NoWordBehind}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex WholeMonths();

    /// <summary>Dates that begin with their year, behind a number that is none of them: Main1_2024-01, 1_1_2024-06-13, T1_2024-Q1.</summary>
    [GeneratedRegex(
        $@"(?<=\d[_\-.]){Year}((?<sign>[_\-.]){Month}\k<sign>{Day}(?!\d|min)((?![_\-.]\d)|(?<!(?<!\d)\d{{1,2}}\k<sign>\d{{1,2}}\k<sign>\d{{4}}\k<sign>\d{{2}}\k<sign>\d{{2}}))"
        + $@"|-?[wW]{Week}{NoWordBehind}|[_\-. ]?[qQ][1-4]{NoWordBehind}|年(\d{{1,2}}月(\d{{1,2}}日)?)?"
        + $@"|{OtherDateBefore}[_\-.]{Month}(?!\d|[_\-.]\d(?!\d{{3}}[_\-.]\d{{2}}{NoDigitBehind}|\d?min)))",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex YearsFirst();

    [GeneratedRegex($"{QuarterOfYear}|{WeekOfYear}|{DayFirst}|{YearFirst}", RegexOptions.CultureInvariant)]
    private static partial Regex Dates();

    [GeneratedRegex("\uE000[_T\\- ]?(\\d{6}|\\d{4}|\\d{2}[\\-_.:]\\d{2}([\\-_.:]\\d{2})?)(?!\\d)", RegexOptions.CultureInvariant)]
    private static partial Regex TimesOfDay();

    /// <summary>Jan 2024, 31 Jan 2024, 2024-January, Jan-24, Jan24.</summary>
    [GeneratedRegex(
        "(?<![\\p{L}\\d])(\\d{1,2}[_\\-. ]?)?(?<month>\\p{L}{3,})[_\\-. ,']*\uE000|\uE000[_\\-. ,]*(?<month>\\p{L}{3,})(?![\\p{L}\\d])|(?<![\\p{L}\\d])(?<month>\\p{L}{3,})[_\\-. ']?\\d{2}(?!\\d)(?=[^\\p{L}]*$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex MonthsOfYears();

    /// <summary>A number in front of a month that is all of a name is its own: 01 January.</summary>
    [GeneratedRegex("(^\\d{1,2}[_\\-. ]+|(?<rest>^|[^\\p{L}\\d]))(?<month>\\p{L}{3,})[\\W_\uE000]*$", RegexOptions.CultureInvariant)]
    private static partial Regex LastMonth();

    [GeneratedRegex($"\uE000([\\W_]*{To}[\\W_]*\uE000)+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ranges();

    // A V2 may be a meter.
    [GeneratedRegex($"(?<=[\\p{{L}}\\d].*)\uE000([\\W_]*({Correcting}|new|(?-i:v)\\d+)(?![\\p{{L}}\\d]))+[\\W_]*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrections();

    [GeneratedRegex("[_\\-. ,(\\[]*\uE000[_\\-. ,)\\]]*", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();
}
