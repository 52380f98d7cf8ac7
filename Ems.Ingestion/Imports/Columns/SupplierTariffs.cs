using System.Text.RegularExpressions;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Finds registers of French meters that count once more, by the tariffs of the network (<c>EAS D1</c>), what those of the supplier count (<c>EAS F1</c>).</summary>
internal static partial class SupplierTariffs
{
    public const string Why = "it counts by the tariffs of the network what those of the supplier (EAS F) count; map it to a meter of its own to keep it";

    private const double Tolerance = 1e-6;

    /// <summary>Those of the network, where both add up to the same in all rows.</summary>
    public static IReadOnlyList<int> FindAgain(SheetTable table, IEnumerable<int> columns)
    {
        var all = columns.ToList();
        var ofSupplier = all.FindAll(column => Supplier().IsMatch(table.HeaderOf(column)));
        var ofNetwork = all.FindAll(column => Network().IsMatch(table.HeaderOf(column)));
        return ofSupplier.Count > 0 && ofNetwork.Count > 0 && table.Rows.All(row => SumOf(row, ofSupplier) is var sum && Math.Abs(sum - SumOf(row, ofNetwork)) <= Tolerance * Math.Abs(sum)) ? ofNetwork : [];
    }

    private static double SumOf(SampleRow row, List<int> columns) =>
        columns.Sum(column => DecimalColumn.NumberIn(row[column], decimalComma: false) ?? DecimalColumn.NumberIn(row[column], decimalComma: true) ?? 0);

    [GeneratedRegex(@"^\s*EAS\s*F\d+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Supplier();

    [GeneratedRegex(@"^\s*EAS\s*D\d+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Network();
}
