using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Ems.Ingestion.Sites;

/// <summary>Names of zones that keep one offset all year, as loggers do that stay on winter time.</summary>
internal static partial class FixedZones
{
    /// <summary>The name of an offset; null where the tz database has none, as of what is no whole hour.</summary>
    public static string? NameOf(Offset offset)
    {
        // The sign of these names is the other way round.
        var hours = -offset.Seconds / NodaConstants.SecondsPerHour;
        var name = hours == 0 ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{hours:+0;-0}");
        return offset.Seconds % NodaConstants.SecondsPerHour == 0 && SiteZones.IsIana(name) ? name : null;
    }

    /// <summary>The name for <c>UTC+01:00</c>, <c>GMT+1</c> or <c>+01:00</c>; null for other texts.</summary>
    public static string? Find(string text) =>
        Written().Match(text) is { Success: true } match && int.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture) is <= 14 and var hours
            ? NameOf(Offset.FromHours(match.Groups["sign"].Value == "+" ? hours : -hours)) : null;

    [GeneratedRegex(@"^\s*(utc|gmt)?\s*(?<sign>[+−-])\s*(?<hours>\d{1,2})(:?00)?\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
