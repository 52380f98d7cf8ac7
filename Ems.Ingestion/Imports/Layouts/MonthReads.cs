using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Tells when registers were read whose readings stand with whole months: as these begin, or as they end.</summary>
internal static class MonthReads
{
    private const string What = "timestamp_label";
    private const string OfRegisters = "for readings of registers";

    /// <param name="columns">The values.</param>
    /// <param name="others">Columns of the table that may stand beside them.</param>
    public static bool AreAtEnd(SheetTable table, IReadOnlyList<ValueColumn> columns, IEnumerable<int> others, ImportForm form, List<ImportAssumption> assumptions)
    {
        var registers = columns.Where(column => column.Kind == QuantityKind.Register).ToList();
        if (registers.Count == 0 || table.Told is not null || form.TimestampLabel is not null)
        {
            return registers.Count > 0 && (table.Told?.ReadsAtEnd ?? form.TimestampLabel == LabelMeaning.End);
        }

        var closing = registers.Find(column => RegisterReadings.NameLast(new HeaderWords(column.Header)))?.Header;
        var opening = others.Where(column => RegisterReadings.NameFirst(new HeaderWords(table.HeaderOf(column))) && table.HoldsNumbers(column)).Select(table.HeaderOf).FirstOrDefault();
        assumptions.Add(
            closing is not null ? new ImportAssumption(What, $"end {OfRegisters}", $"{closing} is what they showed when the month ended")
            : opening is not null ? new ImportAssumption(What, $"end {OfRegisters}", $"{opening} is what they showed before")
            : new ImportAssumption(What, $"start {OfRegisters}", "nothing says whether they were read as the months began or as they ended: send timestamp_label=end if as they ended"));
        return closing is not null || opening is not null;
    }
}
