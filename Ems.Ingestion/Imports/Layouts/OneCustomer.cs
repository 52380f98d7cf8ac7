using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>A column of customers that has one of them in the first rows, and so names no meter: the rows of others may stand far below.</summary>
internal sealed class OneCustomer(int index, string header, string known, string sheet)
{
    /// <summary>Null where no column is one.</summary>
    /// <param name="subject">Whose the rows are.</param>
    public static OneCustomer? Find(SheetTable table, MappedTable told, TimeColumns time, SubjectColumns subject, ImportForm form)
    {
        if (table.Told is not null || !table.IsCut || form.EquipmentId is not null || subject.Equipment is not null)
        {
            return null;
        }

        return table.Columns.Where(column => !time.Indexes.Contains(column) && !subject.Indexes.Contains(column) && told.Find(column) is null && SubjectFinder.NamesCustomers(new HeaderWords(table.HeaderOf(column))))
            .Select(column => table.Filled(column).Select(HeaderTexts.TextOf).Distinct().ToList() is [var only] ? new OneCustomer(column, table.HeaderOf(column), only, table.Sheet) : null)
            .FirstOrDefault(found => found is not null);
    }

    /// <exception cref="ImportFaultException">The row has another.</exception>
    public void Check(ITableSource row)
    {
        if (index >= row.Cells.Count || MissingMarkers.IsMissing(row.Cells[index]) || HeaderTexts.TextOf(row.Cells[index]) is not { } text || text == known)
        {
            return;
        }

        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The column {header} has {ImportFault.Shorten(known)} in the first rows and {ImportFault.Shorten(text)} in row {row.RowNumber}, and nothing else names a meter. Give it the role equipment in the mapping if each has one of its own, else the role ignored.",
            sheet, row.RowNumber, header)
        {
            Guess = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Equipment, Confidence = 0.6, Reason = "its cells differ, and nothing else names a meter" }] },
        });
    }
}
