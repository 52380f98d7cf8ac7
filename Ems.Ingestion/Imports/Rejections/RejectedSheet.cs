using System.Globalization;
using Ems.Core.Tables;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>
/// Writes the rejected rows of a sheet as they were, below the headers of their file, with the reasons in a column of their own and the
/// cells marked. What was read rightly is written as a number or a time, for a few rows do not tell how the others write them.
/// </summary>
internal sealed class RejectedSheet(XlsxWriter workbook, SheetFacts facts, ImportJob job, RejectedRows rejected)
{
    private static readonly DateTime FirstDate = new(1900, 3, 1);

    private readonly Layout _layout = facts.Layout;
    private readonly CellReader _cells = new(facts);
    private readonly RowReader _reader = RowReader.Of(facts.Layout, new RowSubjects(facts.Layout));
    private readonly RowTimes _times = new(facts, DateTimeZoneProviders.Tzdb[job.TimeZone!]);
    private readonly Cell[] _above = new Cell[facts.Layout.FilledDown.DefaultIfEmpty(-1).Max() + 1];
    private int _width = facts.Layout.Columns.Select(column => column.Index).Concat(facts.Layout.Matrix.Select(column => column.Index))
        .Concat(facts.Layout.Columns.Select(column => column.Substitute).OfType<int>()).Concat(facts.Layout.Time.Indexes).Concat(facts.Layout.Subject.Indexes).Max() + 1;

    private bool _hasHeaders;

    private int ReasonsColumn => _layout.WholeFile?.ReasonsColumn ?? _width;

    private string Header => RejectedHeader.Of(facts, job, ReasonsColumn);

    public void Write(ITableSource source)
    {
        // By its meter, as far as a sheet's name holds it: it is known then even without the column of reasons.
        workbook.BeginSheet(_layout.NamesItsOwnEquipment && _layout.EquipmentId is { } own ? own : _layout.Sheet.Length > 0 ? _layout.Sheet : _layout.FileName);
        var written = 0;
        while (source.ReadRow())
        {
            if (source.RowNumber < _layout.FirstRow)
            {
                // Rows keep their places, for headers are known by what is around them.
                for (; written < source.RowNumber - 1; written++)
                {
                    workbook.WriteRow([]);
                }

                written++;
                WriteAbove(source);
            }
            else
            {
                WriteHeadersOfNone();
                WriteIfRejected(source);
            }
        }
    }

    private void WriteAbove(ITableSource source)
    {
        var isHeader = source.RowNumber == _layout.HeaderRow;
        _width = isHeader ? Math.Max(_width, source.Cells.Count) : _width;
        var cells = source.Cells.Select(cell => isHeader && _layout.Matrix.Count > 0 ? ValueOf(cell) : AsWritten(cell)).ToArray();
        workbook.WriteRow(isHeader ? WithReasons(cells, Header) : cells);
    }

    /// <summary>Above the first row of a sheet that has no headers.</summary>
    private void WriteHeadersOfNone()
    {
        if (_layout.HeaderRow == 0 && !_hasHeaders)
        {
            _hasHeaders = true;
            workbook.WriteRow(WithReasons(HeaderTexts.Letters(_width), Header));
        }
    }

    private void WriteIfRejected(ITableSource source)
    {
        var faults = rejected.Find(source.SheetName, source.RowNumber);
        var series = default(SeriesFacts);
        (LocalDateTime, Offset)? offset = null;
        LocalDate? since = null;
        string? begun = null;
        var isRead = false;
        var subject = -1;
        if (source.Cells.Count > 0)
        {
            // Every row, for what a row is may follow from those above.
            _reader.Read(source, row =>
            {
                (isRead, subject) = (true, row.Subject);
                (facts.Spool.Form with { Numbers = null, EndNumbers = null }).Settle(row);
                if (!facts.Series.TryGetValue(facts.LabelsOf(row), out series))
                {
                    // Of a total, or of nothing that the file has times of.
                    return;
                }

                var time = _times.Resolve(row);
                offset = faults.Count > 0 && _layout.Matrix.Count == 0 ? _times.FindOffsetByOthers(row, time) : null;
                since = _times.FindReadBefore(row);
                begun = RejectedReasons.BegunIn(row, facts);
            });
        }

        var cells = Fill(source, isRead);
        if (faults.Count > 0)
        {
            WriteRejected(cells, subject, source.RowNumber, faults, RejectedReasons.Of(faults, facts, series, offset, since, begun));
        }
    }

