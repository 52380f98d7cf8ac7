using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Knows energies that are not what was counted in a row: means, plans, differences from them, what would have been used in other weather, and running totals of what stands beside them.</summary>
internal sealed partial class OtherAmounts
{
    private const string WhatWasUsed = "actual|actuals|ist|réel|réelle|real|reale|werkelijk";

    private const string Year = @"(consommation|conso|consumption|usage|verbrauch|année|year)\s+";

    private const string Means = @"avg|average|mean|mittelwert|durchschnitt\p{L}*|moyenne|moy\.|promedi\p{L}*|gemiddelde?|gem\.|genomsnitt\p{L}*|gennemsnit\p{L}*|snitt|keskiarvo|průměr|átlag|ortalama|prosjek|среднее|平均|snitteffekt|[śs]redni\p{L}*|ø";

    /// <summary>Words for what differs from a plan.</summary>
    public const string Deviations = "variance|deviation|abweichung(en)?|écart|ecart|scostamento|desviación|desviacion|afwijking|avvikelse|avvik|afvigelse|poikkeama|odchylenie|odchylka|odchýlka|eltérés|abatere|απόκλιση|sapma|отклонение|відхилення";

    /// <summary>Words for what is less or more than something else, or was used between two readings.</summary>
    public const string DifferenceWords = "diff(erence)?|differenz|différence|diferencia|differenza|verschil|savings?|einsparung";

    // What would have been used in the weather of a usual year.
    private const string Weather = @"(weather|climate|temperature|hdd|degree[\s-]*days?)[\s-]*(corrected|adjusted|normali[sz]ed)|normali[sz](ed|[ée]{1,2}s?|ad[oa]s?|at[oaie]|era[dt]e?|er[et]{1,2}|iert\p{L}*|ovan\p{L}*)|corrected\s+for\s+(the\s+)?(weather|climate|temperature|degree[\s-]*days?)"
        + @"|(witterung|wetter|klima|temperatur|(heiz)?gradtag(zahl)?)(s|en)?[\s-]*(korrigiert|normiert)\p{L}*|((witterung|wetter|klima|temperatur|(heiz)?gradtag(zahl)?)(s|en)?[\s-]*)?bereinigt\p{L}*"
        + @"|(normalår|graddag|väder|vejr|vær|klimat?|temperatur|energiindex|gaf)[es]{0,2}[\s-]*(korriger|juster)\p{L}*|(sää|lämmitystarve)korjattu\p{L}*|normeerattu\p{L}*|normitettu\p{L}*"
        + @"|corrigée?s?\s+((des?|du|par|selon|pour)\s+)?((les?|la)\s+)?(dju|climat\p{L}*|météo\p{L}*|rigueur|variations\s+climatiques|aléas\s+climatiques)|(dju|climat)[\s-]*corrigée?s?"
        + @"|(graaddag(en)?|weers?|klimaat|temperatuur)[\s-]*gecorrigeerde?|gecorrigeerde?\s+(voor\s+)?(het\s+)?(graaddag|weer|klimaat|temperatuur)\p{L}*|genormaliseerde?"
        + @"|corregid[oa]s?\s+(por|según)\s+(el\s+|la\s+|los\s+)?(grados|clima|temperatura)\p{L}*|corrett[oaie]\s+(per\s+)?(i\s+|il\s+)?(gradi|gg|clima)\p{L}*|znormalizowan\p{L}*|(skorygowan|přepočten)\p{L}*\s+(o\s+|na\s+)?(stopniodni|pogod|denostupn)\p{L}*";

    private static readonly string[] OfWhatWasUsed = WhatWasUsed.Split('|');

    private static readonly (string Old, string New)[] OldAndNew =
    [
        ("old", "new"), ("before", "after"), ("previous", "current"), ("previous", "this"), ("alt", "neu"), ("vorher", "nachher"), ("ancien", "nouveau"), ("avant", "après"), ("antes", "después"),
        ("viejo", "nuevo"), ("prima", "dopo"), ("vecchio", "nuovo"), ("oud", "nieuw"), ("voor", "na"), ("före", "efter"), ("gammal", "ny"), ("przed", "po"), ("před", "po"),
    ];

    private readonly List<Named> _columns;
    private readonly ILookup<string, Named> _byWord;
    private readonly ILookup<string, Named> _byName;
    private readonly ILookup<string, ValueColumn> _usedOf;
    private readonly Lazy<IEnumerable<ValueColumn>> _ofThisYear;

