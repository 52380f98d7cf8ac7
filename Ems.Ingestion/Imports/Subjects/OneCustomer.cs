using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>A column of customers of which the first rows have one, or one after the other, and which so names no meter: the rows of others may stand far below.</summary>
internal sealed class OneCustomer(int index, string header, IReadOnlySet<string> known, string sheet)
{
    private const int MostNamed = 5;

    /// <summary>The layout with such a column, and with what it is taken for.</summary>
    public static Layout Watch(SheetTable table, MappedTable told, Layout layout, ImportForm form)
    {
        var (time, subject) = (layout.Time, layout.Subject);
        if (table.Told is not null || form.EquipmentId is not null || subject.Equipment is not null)
        {
            return layout;
        }

        var found = table.Columns.Where(column => !time.Indexes.Contains(column) && !subject.Indexes.Contains(column) && told.Find(column) is null && CustomerColumn.AreNamedBy(new HeaderWords(table.HeaderOf(column))))
            .Select(column => new OneCustomer(column, table.HeaderOf(column), CustomerColumn.CustomersIn(table, column), table.Sheet)).FirstOrDefault(one => one.Known.Count > 0);
        return found is null ? layout : layout with
        {
            OneCustomer = found,
            Assumptions = [.. layout.Assumptions, .. found.Known.Count > 1 ? [found.Assume()] : (ImportAssumption[])[]],
        };
    }

    /// <summary>The sheet with its only one as the meter, where a file with others has made it one.</summary>
    /// <param name="ids">Those that the mapping has for names of meters.</param>
    public SheetFacts Tell(SheetFacts sheet, KnownMeters meters, IReadOnlyDictionary<string, string>? ids)
    {
        if (known.Count != 1 || ids?.ContainsKey(sheet.Layout.FileName) == true)
        {
            return sheet;
        }

        var customer = EquipmentNames.ToId(known.First());
        var there = sheet.Subjects.SelectMany(subject => (string[])[customer, EquipmentNames.ToId($"{customer} {Carriers.Find(subject.Type)}"), EquipmentNames.ToId($"{customer} {subject.Part}")]).Distinct().Where(meters.Have).Take(MostNamed).ToList();
        return there.Count == 0 ? sheet : new SheetFacts(
            sheet.Layout with
            {
                Subject = sheet.Layout.Subject with { Equipment = index, Name = index },
                Assumptions = [.. sheet.Layout.Assumptions, new ImportAssumption("equipment_id", string.Join(", ", there), $"it is there already, and {header} names it: give that column the role ignored in the mapping if it is no meter")],
            },
            sheet.Spool, [.. sheet.Subjects.Select(subject => subject with { EquipmentId = customer, Name = known.First() })], sheet.Order, sheet.DecimalComma)
        {
            HasOpenDates = sheet.HasOpenDates,
        };
    }

    private IReadOnlySet<string> Known => known;

    private string Names => $"{string.Join(", ", known.Take(MostNamed).Select(ImportFault.Shorten))}{(known.Count > MostNamed ? $" and {known.Count - MostNamed} more" : "")}";

    private ImportAssumption Assume() => new(
        "equipment_id", $"{header}: {Names}", "they follow each other, as the numbers of one meter do that change: give it the role name in the mapping if each has a meter of its own");

    /// <exception cref="ImportFaultException">The row has another.</exception>
    public void Check(ITableSource row)
    {
        if (index >= row.Cells.Count || MissingMarkers.IsMissing(row.Cells[index]) || HeaderTexts.TextOf(row.Cells[index]) is not { } text || known.Contains(text))
        {
            return;
        }

        string[] answers = [.. new[] { ColumnRole.Name, ColumnRole.Ignored }.Select(role => ImportMapping.Written(new MappedColumn(header) { Role = role }))];
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The column {header} has {Names} in the first rows and {ImportFault.Shorten(text)} in row {row.RowNumber}, and nothing else names a meter. Give it the role name in the mapping if each has a meter of its own, as with {answers[0]}, else the role ignored ({answers[1]}).",
            sheet, row.RowNumber, header, answers)
        {
            // As an id, one that has several services would be one meter.
            Guess = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Name, Confidence = 0.6, Reason = "its cells differ, and nothing else names a meter" }] },
        });
    }
}