    /// <summary>The cells of a row; a date, a place or a meter that only a row above has comes with it.</summary>
    private Cell[] Fill(ITableSource source, bool isRead)
    {
        var cells = new Cell[_width];
        for (var column = 0; column < Math.Min(_width, source.Cells.Count); column++)
        {
            cells[column] = source.Cells[column];
        }

        foreach (var column in _layout.FilledDown)
        {
            if (MissingMarkers.IsMissing(cells[column]))
            {
                cells[column] = _above[column];
            }
            else if (_layout.Time.Date is { } date && date.Index == column ? date.TryRead(cells[column], out _) : isRead)
            {
                _above[column] = cells[column];
            }
        }

        return cells;
    }

    private void WriteRejected(Cell[] cells, int subject, int row, IReadOnlyList<ImportFault> faults, string reasons)
    {
        var values = cells.Select((cell, column) => _layout.Time.Indexes.Contains(column) ? ValueOf(cell) : AsWritten(cell)).ToArray();
        Retype(values, cells, subject, row);
        var marked = faults.SelectMany(ColumnsOf).Distinct().ToList();
        foreach (var column in marked)
        {
            values[column] = new StyledCell(values[column], CellStyle.Marked);
        }

        workbook.WriteRow(WithReasons(values, marked.Count > 0 ? reasons : new StyledCell(reasons, CellStyle.Marked)));
    }

    /// <summary>Rows that were rejected before have their reasons already, which others take the place of.</summary>
    private object?[] WithReasons(object?[] values, object reasons)
    {
        var row = new object?[Math.Max(values.Length, ReasonsColumn + 1)];
        values.CopyTo(row, 0);
        row[ReasonsColumn] = reasons;
        return row;
    }

    private void Retype(object?[] values, Cell[] cells, int subject, int row)
    {
        foreach (var time in new[] { _layout.Time.Date, _layout.Time.End })
        {
            if (time is { Range: RangeEnd.None } column && column.TryRead(cells[column.Index], out var written)
                && written is { OffsetMinutes: null, IsMarked: false, IsMonth: false, IsWeek: false, IsRange: false }
                && written.ToLocal(facts.Order)?.ToDateTimeUnspecified() is { } local && local >= FirstDate)
            {
                values[column.Index] = local;
            }
        }

        var columns = _layout.Matrix.Count > 0
            ? _layout.Matrix.Select(column => (column.Index, Column: 0)) : _layout.Columns.Select((column, i) => (column.Index, Column: i));
        foreach (var (index, column) in columns)
        {
            if (_cells.NumberIn(cells[index], column) is { } number)
            {
                // That a number stands for no value shows only among many others.
                values[index] = _cells.IsMissing(cells[index], column, subject, row) ? null : number;
            }
        }
    }

    private IEnumerable<int> ColumnsOf(ImportFault fault)
    {
        var values = (_layout.Matrix.Count > 0 ? _layout.Matrix.Select(column => (column.Index, column.Header)) : _layout.Columns.Select(column => (column.Index, column.Header)))
            .Where(column => column.Header == fault.Column).Select(column => column.Index).ToList();
        return fault.Code == ImportFault.UnknownUnit && _layout.Subject.Unit is { } unit ? [unit]
            : values.Count > 0 ? values
            : fault.Column == _layout.Time.Header ? _layout.Time.Indexes
            : fault.Column == "equipment_id" && _layout.Subject.Equipment is { } equipment ? [equipment]
            : [];
    }

    /// <summary>A name stays one that has zeros as a number would not.</summary>
    private static object? AsWritten(in Cell cell) => cell is { Kind: CellKind.Number, Text: { } written } ? written : ValueOf(cell);

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
