using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports;

/// <summary>Headers of columns that are no values.</summary>
internal static partial class HeaderWords
{
    public static bool NamesTime(string header) => Time().IsMatch(header);

    public static bool NamesEquipment(string header) => Equipment().IsMatch(header);

    /// <summary>What the header says about its labels, as <c>Hour Ending</c> or <c>Start Date</c> do.</summary>
    public static LabelMeaning? LabelOf(string header) =>
        End().IsMatch(header) ? LabelMeaning.End : Start().IsMatch(header) ? LabelMeaning.Start : null;

    [GeneratedRegex(@"time|date|hour|stamp|zeit|datum|\bts\b|interval", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(
        @"^\s*(equipment|meter|device|asset|sensor|building|unit|machine|zone)([ _-]?(id|name|number|no|nr|code|serial))?\.?\s*$|^(equipmentid|meterid|deviceid)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Equipment();

    [GeneratedRegex(@"\b(end|ending|ended|to|until)\b|_end\b|hourending", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex End();

    [GeneratedRegex(@"\b(start|starting|begin|beginning|from)\b|_start\b|hourbeginning", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Start();
}
