using Ems.Core.Metering;
using Ems.Ingestion.Files;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>First pass over an upload: finds its layout, copies its rows to a spool and collects what the whole file tells.</summary>
internal sealed class FileScan(TableFile file, ImportForm form)
{
    /// <exception cref="ImportFaultException">The file cannot be imported.</exception>
    public FileFacts Run(string rowsPath, Action<int, double> progress, CancellationToken cancellationToken)
    {
        Layout layout;
        using (var source = file.Open())
        {
            layout = LayoutFinder.Find(source, file.Name, form);
        }

        var times = new TimeColumn();
        var decimals = layout.Columns.Select(_ => new DecimalColumn()).ToArray();
        var totals = new TotalColumns(layout.Columns);
        var growth = new Growth(layout.Columns.Count);
        var rows = Copy(layout, rowsPath, row =>
        {
            if (row.TimeText is { } text)
            {
                times.Note(text, row.RowNumber);
            }

            for (var i = 0; i < decimals.Length; i++)
            {
                decimals[i].Note(row.Values[i], row.RowNumber);
            }

            totals.Note(row.Values);
            growth.Note(row);
        }, progress, cancellationToken);

        var assumptions = new List<ImportAssumption>(layout.Assumptions);
        var order = DecideOrder(times, layout, assumptions);
        var commas = decimals.Select((column, i) => column.Decide(layout.Sheet, layout.Columns[i].Header)).ToList();
        var total = totals.Find();
        assumptions.AddRange(total.Select(i => new ImportAssumption("left_out", layout.Columns[i].Header, "it is the sum of the other columns")));
        RefuseUndeclaredRegisters(layout, growth);
        return new FileFacts(layout, rows, order, commas, total, FindSeries(layout, order, rowsPath, cancellationToken), assumptions);
    }

    private int Copy(Layout layout, string rowsPath, Action<SpooledRow> note, Action<int, double> progress, CancellationToken cancellationToken)
    {
        using var source = file.Open();
        while (source.SheetName != layout.Sheet && source.NextSheet())
        {
        }

        using var spool = new RowSpoolWriter(rowsPath);
        var row = new SpooledRow { Values = new Cell[layout.Columns.Count] };
        var count = 0;
        while (source.ReadRow())
        {
            if (source.RowNumber <= layout.HeaderRow || source.Cells.Count == 0)
            {
                continue;
            }

            // Empty rows between the others are rows of the file; those after the last are not.
            count = source.RowNumber - layout.HeaderRow;
            Take(source, layout, row);
            note(row);
            spool.Write(row);
            if (count % 1000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(count, source.Progress);
            }
        }

        return count;
    }

    private static void Take(ITableSource source, Layout layout, SpooledRow row)
    {
        row.RowNumber = source.RowNumber;
        (row.Time, row.TimeText, row.BadTime) = (null, null, null);
        var time = At(source, layout.TimeColumn);
        switch (time.Kind)
        {
            case CellKind.Time: row.Time = time.Time; break;
            case CellKind.Number when ExcelSerial.IsPlausible(time.Number): row.Time = ExcelSerial.ToTime(time.Number); break;
            case CellKind.Text when TimeText.TryParse(time.Text!, out var text): row.TimeText = text; break;
            case CellKind.Number: row.BadTime = time.Number.ToString(System.Globalization.CultureInfo.InvariantCulture); break;
            default: row.BadTime = time.Text; break;
        }

        row.Equipment = layout.EquipmentColumn is { } column ? IdOf(At(source, column)) : null;
        for (var i = 0; i < row.Values.Length; i++)
        {
            row.Values[i] = At(source, layout.Columns[i].Index);
        }
    }

    private static string? IdOf(Cell cell) => cell.Kind switch
    {
        CellKind.Text => EquipmentNames.ToId(cell.Text!),
        CellKind.Number => cell.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static Cell At(ITableSource source, int column) => column < source.Cells.Count ? source.Cells[column] : Cell.Empty;

    private DateOrder DecideOrder(TimeColumn times, Layout layout, List<ImportAssumption> assumptions)
    {
        if (form.Mapping?.DateOrder is { } told)
        {
            return told switch
            {
                "ymd" => DateOrder.YearMonthDay,
                "dmy" => DateOrder.DayMonthYear,
                "mdy" => DateOrder.MonthDayYear,
                _ => throw new ImportFaultException(new ImportFault(
                    ImportFault.AmbiguousMapping, $"There is no date_order {told}.", Alternatives: ["ymd", "dmy", "mdy"])),
            };
        }

        var (order, why) = times.Decide(layout.Sheet, layout.TimeHeader);
        if (why is not null)
        {
            assumptions.Add(new ImportAssumption("date_order", order == DateOrder.DayMonthYear ? "dmy" : "mdy", why));
        }

        return order;
    }

    private void RefuseUndeclaredRegisters(Layout layout, Growth growth)
    {
        for (var i = 0; i < layout.Columns.Count; i++)
        {
            var column = layout.Columns[i];
            var told = form.Metric == column.Metric || form.Mapping?.Columns.Any(mapped => mapped.Column == column.Header) == true
                || column.Header == column.Metric;
            if (column is { Metric: "energy", Kind: QuantityKind.Interval } && !told && growth.IsRegister(i))
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.AmbiguousMapping,
                    $"The column {column.Header} only grows, as a register does, but its header names energy. Send metric.",
                    layout.Sheet, layout.HeaderRow, column.Header, ["energy_import_register", "energy"]));
            }
        }
    }

    private static Dictionary<string, SeriesFacts> FindSeries(
        Layout layout, DateOrder order, string rowsPath, CancellationToken cancellationToken)
    {
        var steps = new Dictionary<string, StepHistogram>();
        using var spool = new RowSpoolReader(rowsPath, layout.Columns.Count);
        foreach (var row in spool.Rows())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LocalTimeOf(row, order) is { } local)
            {
                var key = row.Equipment ?? "";
                if (!steps.TryGetValue(key, out var histogram))
                {
                    steps[key] = histogram = new StepHistogram();
                }

                histogram.Note(local);
            }
        }

        return steps.ToDictionary(
            entry => entry.Key, entry => new SeriesFacts(entry.Value.Step() ?? Duration.Zero, entry.Value.Order()));
    }

    public static LocalDateTime? LocalTimeOf(SpooledRow row, DateOrder order) =>
        (row.Time ?? row.TimeText?.ToLocal(order)) is { } time ? LocalDateTime.FromDateTime(time) : null;
}
