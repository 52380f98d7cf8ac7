using System.Globalization;
using System.Xml;
using Ems.Ingestion.Sites;

namespace Ems.Ingestion.Files;

/// <summary>The local time of a Green Button feed (<c>LocalTimeParameters</c>): how far it is from UTC, and when its clocks change.</summary>
/// <param name="Offset">From UTC in winter, in seconds; null where it says none.</param>
/// <param name="Summer">By how much clocks are put forward, in seconds.</param>
/// <param name="Start">The rule of the day on which they are, of 32 bits in hexadecimal.</param>
internal sealed record GreenButtonZone(int? Offset, int Summer, string Start, string End)
{
    private const int OneHour = 3_600;
    private const int OneDay = 24 * OneHour;

    // The second Sunday of March and the first of November, at two: the rules of the United States and of Canada since 2007.
    private const string AmericanStart = "360E2000";
    private const string AmericanEnd = "B40E2000";

    // At other offsets with these rules stand Halifax or Anchorage, or feeds that give the offset of their summer.
    private static readonly Dictionary<int, string> American = new()
    {
        [-5 * OneHour] = "America/New_York",
        [-6 * OneHour] = "America/Chicago",
        [-7 * OneHour] = "America/Denver",
        [-8 * OneHour] = "America/Los_Angeles",
    };

    private bool HasRules => $"{Start}{End}".Trim('0').Length > 0;

    /// <summary>IANA name; null where it is not known for certain.</summary>
    public string? Id => Offset is not { } offset || Math.Abs(offset) > OneDay ? null
        : Summer == 0 && !HasRules ? FixedZones.NameOf(NodaTime.Offset.FromSeconds(offset))
        : Summer == OneHour && (Start, End) == (AmericanStart, AmericanEnd) ? American.GetValueOrDefault(offset) : null;

    /// <summary>That of the current element.</summary>
    public static GreenButtonZone Read(XmlReader reader)
    {
        var zone = new GreenButtonZone(null, 0, "", "");
        var buffer = new char[64];
        var content = reader.Content();
        while (content.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                zone = reader.LocalName switch
                {
                    "tzOffset" => zone with { Offset = int.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) ? offset : null },
                    // Where it cannot be read, nothing is known of its summer.
                    "dstOffset" => zone with { Summer = int.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var summer) ? summer : -1 },
                    "dstStartRule" => zone with { Start = Text().ToUpperInvariant() },
                    "dstEndRule" => zone with { End = Text().ToUpperInvariant() },
                    _ => zone,
                };
            }
        }

        return zone;

        string Text() => new string(buffer, 0, reader.ReadText(buffer)).Trim();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"tzOffset {Offset}, dstOffset {Summer}, dstStartRule {Start}, dstEndRule {End}");
}
