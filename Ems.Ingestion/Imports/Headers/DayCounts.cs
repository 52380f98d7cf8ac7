using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Columns that say how many days an interval has, as bills do.</summary>
internal static class DayCounts
{
    public const string Why = "it counts the days of an interval";

    private const int MostDays = 400;

    private static readonly string[] Days =
        ["days", "tage", "jours", "días", "giorni", "dagen", "dage", "dagar", "dni", "abrechnungstage", "verbrauchstage", "rechnungstage", "ablesetage"];

    private static readonly string[] Beside =
    [
        .. Days, "in", "of", "month", "no", "number", "num", "#", "billing", "billed", "bill", "period", "cycle", "service", "read", "reading", "between", "anzahl", "nombre", "nb", "nbr", "de", "número", "nº",
        "facturados", "facturation", "consumo", "consommation", "use", "usage", "usagedays",
    ];

    public static bool AreNamed(HeaderWords header) => header.Any((IEnumerable<string>)Days) && header.Except(Beside).Count == 0;

    /// <summary>Null where there is none.</summary>
    public static int? Find(SheetTable table) => table.Columns.Cast<int?>().FirstOrDefault(column =>
        AreNamed(new HeaderWords(table.HeaderOf(column!.Value))) && table.Mostly(column.Value, cell => DecimalColumn.NumberIn(cell, decimalComma: false) is { } number && Of(number) > 0));

    /// <summary>Zero for what is no number of days.</summary>
    public static short Of(double? number) => number is >= 1 and <= MostDays && number % 1 == 0 ? (short)number : (short)0;
}
