using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Copies the rows of a sheet to the spool and collects what its whole columns tell.</summary>
/// <param name="rowsBefore">Rows of the file before this sheet.</param>
internal sealed class SheetCopy(Layout layout, int rowsBefore)
{
    private const int ProgressEvery = 1000;

    private readonly RowSubjects _subjects = new(layout);
    private readonly DateOrderFinder _dates = new();
    private readonly TimeFormFinder _times = new(layout.Time, isTold: layout.WholeFile is not null);
    private readonly DecimalSigns _decimals = new(layout);
    private readonly LowerTables _lower = new(layout);
    private readonly LateRows _late = new(layout.NotBegun);
    private bool _hasDottedDates;
    private bool _hasOpenDates;
    private char? _delimiter;
    private IReadOnlyList<ImportAssumption> _leftOut = [];
    private SpoolRange _range;

    /// <summary>Rows below the headers, up to the last one that holds anything.</summary>
    public int RowCount { get; private set; }

    /// <summary>Which file of an archive the sheet is of; null where there is but one file.</summary>
    public string? Member { get; private set; }

    /// <summary>The sheet, and what its layout did not know of its columns.</summary>
    public (string Sheet, IReadOnlyList<SampleRow> Rows) Late => (layout.Sheet, _late.Take());

    /// <summary>Whether any time is without an offset.</summary>
    public bool HasLocalTimes { get; private set; }

    public void Run(ITableSource source, RowSpoolWriter spool, Action<int> progress, CancellationToken cancellationToken)
    {
        (_delimiter, Member) = (source.Delimiter, source.Member);
        var reader = RowReader.Of(layout, _subjects);
        var start = spool.Position;
        Action<SpooledRow> take = row =>
        {
            row.Ordinal = rowsBefore + RowCount;
            Note(row);
            spool.Write(row);
        };
        while (source.ReadRow())
        {
            if (source.RowNumber < layout.FirstRow || source.Cells.Count == 0)
            {
                if (source.Cells.Count > 0)
                {
                    _decimals.NoteAbove(source);
                    _lower.NoteAbove(source);
                }

                continue;
            }

            RowCount = source.RowNumber - layout.FirstRow + 1;
            reader.Read(source, take);
            if (reader is { IsLeftOut: false, HasTime: true })
            {
                _decimals.NoteOthers(source);
                _late.Note(source);
                layout.OneDirection?.Check(source);
                layout.OneCustomer?.Check(source);
                foreach (var later in layout.LaterMeters)
                {
                    later.Check(source);
                }

                foreach (var units in layout.UnitsBeside)
                {
                    units.Check(source);
                }
            }

            NoteKind(source, reader);
            if (RowCount % ProgressEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(rowsBefore + RowCount);
            }
        }

        _leftOut = reader.LeftOut;
        _range = new SpoolRange(start, spool.Position);
    }

    /// <inheritdoc cref="OtherRows.HaveNoMeters"/>
    public bool HasNoMeters(ImportForm request) => OtherRows.HaveNoMeters(layout, _subjects.Named, request.Mapping?.Equipment);

    /// <inheritdoc cref="OtherRows.Ask"/>
    public ImportFaultException AskForMeters() => OtherRows.Ask(layout, _subjects.Named);

    /// <summary>What the whole sheet decides, its meters called as the rows do, and the assumptions that this takes.</summary>
    /// <param name="isCut">Whether it goes on after the rows that were copied.</param>
    /// <exception cref="ImportFaultException">The sheet leaves a choice.</exception>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Decide(ImportForm request, bool isCut)
    {
        if (!isCut)
        {
            _lower.End();
        }

        var assumptions = new List<ImportAssumption>(_leftOut);
        var order = DecideOrder(request, assumptions);
        var commas = _decimals.Decide(request, MayGroupByPoints(order), SignByDates(order), assumptions);
        if (layout.Time.Offset is { } offset)
        {
            assumptions.Add(new ImportAssumption(
                "utc_offset", OffsetPattern.GeneralInvariant.Format(Offset.FromSeconds(offset.Minutes * 60)), $"the header {offset.Header} says it of times that have none themselves"));
        }

        var form = _times.Decide(layout.Sheet, layout.HeaderRow, isCut);
        form = layout.WholeFile is { } told ? form with { NextDayBefore = told.NextDayBefore } : form;
        HasLocalTimes |= form is { HasRanges: true, OffsetMinutes: null };
        if (form.IsOfDates)
        {
            assumptions.Add(new ImportAssumption("left_out", layout.Time.Clock!.Value.Header, TimeFormFinder.NoTimesOfDates));
        }

        if (form.MidnightEndsDay)
        {
            assumptions.Add(new ImportAssumption("midnight", "24:00", TimeFormFinder.MidnightsAreLast));
        }

        if (form.NextDayBefore > TimeSpan.Zero)
        {
            assumptions.Add(new ImportAssumption("layout", string.Create(CultureInfo.InvariantCulture, $"days begin at {form.NextDayBefore:hh\\:mm}"), TimeFormFinder.DaysGoOn));
        }

        var decided = layout with { Time = form.IsOfDates ? layout.Time with { Clock = null } : layout.Time.With(form.Numbers, form.EndNumbers) };
        var (subjects, others) = OtherRows.LeaveOut(decided, _subjects.Named, request.Mapping?.Equipment, assumptions);
        return (new SheetFacts(decided, _range with { Form = form, LeftOut = others }, subjects, order, commas) { HasOpenDates = _hasOpenDates }, assumptions);
    }

