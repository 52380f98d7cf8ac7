using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows headers of energies that are not what was counted in a row: means, plans, and running totals of what stands beside them.</summary>
internal static partial class OtherAmounts
{
    /// <summary>Whether a header says so; 15 min are the length of an interval.</summary>
    public static bool AreNamedIn(string header) => Words().IsMatch(PlainText.Of(header).Replace('_', ' '));

    /// <summary>Whether a column is called the total of another one, and nothing else.</summary>
    public static bool MayBeTotal(ValueColumn column, ValueColumn other) =>
        PartNames.HaveSum(column.Name) && !PartNames.HaveSum(other.Name) && PartNames.WithoutSums(column.Name).Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"(?<!\p{L})((?<!\d[\s-]*)min|max|minimum|maximum|avg|average|mean|mittelwert|durchschnitt|moyenne|factor|faktor|targets?|budget(ed)?|plan(ned)?|forecast|baseline|soll|ziel|vorjahr|spec|specific|apparent"
        + @"|(last|previous|prior)\s+(year|month|week))(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
