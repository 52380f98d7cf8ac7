using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Tells gas where nothing names it, from what only gas is counted in or corrected by.</summary>
internal static partial class GasEvidence
{
    // What turns volumes of gas into energy.
    private static readonly string[] Factors = ["brennwert", "zustandszahl", "calorific"];

    // Of others as well: only beside volumes and their energy, where nothing else flows.
    private static readonly string[] Conversions = ["coefficient", "coeff", "factor", "facteur"];

    // kWh in a cubic metre of natural gas, at whatever pressure.
    private const double LeastOfGas = 7;
    private const double MostOfGas = 14;

    // As French and Italian name them beside their unit; alone they are pieces.
    private static readonly string[] Calories = ["pcs", "pci"];
    private static readonly string[] OfCalories = ["kwh", "m3", "m³", "nm3", "mj"];

    // German and English: Norm- und Betriebsvolumen, volume at base and at measurement conditions.
    private static readonly (string Standard, string Measured)[] Pairs = [("vn", "vb"), ("vb", "vm")];

    /// <summary>The first column of such factors; null where there is none.</summary>
    /// <param name="carrier">What the texts around the table say that flows; null where they do not.</param>
    public static (int Index, string Header)? FindFactor(SheetTable table, string? carrier = null) =>
        table.Columns.Where(column => NamesFactor(new HeaderWords(table.HeaderOf(column)))).Cast<int?>().FirstOrDefault() is { } factor ? (factor, table.HeaderOf(factor))
        : table.Columns.Where(column => NamesConversion(new HeaderWords(table.HeaderOf(column)))).Cast<int?>().FirstOrDefault() is { } conversion && AreVolumesOfEnergy(table, carrier) ? (conversion, table.HeaderOf(conversion))
        : null;

    /// <summary>Why it is gas; null where nothing shows it.</summary>
    /// <param name="ofRows">Units that the rows say.</param>
    /// <param name="factor">Header of the factor that it has; null where it has none.</param>
    public static string? Find(IEnumerable<string> units, IReadOnlyCollection<string> ofRows, string? factor) =>
        units.Concat(ofRows).Select(unit => Units.TryParse(unit, out var known) ? known.Symbol : "").Distinct().ToList() is ["therm" or "Dth"] ? "gas is counted in therms"
        : ofRows.Count > 0 && ofRows.All(AreByCalorificValue) ? "its energy is by a calorific value"
        : factor is not null ? $"the column {factor} is one of gas" : null;

    /// <summary>The column of the volume at the pressure that gas is billed at, as a corrector shows it beside the one that it has measured; null where there is none.</summary>
    public static int? FindStandardVolume(SheetTable table)
    {
        var volumes = table.Columns.Select(column => (Column: column, Reading: HeaderReader.Read(table.HeaderOf(column))))
            .Where(volume => volume.Reading is { Metric: null, Unit.Dimension: Dimension.Volume }).ToLookup(volume => volume.Reading.Rest.Trim().ToLowerInvariant(), volume => volume.Column);
        return Pairs.Where(pair => volumes[pair.Standard].Count() == 1 && volumes[pair.Measured].Any()).Select(pair => (int?)volumes[pair.Standard].First()).FirstOrDefault();
    }

    /// <summary>Whether a text has a unit that says by which calorific value energy was counted, as <c>kWh Hs</c> and <c>kWh PCS</c> do.</summary>
    public static bool AreByCalorificValue(string text) => ByCalorificValue().IsMatch(text);

    private static bool NamesConversion(HeaderWords header) => header.Any("conversion") && header.Any((IEnumerable<string>)Conversions) && header.Except([.. Conversions, "conversion", "de", "of", .. OfCalories]).Count == 0;

    private static bool AreVolumesOfEnergy(SheetTable table, string? carrier)
    {
        var readings = table.Columns.Select(column => (Column: column, Reading: HeaderReader.Read(table.HeaderOf(column)))).ToList();
        return carrier is null or Carriers.Gas && table.Columns.All(column => Carriers.Find(table.HeaderOf(column)) is null or Carriers.Gas)
            && readings.FindAll(entry => entry.Reading.Unit?.Symbol == "m³") is [var volume] && readings.FindAll(entry => entry.Reading is { Metric.Name: "energy", Unit.Symbol: "kWh" }) is [var energy]
            && table.Rows.Select(row => NumberOf(row[energy.Column]) / NumberOf(row[volume.Column])).Where(ratio => ratio is > 0 and < double.PositiveInfinity).ToList() is { Count: > 0 } ratios
            && ratios.TrueForAll(ratio => ratio is > LeastOfGas and < MostOfGas);
    }

    private static double? NumberOf(in Cell cell) => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true);

    private static bool NamesFactor(HeaderWords header) => header.Any((IEnumerable<string>)Factors)
        || (header.Any((IEnumerable<string>)Calories) && header.Any((IEnumerable<string>)OfCalories));

    [GeneratedRegex(@"(?<!\p{L})(?i:[kmg]?wh)[\s_(]*(Hs|Ho|Hi|Hu|(?i:pcs|pci|gcv|ncv|hhv|lhv))(?!\p{L})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ByCalorificValue();
}
