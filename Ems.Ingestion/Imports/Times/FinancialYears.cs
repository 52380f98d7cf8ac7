using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Reads years that are called by the two that they lie in: <c>2021/22</c>, <c>2021-2022</c>, <c>FY21/22</c>.</summary>
internal static partial class FinancialYears
{
    private const int LongestText = 25;

    /// <summary>The year that it begins in; null for anything else.</summary>
    public static int? In(in Cell cell)
    {
        if (cell is not { Kind: CellKind.Text, Text.Length: <= LongestText } || Years().Match(cell.Text!.Trim()) is not { Success: true } found)
        {
            return null;
        }

        var (first, second) = (NumberOf(found.Groups["first"]), NumberOf(found.Groups["second"]));
        return (first + 1) % 100 == second % 100 && (found.Groups["second"].Length == 2 || WrittenTime.FullYear(first) + 1 == second) ? WrittenTime.FullYear(first) : null;
    }

    private static int NumberOf(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^((FY|F\.Y\.|fiscal(\s+year)?|financial\s+year|year|GJ|saison|season)\s*)?'?(?<first>(19|20)?\d\d)\s?[/–-]\s?'?(?<second>((19|20)?\d\d))$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Years();
}
