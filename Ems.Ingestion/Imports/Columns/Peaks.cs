using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Knows powers of months and days that are the greatest of them, were agreed or are billed, and no means.</summary>
internal sealed partial class Peaks(SheetTable table, TimeColumns time)
{
    private const int FewestMonths = 3;
    private const double Rounding = 1.1;

    private static readonly Duration ShortestMonth = Duration.FromDays(28);

    private readonly Lazy<List<(int Column, HeaderReading Reading)>> _energies = new(() => [.. table.Columns.Select(column => (column, HeaderReader.Read(table.HeaderOf(column))))
        .Where(column => column.Item2.Metric?.Dimension == Dimension.Energy && table.HoldsNumbers(column.column))]);
    private readonly Lazy<Duration?> _rows = new(() => time.AreMonths(table) ? ShortestMonth : new ColumnEvidence(table, time).StepOfRows() is { } step && step >= Duration.FromDays(1) ? step : null);

    /// <summary>Whether a power is called so beside the energy of a month or a bill, or stands there alone, and names no plant or device.</summary>
    /// <param name="isTold">Whether the sender says what the values are.</param>
    public bool AreNamedBy(HeaderReading reading, string header, bool isTold) =>
        reading.Metric?.Dimension is Dimension.ActivePower or Dimension.ApparentPower && OfDemand().IsMatch(header) && !OtherAmounts.IsMean(header) && !DeviceNames.MayUse(reading.Rest) && !Productions.HavePlant(header) && _rows.Value >= ShortestMonth && (_energies.Value.Count > 0 || (reading.Unit is not null && !isTold));

    /// <summary>Whether a power without a name is above the mean that the energy beside it makes of its months, in all rows.</summary>
    public bool AreShown(int column, HeaderReading reading)
    {
        if (reading is not { Metric.Dimension: Dimension.ActivePower, Rest.Length: 0, Unit: { } unit } || OtherAmounts.IsMean(table.HeaderOf(column)) || table.Told is not null
            || _energies.Value is not [(var energy, { Metric.Kind: QuantityKind.Interval, Rest.Length: 0, Unit: { } ofEnergy })] || !(_rows.Value >= ShortestMonth))
        {
            return false;
        }

        // A day of spring has an hour less.
        var hours = ShortestMonth.TotalHours - 1;
        var rows = table.Rows.Select(row => (Power: NumberIn(row[column]), Energy: NumberIn(row[energy]))).Where(row => row is { Power: not null, Energy: > 0 }).ToList();
        return rows.Count >= FewestMonths && rows.TrueForAll(row => unit.ToCanonical(row.Power!.Value) > ofEnergy.ToCanonical(row.Energy!.Value) / hours * Rounding);
    }

    private static double? NumberIn(in Cell cell) => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true);

    [GeneratedRegex(
        @"(?<!\p{L})(demand|contract|contrat|sanction|subscri|souscri|suscri|vertrag|bestell|peak|spitze|capaci|kapazit|bill|agreed|verrechn|mdi?(?!\p{L}))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OfDemand();
}
