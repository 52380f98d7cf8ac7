using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Copies the rows of a sheet to the spool and collects what its whole columns tell.</summary>
/// <param name="rowsBefore">Rows of the file before this sheet.</param>
internal sealed class SheetCopy(Layout layout, int rowsBefore)
{
    private const int ProgressEvery = 1000;

    private readonly RowSubjects _subjects = new(layout);
    private readonly DateOrderFinder _dates = new();
    private readonly DecimalColumn[] _decimals = [.. layout.Columns.Select(_ => new DecimalColumn())];
    private readonly Sentinels[] _sentinels = [.. layout.Columns.Select(_ => new Sentinels())];
    private readonly TotalColumns _totals = new(layout.Columns);
    private readonly Growth _growth = new(layout.Columns.Count);
    private IReadOnlyList<ImportAssumption> _leftOut = [];
    private SpoolRange _range;

    /// <summary>Rows below the headers, up to the last one that holds anything.</summary>
    public int RowCount { get; private set; }

    public void Run(ITableSource source, RowSpoolWriter spool, Action<int> progress, CancellationToken cancellationToken)
    {
        var reader = RowReader.Of(layout, _subjects);
        var start = spool.Position;
        while (source.ReadRow())
        {
            if (source.RowNumber < layout.FirstRow || source.Cells.Count == 0)
            {
                continue;
            }

            RowCount = source.RowNumber - layout.FirstRow + 1;
            reader.Read(source, row =>
            {
                row.Ordinal = rowsBefore + RowCount;
                Note(row);
                spool.Write(row);
            });
            if (RowCount % ProgressEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(rowsBefore + RowCount);
            }
        }

        _leftOut = reader.LeftOut;
        _range = new SpoolRange(start, spool.Position);
    }

    /// <summary>What the whole sheet decides, and the assumptions that this takes.</summary>
    /// <exception cref="ImportFaultException">The sheet leaves a choice.</exception>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Decide(ImportForm form)
    {
        var assumptions = new List<ImportAssumption>(_leftOut);
        var order = DecideOrder(form, assumptions);
        var commas = _decimals.Select((column, i) => form.Mapping?.DecimalSign is { } sign ? sign == "," : column.Decide(layout.Sheet, layout.Columns[i].Header)).ToList();
        var totals = _totals.Find();
        assumptions.AddRange(totals.Select(i => new ImportAssumption("left_out", layout.Columns[i].Header, "it is the sum of the other columns")));
        RefuseUndeclaredRegisters(form);
        return (
            new SheetFacts(
                layout, _range, _subjects.Resolve(form.Mapping?.Equipment), order, commas, [.. _sentinels.Select(column => column.Find())], totals,
                new Dictionary<string, SeriesFacts>()),
            assumptions);
    }

    private void Note(SpooledRow row)
    {
        if (row.Time is { } time)
        {
            _dates.Note(time, row.RowNumber);
        }

        if (row.End is { } end)
        {
            _dates.Note(end, row.RowNumber);
        }

        for (var i = 0; i < _decimals.Length; i++)
        {
            _decimals[i].Note(row.Values[i], row.RowNumber);
            _sentinels[i].Note(row.Values[i]);
        }

        _totals.Note(row.Values);
        _growth.Note(row);
    }

    private DateOrder DecideOrder(ImportForm form, List<ImportAssumption> assumptions)
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

        var (order, why) = _dates.Decide(layout.Sheet, layout.Time.Header);
        if (why is not null)
        {
            assumptions.Add(new ImportAssumption("date_order", order == DateOrder.DayMonthYear ? "dmy" : "mdy", why));
        }

        return order;
    }

    private void RefuseUndeclaredRegisters(ImportForm form)
    {
        for (var i = 0; i < layout.Columns.Count; i++)
        {
            var column = layout.Columns[i];
            var told = form.Metric == column.Metric || form.Mapping?.Columns.Any(mapped => mapped.IsHeaded(column.Header) && mapped.Metric == column.Metric) == true
                || column.Header == column.Metric || layout.Time.End is not null;
            if (column is { Metric: "energy", Kind: QuantityKind.Interval } && !told && _growth.IsRegister(i))
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.AmbiguousMapping,
                    $"The column {column.Header} only grows, as a register does, but its header names energy. Send metric.",
                    layout.Sheet, layout.HeaderRow, column.Header, ["energy_import_register", "energy"])
                {
                    Guess = new ImportMapping
                    {
                        Columns = [new MappedColumn(column.Header)
                        {
                            Role = ColumnRole.Value, Metric = "energy_import_register", Unit = column.SourceUnit, EquipmentId = column.EquipmentId,
                            Confidence = 0.6, Reason = "its values only grow, as those of a register do",
                        }],
                    },
                });
            }
        }
    }
}
