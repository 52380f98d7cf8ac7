using System.Globalization;
using Ems.Core.Tables;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>
/// Writes the rejected rows as they were, below the headers of their file, with the reasons in a column of their own and the cells
/// marked. What was read rightly is written as a number or a time, for a few rows do not tell how the others write them.
/// </summary>
internal static class RejectedWorkbook
{
    private static readonly DateTime FirstDate = new(1900, 3, 1);

    public static void Write(Stream stream, ITableFile file, IReadOnlyList<SheetFacts> sheets, RejectedRows rejected)
    {
        using var workbook = new XlsxWriter(stream);
        using var source = file.Open();
        do
        {
            if (sheets.FirstOrDefault(sheet => sheet.Layout.Sheet == source.SheetName) is { } facts && rejected.HasAny(source.SheetName))
            {
                Write(workbook, source, facts, rejected);
            }
        }
        while (source.NextSheet());
        if (rejected.Beyond > 0)
        {
            workbook.BeginSheet("Note");
            workbook.WriteRow([$"There are more than {RejectedRows.MaxRows} rejected rows. Correct these and import this workbook, or correct the file and import it again: what is stored already counts as duplicate."]);
        }
    }

    /// <summary>For an import that rejected nothing.</summary>
    public static void WriteEmpty(Stream stream)
    {
        using var workbook = new XlsxWriter(stream);
        workbook.BeginSheet("Rejected");
        workbook.WriteRow(["No row was rejected."]);
    }

    private static void Write(XlsxWriter workbook, ITableSource source, SheetFacts facts, RejectedRows rejected)
    {
        var layout = facts.Layout;
        workbook.BeginSheet(layout.NamesItsOwnEquipment ? layout.EquipmentId : layout.Sheet.Length > 0 ? layout.Sheet : "Sheet1");
        var width = layout.Columns.Select(column => column.Index).Concat(layout.Matrix.Select(column => column.Index))
            .Concat(layout.Time.Indexes).Concat(layout.Subject.Indexes).Max() + 1;
        var header = RejectedHeader.Of(facts);
        if (layout.HeaderRow == 0)
        {
            workbook.WriteRow([.. HeaderTexts.Letters(width), header]);
        }

        var reader = RowReader.Of(layout, new RowSubjects(layout));
        var written = 0;
        while (source.ReadRow())
        {
            if (source.RowNumber < layout.FirstRow)
            {
                // Rows keep their places, for headers are known by what is around them.
                for (; written < source.RowNumber - 1; written++)
                {
                    workbook.WriteRow([]);
                }

                written++;
                width = source.RowNumber == layout.HeaderRow ? Math.Max(width, source.Cells.Count) : width;
                workbook.WriteRow(source.RowNumber == layout.HeaderRow
                    ? [.. Plain(source, width), header]
                    : [.. Plain(source, source.Cells.Count)]);
                continue;
            }

            // Every row, for a blank meter is that of the row above.
            var series = default(SeriesFacts);
            if (source.Cells.Count > 0)
            {
                reader.Read(source, row => series = facts.SeriesOf(row));
            }

            if (rejected.Find(source.SheetName, source.RowNumber) is { Count: > 0 } faults)
            {
                workbook.WriteRow(RowOf(source, facts, faults, series, width));
            }
        }
    }

    private static IEnumerable<object?> Plain(ITableSource source, int width) =>
        Enumerable.Range(0, width).Select(column => column < source.Cells.Count ? ValueOf(source.Cells[column]) : null);

    private static object?[] RowOf(ITableSource source, SheetFacts facts, IReadOnlyList<ImportFault> faults, SeriesFacts series, int width)
    {
        var cells = Plain(source, width).ToArray();
        Retype(cells, source, facts);
        var marked = faults.SelectMany(fault => ColumnsOf(facts.Layout, fault)).Where(column => column < width).Distinct().ToList();
        foreach (var column in marked)
        {
            cells[column] = new StyledCell(cells[column], CellStyle.Marked);
        }

        var reasons = string.Join(" ", faults.Select(fault => $"{fault.Column}: {fault.Message}").Distinct()) + RejectedHeader.OwnInterval(facts, series);
        return [.. cells, marked.Count > 0 ? reasons : new StyledCell(reasons, CellStyle.Marked)];
    }

    private static void Retype(object?[] cells, ITableSource source, SheetFacts facts)
    {
        foreach (var time in new[] { facts.Layout.Time.Date, facts.Layout.Time.End })
        {
            if (time is { } column && column.Index < source.Cells.Count && column.TryRead(source.Cells[column.Index], out var written)
                && written is { OffsetMinutes: null, IsMarked: false, IsMonth: false, IsRange: false }
                && written.ToLocal(facts.Order)?.ToDateTimeUnspecified() is { } local && local >= FirstDate)
            {
                cells[column.Index] = local;
            }
        }

        var reader = new CellReader(facts);
        var columns = facts.Layout.Matrix.Count > 0
            ? facts.Layout.Matrix.Select(column => (column.Index, Column: 0)) : facts.Layout.Columns.Select((column, i) => (column.Index, Column: i));
        foreach (var (index, column) in columns)
        {
            if (index < source.Cells.Count && !reader.IsMissing(source.Cells[index], column) && reader.NumberIn(source.Cells[index], column) is { } number)
            {
                cells[index] = number;
            }
        }
    }

    private static IEnumerable<int> ColumnsOf(Layout layout, ImportFault fault)
    {
        var values = layout.Columns.Where(column => column.Header == fault.Column).Select(column => column.Index).ToList();
        return layout.Matrix.Count == 0 && values.Count > 0 ? values
            : fault.Column == layout.Time.Header ? layout.Time.Indexes
            : fault.Column == "equipment_id" && layout.Subject.Equipment is { } equipment ? [equipment]
            : [];
    }

    private static object? ValueOf(in Cell cell) => cell.Kind switch
    {
        CellKind.Number => cell.Number,
        CellKind.Text or CellKind.Error => cell.Text,
        CellKind.Time when cell.Time >= FirstDate => cell.Time,
        CellKind.Time when cell.Time == Cell.DayZero.AddDays(1) => "24:00:00",
        CellKind.Time => cell.Time.ToString(cell.Time.Date == Cell.DayZero ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => null,
    };
}
