using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Makes rows of one time each of the rows of a sheet.</summary>
internal abstract class RowReader(Layout layout, RowSubjects subjects)
{
    private readonly RowFilter _filter = new(layout);

    protected Layout Layout { get; } = layout;

    protected TimeReader Times { get; } = new(layout.Time);

    protected QualityColumns Quality { get; } = new(layout);

    protected SpooledRow Row { get; } = new() { Values = new Cell[layout.Columns.Count] };

    /// <summary>Rows that are no readings, such as sums at the end, and why.</summary>
    public IReadOnlyList<ImportAssumption> LeftOut => _filter.LeftOut;

    /// <summary>Whether the last row was no reading.</summary>
    public bool IsLeftOut { get; private set; }

    /// <summary>Whether the last row had a time.</summary>
    public bool HasTime { get; private set; }

    public static RowReader Of(Layout layout, RowSubjects subjects) =>
        layout.Matrix.Count == 0 ? new TableRows(layout, subjects) : new MatrixRows(layout, subjects);

    /// <summary>Gives the rows that the source's current one holds, the same object each time.</summary>
    public void Read(ITableSource source, Action<SpooledRow> take)
    {
        Begin(source);
        HasTime = Row.Time is not null;
        IsLeftOut = _filter.LeavesOut(source, HasTime, Row.BadTime);
        if (_filter.Returned is { } before)
        {
            Begin(before);
            Finish(before, take);
            Begin(source);
        }

        if (!IsLeftOut)
        {
            Finish(source, take);
        }
    }

    private void Begin(ITableSource source)
    {
        Row.RowNumber = source.RowNumber;
        (Row.Time, Row.End, Row.BadTime) = (null, null, null);
        ReadTime(source);
    }

    private void Finish(ITableSource source, Action<SpooledRow> take)
    {
        Row.Subject = subjects.Read(source);
        Quality.Read(source);
        Give(source, take);
    }

    protected abstract void ReadTime(ITableSource source);

    protected abstract void Give(ITableSource source, Action<SpooledRow> take);

    protected static Cell At(ITableSource source, int column) => column < source.Cells.Count ? source.Cells[column] : Cell.Empty;
}

/// <summary>A row for each time.</summary>
internal sealed class TableRows(Layout layout, RowSubjects subjects) : RowReader(layout, subjects)
{
    protected override void ReadTime(ITableSource source)
    {
        Row.Time = Times.Read(source);
        Row.Days = Layout.Time.Days is { } days ? DayCounts.Of(DecimalColumn.NumberIn(At(source, days), decimalComma: false)) : (short)0;
        if (Row.Time is { } start && Layout.Time.HasEnds)
        {
            Row.End = Times.ReadEnd(source, start);
            Row.Time = Row.End is null ? null : start;
        }

        if (Layout.WholeFile is { } told && Row.Time is not null)
        {
            new TimeForm(null, null, told.HasRanges, Layout.Time.Offset?.Minutes) { HyphensAreMinutes = told.HyphensAreMinutes, MidnightEndsDay = told.MidnightEndsDay }.Settle(Row);
            Row.Time = RejectedReasons.WithOffset(HeaderTexts.TextOf(At(source, told.ReasonsColumn)), Row.Time.Value, told.Order ?? DateOrder.DayMonthYear);
        }

        Row.BadTime = Row.Time is null ? Times.Bad : null;
    }

    protected override void Give(ITableSource source, Action<SpooledRow> take)
    {
        for (var i = 0; i < Row.Values.Length; i++)
        {
            Row.Values[i] = Quality.Mark(ValueOf(source, Layout.Columns[i]), i);
        }

        take(Row);
    }

    private Cell ValueOf(ITableSource source, ValueColumn column)
    {
        var value = At(source, column.Index);
        return column.Index == Layout.Subject.WithUnits ? MarkedNumber.WithoutUnit(value)
            : column.Substitute is { } at && MissingMarkers.IsMissing(value) && MarkedNumber.Plain(At(source, at), column.SourceUnit) is var substitute && DecimalColumn.IsNumber(substitute)
            ? substitute with { IsEstimated = true }
            : MarkedNumber.Plain(value, column.SourceUnit);
    }
}

/// <summary>A row for a part of the time, and a column for each of the other.</summary>
internal sealed class MatrixRows(Layout layout, RowSubjects subjects) : RowReader(layout, subjects)
{
    private readonly bool _counts = layout.Matrix[0].Part.IsCounted;
    private readonly int[] _beside = [.. layout.Matrix.Select(column => OtherOf(column, layout))];

    protected override void ReadTime(ITableSource source)
    {
        Row.Time = Times.Read(source, Layout.Matrix[0].Part);
        Row.BadTime = Row.Time is null ? Times.Bad : null;
    }

    protected override void Give(ITableSource source, Action<SpooledRow> take)
    {
        var isElapsed = _counts && FollowsTheDay(source);
        for (var i = 0; i < Layout.Matrix.Count; i++)
        {
            var column = Layout.Matrix[i];
            var value = Quality.Mark(MarkedNumber.Plain(At(source, column.Index), Layout.Columns[0].SourceUnit), i);
            if (MissingMarkers.IsMissing(value) && (column.Part.IsExtra || (_beside[i] >= 0 && !MissingMarkers.IsMissing(At(source, _beside[i])))))
            {
                continue;
            }

            Row.Time = Times.Read(source, column.Part) is { } time ? time with { IsElapsed = isElapsed } : null;
            // Sums and templates have a zero where a month has no such day.
            if (Row.Time is { IsOfNoYear: true } && (MissingMarkers.IsMissing(value) || DecimalColumn.NumberIn(value, decimalComma: false) is 0))
            {
                continue;
            }

            Row.BadTime = Row.Time is null ? Times.Bad : null;
            Row.Values[0] = value;
            Row.Column = column.Index;
            take(Row);
        }
    }

    /// <summary>The other column of the same time of day: on most days only one of them is filled. -1 where there is none.</summary>
    private static int OtherOf(MatrixColumn column, Layout layout) => column.Part is { Clock: { } clock, IsCounted: false }
        && layout.Matrix.Where(other => other.Index != column.Index && other.Part.Clock?.OfDay == clock.OfDay).Cast<MatrixColumn?>().FirstOrDefault() is { } other ? other.Index : -1;

    /// <summary>
    /// Whether a row of numbered intervals has those of a day of 23 or 25 hours: the numbers then go on through the hour of the
    /// clock change. Otherwise the hour that the clocks skip is left blank.
    /// </summary>
    private bool FollowsTheDay(ITableSource source)
    {
        var regular = Layout.Matrix.Count(column => !column.Part.IsExtra);
        var lastHour = Layout.Matrix.Take(regular).TakeLast(regular / 24);
        return Layout.Matrix.Any(column => column.Part.IsExtra && !MissingMarkers.IsMissing(At(source, column.Index)))
            || (lastHour.All(column => MissingMarkers.IsMissing(At(source, column.Index)))
                && Layout.Matrix.Take(regular - (regular / 24)).All(column => !MissingMarkers.IsMissing(At(source, column.Index))));
    }
}
