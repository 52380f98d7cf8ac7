using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>The code by which meters of electricity name what they count (IEC 62056-61): <c>1-0:1.8.0*255</c>, <c>2.29.0</c>.</summary>
/// <param name="IsExport">Whether it flows out.</param>
/// <param name="Processing">How it is counted: its group D.</param>
internal sealed partial record ObisCode(Match Place, bool IsExport, int Processing, string Tariff)
{
    // Since the meter began to count.
    private const int Register = 8;

    // Since a period of bills began, and in each interval of a profile.
    private static readonly int[] Amounts = [9, 29, 30];

    // Means of an interval that runs or is over, and of this moment.
    private static readonly int[] Powers = [4, 5, 7, 14, 15, 24, 25, 27];

    private static readonly string[] Places =
        ["circuit", "circuits", "breaker", "panel", "board", "feeder", "room", "floor", "flat", "apartment", "raum", "etage", "wohnung", "stromkreis", "abgang", "circuito", "départ"];

    private static readonly int[] Greatest = [1, 2, 3, 6, 11, 12, 13, 16];

    /// <summary>Null where a text has none of active energy or power.</summary>
    public static ObisCode? Find(string text)
    {
        if (Active().Match(text) is not { Success: true } place)
        {
            return null;
        }

        var code = new ObisCode(place, place.Groups["direction"].Value == "2", int.Parse(place.Groups["processing"].ValueSpan, CultureInfo.InvariantCulture), place.Groups["tariff"].Value);
        // Three numbers behind a name are those of rooms and circuits; meters have shown their registers so since long ago, but under a tariff where they say where they are.
        var beside = HeaderReader.Read(text.Remove(place.Index, place.Length));
        return code.IsWhole || (code.Processing == Register && (code.Tariff == "0" || !new HeaderWords(beside.Rest).Any(Places))) || code.IsBeside(beside) ? code : null;
    }

    /// <summary>Whether a text is that of reactive or apparent energy.</summary>
    public static bool IsReactive(string text) => Reactive().IsMatch(text);

    /// <summary>Whether it is a greatest or least power.</summary>
    public bool IsExtreme => Greatest.Contains(Processing);

    /// <summary>What it says that values of a unit are; null where it says nothing of them. Three numbers alone may be anything.</summary>
    /// <param name="unit">Null where none stands beside it.</param>
    public Metric? MetricOf(Unit? unit) => MetricCatalogue.Find(unit?.Dimension switch
    {
        null or Dimension.Energy when Processing == Register => IsExport ? "energy_export_register" : "energy_import_register",
        null or Dimension.Energy when Amounts.Contains(Processing) && (unit is not null || IsSure) => "energy",
        null when Powers.Contains(Processing) && IsWhole => "active_power",
        Dimension.ActivePower when Amounts.Contains(Processing) || Powers.Contains(Processing) => "active_power",
        _ => "",
    });

    private bool IsSure => IsWhole || (Processing > Register && Tariff == "0");

    private bool IsWhole => Place.Groups["medium"].Success || Place.Groups["end"].Success;

    /// <summary>Whether nothing but a unit stands beside it, or where it is of no tariff what is counted, or the long number of a meter.</summary>
    private bool IsBeside(HeaderReading other) => other is { Sure: false, Rest.Length: 0 }
        || (Tariff == "0" && (PartNames.NameNoMeter(other.Rest) || Words().Matches(other.Rest).All(word => DeviceNames.IsQuantity(word.Value)) || LongNumber().IsMatch(other.Rest)));

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^\W*[A-Z]{0,3}\d{4,}\W*$", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"(?<![\d.])(?<medium>\d-\d+:)?(?<direction>[12])\.(?<processing>\d{1,2})\.(?<tariff>\d)(?<end>\*\d+)?(?![\d.])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Active();

    [GeneratedRegex(@"^(1-\d+:)?([3-9]|10)\.(8|9|29|30)\.\d(\*\d+)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Reactive();
}
