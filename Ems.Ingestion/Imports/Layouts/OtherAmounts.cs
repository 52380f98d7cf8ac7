using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows headers of energies that are not what was counted in a row: means, plans, differences from them, and running totals of what stands beside them.</summary>
internal static partial class OtherAmounts
{
    /// <summary>Whether a header says so; 15 min are the length of an interval.</summary>
    public static bool AreNamedIn(string header) => Words().IsMatch(PlainText.Of(header).Replace('_', ' '));

    /// <summary>Whether a column is one of what another one counts: its name says nothing else, as that of <c>Max Planck Hall</c> does.</summary>
    public static bool AreOf(ValueColumn column, ValueColumn other) => AreNamedIn(column.Header) && !AreNamedIn(other.Header) && SayNoMore(column, other);

    /// <summary>Whether a column is headed as a difference beside what was really used. Beside what registers showed it is what was used.</summary>
    public static bool MayBeDifferences(ValueColumn column, ValueColumn other) => Differences().IsMatch(PlainText.Of(column.Header))
        && new HeaderWords(other.Header).Any("actual", "actuals", "ist", "réel", "réelle", "real", "reale", "werkelijk") && SayNoMore(column, other);

    private static bool SayNoMore(ValueColumn column, ValueColumn other) =>
        Names().Matches(Differences().Replace(Words().Replace(PlainText.Of(column.Name).Replace('_', ' '), " "), " ")).Select(match => match.Value)
            .Where(word => !DeviceNames.IsQuantity(word) && !GeneralNames.HaveAny(word) && !(word.Length > 1 && char.IsLetter(word[0]) && Units.TryParse(word, out _)))
            .All(word => Names().Matches(PlainText.Of(other.Name)).Any(match => match.Value.Equals(word, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether a column is the part of another one that has the frequency of the grid: <c>a_fund_act_energy</c> of <c>a_total_act_energy</c>.</summary>
    public static bool IsFundamentalOf(ValueColumn column, ValueColumn other) => column.Header != other.Header && Fundamental().Replace(column.Header, "total").Equals(other.Header, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a column is called the total of another one, and nothing else.</summary>
    public static bool MayBeTotal(ValueColumn column, ValueColumn other) =>
        PartNames.HaveSum(column.Name) && !PartNames.HaveSum(other.Name) && PartNames.WithoutSums(column.Name).Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<!\p{L})fund(amental)?(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fundamental();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex(
        @"(?<!\p{L})((?<!\d[\s-]*)min|max|minimum|maximum|avg|average|mean|median|std(ev)?|mittelwert|durchschnitt|moyenne|factor|faktor|targets?|budget(ed)?|plan(ned)?|forecast|baseline|soll|ziel|vorjahr|spec|specific|theoretical|expected|apparent"
        + @"|variance|deviation|abweichung(en)?|écart|ecart|scostamento|desviación|desviacion|afwijking|avvikelse|avvik|ytd|year\s+to\s+date"
        + @"|(last|previous|prior)\s+(year|month|week))(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<!\p{L})(diff(erence)?|differenz|différence|diferencia|differenza|verschil|savings?|einsparung)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Differences();
}