    /// <param name="columns">Energies of one table.</param>
    public OtherAmounts(IEnumerable<ValueColumn> columns)
    {
        _columns = [.. columns.Select(column => new Named(column, column.Name))];
        // Of thousands of columns each is compared with few.
        _byWord = _columns.SelectMany(column => column.Words.Select(word => (word, column))).ToLookup(entry => entry.word, entry => entry.column, StringComparer.OrdinalIgnoreCase);
        _byName = _columns.ToLookup(column => column.Name, StringComparer.OrdinalIgnoreCase);
        _usedOf = _columns.Select(column => (Thing: ThingIn(UsedOf(), column.Name), column.Column)).Where(used => used.Thing is not null).ToLookup(used => used.Thing!, used => used.Column, StringComparer.OrdinalIgnoreCase);
        _ofThisYear = new(FindThisYear);
    }

    /// <summary>Whether a header says so; 15 min are the length of an interval.</summary>
    public static bool AreNamedIn(string header) => Words().IsMatch(PlainText.Of(header).Replace('_', ' '));

    /// <summary>Whether a header says that it is a mean; what is in the middle may be a place, and is a mean of powers alone.</summary>
    public static bool IsMean(string header) => MeanOfPower().IsMatch(PlainText.Of(header).Replace('_', ' '));

    /// <summary>What a name that <see cref="AreNamedIn"/> says beside that.</summary>
    public static string WithoutWords(string name) => Words().Replace(PlainText.Of(name).Replace('_', ' '), " ").Trim(' ', '-', '–', ':', ',', '(', ')');

    /// <summary>Whether a name says what was really used, and no more.</summary>
    public static bool AreUsed(string name) => new HeaderWords(name) is { Count: > 0 } words && words.Except(OfWhatWasUsed).Count == 0;

    /// <summary>Whether a name is of what was used in another year, and no more: <c>N-1</c>, <c>Actual 2023</c>. Feeders are called <c>Feeder N-1</c>.</summary>
    public static bool AreOfOtherYear(string name) => OtherYear().IsMatch(PlainText.Of(name).Trim());

    /// <summary>What a name says beside words for what was corrected: <c>Gasverbruik</c> of <c>Gasverbruik gecorrigeerd</c>; null where it has none, or something else behind them.</summary>
    public static string? CorrectedOf(string name) => Corrected().Match(PlainText.Of(name).Trim()) is { Success: true } found ? found.Groups["thing"].Value.Trim(' ', ',', '(', '-') : null;

    /// <summary>Whether two names say which of two times or states they are of, and no more: <c>Old</c> and <c>New</c>.</summary>
    public static bool AreOldAndNew(string one, string other) => Array.Exists(OldAndNew, pair => (Is(one, pair.Old) && Is(other, pair.New)) || (Is(one, pair.New) && Is(other, pair.Old)));

    private static bool Is(string name, string word) => name.Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a column is a mean, a plan or the like of: its name says nothing else, as that of <c>Max Planck Hall</c> does.</summary>
    public IEnumerable<ValueColumn> CountedBeside(ValueColumn column) =>
        AreNamedIn(column.Header) ? HavingAllOf(column).Where(other => !other.IsOtherAmount && (!AreCorrected(column.Header) || AreOfOneCarrier(column.Header, other.Column.Header))).Select(other => other.Column) : [];

    /// <summary>Whether a header says that it is what would have been used in other weather.</summary>
    public static bool AreCorrected(string header) => OfWeather().IsMatch(PlainText.Of(header).Replace('_', ' '));

    private static bool AreOfOneCarrier(string one, string other) => Carriers.Find(one) is not { } carrier || (Carriers.Find(other) ?? carrier) == carrier;

    /// <summary>What was really used, where a column is headed as a difference or another year beside it. Beside what registers showed a difference is what was used.</summary>
    public IEnumerable<ValueColumn> UsedBeside(ValueColumn column) => AreOfOtherYear(column.Name) ? _ofThisYear.Value
        : ThingIn(OtherYearOf(), column.Name) is { } thing ? _usedOf[thing]
        : Differences().IsMatch(PlainText.Of(column.Header)) ? HavingAllOf(column).Where(other => new HeaderWords(other.Column.Header).Any((IEnumerable<string>)OfWhatWasUsed)).Select(other => other.Column) : [];

    private static string? ThingIn(Regex pattern, string name) => pattern.Match(PlainText.Of(name).Trim()) is { Success: true } found ? found.Groups["thing"].Value : null;

    /// <summary>What another year may stand beside; nothing where letters and numbers are the names of meters, as N-1, N-2 and S are.</summary>
    private IEnumerable<ValueColumn> FindThisYear() => _columns.Exists(column => Lettered().IsMatch(column.Name)) ? []
        : [.. _columns.Where(column => AreUsed(column.Name) || ThisYear().IsMatch(column.Name) || (column.Name.Length == 0 && new HeaderWords(column.Column.Header).Any("consommation", "consumption"))).Select(column => column.Column)];

