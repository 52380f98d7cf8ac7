using System.Text.RegularExpressions;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Says what to do about units that are not known.</summary>
internal static partial class UnknownUnits
{
    /// <summary>What is wrong with the unit of a row, and the ways out.</summary>
    public static string Advise(string unit) => $"The unit {unit} is not known. "
        + (Pounds().IsMatch(unit) ? "A thousand pounds of steam are klb, a million are million lb: write that in its place, or "
        : Tons().IsMatch(unit) ? "A ton of refrigeration is 3.517 kW, and what it cools in an hour a ton hour: write kW and the number in it, or ton hour, in its place, or "
        : "Write one that is in its place, such as kWh, kW or m³, and the number in it, or ")
        + "send these rows alone with a metric of your own in the mapping.";

    [GeneratedRegex(@"^(k|m|thousand )?(lbs?|pounds?)\.?(/h(r|our)?)?$|^mlb$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pounds();

    [GeneratedRegex(@"^(rt|tr|tons?|tons? (of )?refrigeration|refrigeration tons?|tonr)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tons();
}
