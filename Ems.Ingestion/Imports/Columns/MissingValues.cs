using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Recognises tables that have times and headers of values, and no value.</summary>
internal static class MissingValues
{
    private const int MostShown = 5;

    /// <summary>Why a table has none: nothing but blanks and their like stands below headers that say what is measured, or marks of missing values below others; null where it is not so.</summary>
    /// <param name="columns">Those that may hold values.</param>
    /// <param name="isTold">Whether the request says what they measure.</param>
    public static ImportFaultException? Find(SheetTable table, TimeColumns time, IEnumerable<int> columns, bool isTold)
    {
        var rows = table.Rows.Where(row => time.Indexes.Any(column => row[column].Kind != CellKind.Empty)).ToList();
        var blank = columns.Select(column => (Index: column, Header: table.HeaderOf(column))).Where(column => rows.TrueForAll(row => MissingMarkers.IsMissing(row[column.Index])))
            .Concat(table.BlankAtEnd.Select((header, i) => (Index: table.Headers.Count + i, Header: header))).ToList();
        var measured = blank.FindAll(column => HeaderReader.Read(column.Header) is { Metric: not null } or { Unit: not null } || TimeHeaders.MayBeTime(column.Header) || HeaderTexts.Values.Contains(column.Header, StringComparer.OrdinalIgnoreCase));
        var values = measured.Count > 0 ? measured : blank.FindAll(column => isTold || rows.Exists(row => row[column.Index].Kind != CellKind.Empty));
        return rows.Count > 0 && values.Count > 0 ? Of(table, rows, values) : null;
    }

    /// <summary>The same of a matrix whose cells have at least one mark of a missing value, where no other column has numbers.</summary>
    public static ImportFaultException? FindInMatrix(SheetTable table, IReadOnlySet<int> cells, Func<TimeColumns?> findTime) =>
        table.Rows.All(row => cells.All(column => MissingMarkers.IsMissing(row[column]))) && cells.Any(column => table.Filled(column).Any())
        && findTime() is { } time && !table.Columns.Except([.. cells, .. time.Indexes]).Any(table.HoldsNumbers)
            ? Of(table, table.Rows, [.. cells.Select(column => (column, table.HeaderOf(column)))]) : null;

    /// <summary>Whether a column has marks of missing values, and nothing else.</summary>
    public static bool AreMarkedIn(SheetTable table, int column) => table.Filled(column).Any() && table.Filled(column).All(cell => MissingMarkers.IsMissing(cell));

    private static ImportFaultException Of(SheetTable table, IReadOnlyList<SampleRow> rows, List<(int Index, string Header)> values)
    {
        var gaps = values.SelectMany(column => rows.Select(row => MissingMarkers.KindOf(row[column.Index]))).CountBy(kind => kind).ToDictionary(kind => kind.Key, kind => (long)kind.Value);
        var (header, kinds) = (values[0].Header, string.Join(", ", gaps.Take(MostShown).Select(gap => $"{gap.Value} {ImportFault.Shorten(gap.Key)}")));
        var why = gaps.ContainsKey(Cell.Uncalculated)
            ? $"{(table.IsCut ? $"The first {rows.Count} rows" : "All rows")} have no values, as below {header}: cells are formulas, and the file was saved without what they come to. Open it in Excel or LibreOffice, save it, and send it again."
            : table.IsCut
            ? $"The first {rows.Count} rows have no values, as below {header}: {kinds}. If later ones have some, say in the mapping what it measures, as with {ImportMapping.Written(new MappedColumn(header) { Metric = "energy", Unit = "kWh" })}."
            : $"All {rows.Count * values.Count} values are missing: {kinds}. Export it again for a time of which the meter has readings.";
        return new ImportFaultException(new ImportFault(ImportFault.DataValidationFailed, why, table.Sheet, table.FirstRow, header) { Gaps = gaps });
    }
}