    /// <summary>What a column says was really used, and no more; null where none does, or several. Energy that is real is active.</summary>
    public ValueColumn? Used => _columns.FindAll(column => AreUsed(column.Name) && !(new HeaderWords(column.Column.Header) is var words && words.Any("real", "reale") && words.Any("energy", "power", "energía", "energia"))) is [var used] ? used.Column : null;

    /// <summary>What a column is called the total of, and nothing else.</summary>
    public IEnumerable<ValueColumn> SummedUpBy(ValueColumn column) =>
        PartNames.HaveSum(column.Name) ? _byName[PartNames.WithoutSums(column.Name)].Where(other => !PartNames.HaveSum(other.Name)).Select(other => other.Column) : [];

    /// <summary>The header of what a column has the part of that swings with the grid, as <c>a_fund_act_energy</c> has of <c>a_total_act_energy</c>; null where it is none.</summary>
    public static string? WholeOf(string header) => Fundamental().IsMatch(header) ? Fundamental().Replace(header, "total") : null;

    /// <summary>Columns whose names have all the words of its own that a column has.</summary>
    private IEnumerable<Named> HavingAllOf(ValueColumn column)
    {
        var own = Names().Matches(Differences().Replace(Words().Replace(PlainText.Of(column.Name).Replace('_', ' '), " "), " ")).Select(match => match.Value)
            .Where(word => !DeviceNames.IsQuantity(word) && !GeneralNames.HaveAny(word) && !(word.Length > 1 && char.IsLetter(word[0]) && Units.TryParse(word, out _))).ToList();
        return (own.Count == 0 ? _columns : own.Select(word => _byWord[word]).MinBy(columns => columns.Count())!)
            .Where(other => other.Column.Index != column.Index && own.TrueForAll(other.Words.Contains));
    }

    private sealed class Named(ValueColumn column, string name)
    {
        public ValueColumn Column => column;

        public string Name => name;

        public HashSet<string> Words { get; } = Names().Matches(PlainText.Of(name)).Select(match => match.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

        public bool IsOtherAmount { get; } = AreNamedIn(column.Header);
    }

    [GeneratedRegex(@"(?<!\p{L})fund(amental)?(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fundamental();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex(
        @"(?<!\p{L})((?<!\d[\s-]*)min|max|minimum|maximum|" + Means + @"|median|std(ev)?|factor|faktor|targets?|budget(ed)?|plan(ned|lagt|erat)?|forecast|predicted|modell?ed|prognose[dn]?|prévu(e|es|s)?|previsto|prevista|baseline|soll|ziel|vorjahr|spec|specific|theoretical|expected|apparent"
        + "|" + Deviations + @"|ytd|year\s+to\s+date|" + Weather
        + @"|(last|previous|prior)\s+(year|month|week))(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<!\p{L})(" + Weather + @")(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfWeather();

    [GeneratedRegex(@"^((" + Year + @")?n\s?[-–−]\s?\d|(" + WhatWasUsed + @")\s+(19|20)\d\d)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OtherYear();

    [GeneratedRegex(@"^(?<thing>.*[\p{L}\p{M}\p{N})])[\s_]+(" + WhatWasUsed + ")$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex UsedOf();

    [GeneratedRegex(@"^(?<thing>.*[\p{L}\p{M}\p{N})])[\s_]+((" + Year + @")?n\s?[-–−]\s?\d|(" + WhatWasUsed + @")\s+(19|20)\d\d)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OtherYearOf();

    [GeneratedRegex(@"^(" + Year + @")?n$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ThisYear();

    [GeneratedRegex(@"^(?!n(\s?[-–−]\s?1)?$)\p{L}(\s?[-–−]?\s?\d+)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Lettered();

    [GeneratedRegex(@"(?<!\p{L})(" + Means + @"|mitt(el|l)\p{L}*|medi[ao])(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MeanOfPower();

    [GeneratedRegex(@"^(?<thing>.+?)[\s_(,-]+(" + Weather + @"|(((pressure|volume|druk|druck|volumen)[\s-]+)?(gecorrigeerde?|korrigiert\p{L}*|corrigée?s?|corrected|adjusted|corrett[oaie]|corregid[oa]s?|korriger\p{L}*|skorygowan\p{L}*|korigovan\p{L}*)))\)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrected();

    [GeneratedRegex(@"(?<!\p{L})(" + DifferenceWords + @")(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Differences();
}