    /// <summary>
    /// Whether the sheet may come from where points group thousands: days come first, and what separates cells leaves the comma to
    /// numbers.
    /// </summary>
    private bool MayGroupByPoints(DateOrder order) =>
        _hasDottedDates ? _delimiter != ',' : _delimiter == ';' && ((_hasOpenDates && order == DateOrder.DayMonthYear) || TimeColumnFinder.NamesMonthsAbroad(layout.Time.Header));

    /// <summary>The decimal sign where dates with dots stand between semicolons, or dates have the month first, and why; null where they say nothing.</summary>
    private (char Sign, string Why)? SignByDates(DateOrder order) =>
        _hasDottedDates && _delimiter == ';' ? (',', "its dates have dots and its cells are apart by semicolons, and every number has a comma")
        : order == DateOrder.MonthDayYear && _delimiter == ',' ? ('.', "its dates have the month first and its cells are apart by commas") : null;

    /// <summary>Rows that come back from a workbook of rejected ones were looked at before.</summary>
    private void NoteKind(ITableSource source, RowReader reader)
    {
        if (layout.WholeFile is not null)
        {
            return;
        }

        if (reader.IsLeftOut)
        {
            _lower.NoteLeftOut(source);
        }
        else if (reader.HasTime)
        {
            _lower.NoteGiven(source);
        }
    }

    private void Note(SpooledRow row)
    {
        if (row.Time is { } time)
        {
            _dates.Note(time, row.RowNumber, row.Subject);
            _hasDottedDates |= time.IsDotted;
            _hasOpenDates |= time.Order == DateOrder.Unknown;
            HasLocalTimes |= time.OffsetMinutes is null;
            _times.Note(time, row.Subject);
        }

        if (row.End is { } end)
        {
            _dates.Note(end, row.RowNumber, null);
            _dates.NoteInterval(row.Time!.Value, end);
            _times.NoteEnd(end);
        }

        _decimals.Note(row);
    }

    /// <summary>What was sent counts before what the file that rejected rows are of has told, and a profile only where the column leaves it open.</summary>
    private DateOrder DecideOrder(ImportForm form, List<ImportAssumption> assumptions)
    {
        if (layout.WholeFile is null)
        {
            _dates.RefuseSwapped(layout.Sheet, layout.Time.Header);
        }

        var told = form.Mapping?.DateOrder;
        if (told is not null && !form.IsMappingRemembered)
        {
            return OrderOf(told);
        }

        if (layout.WholeFile?.Order is { } ofFile)
        {
            return ofFile;
        }

        if (told is not null && !_dates.Contradicts(OrderOf(told)))
        {
            return OrderOf(told);
        }

        var (order, why) = _dates.Decide(layout.Sheet, layout.Time.Header);
        if (why is not null)
        {
            assumptions.Add(new ImportAssumption(
                "date_order", order switch { DateOrder.DayMonthYear => "dmy", DateOrder.MonthDayYear => "mdy", _ => "ymd" }, told is null ? why : $"{why}, though the profile has {told}"));
        }

        return order;
    }

    private static DateOrder OrderOf(string told) => told switch
    {
        "ymd" => DateOrder.YearMonthDay,
        "dmy" => DateOrder.DayMonthYear,
        "mdy" => DateOrder.MonthDayYear,
        _ => throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping, $"There is no date_order {told}.", Alternatives: ["ymd", "dmy", "mdy"])),
    };
}
