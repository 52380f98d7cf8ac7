using Ems.Core.Metering;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>What only the whole file tells.</summary>
/// <param name="Rows">Rows of the file below its headers.</param>
/// <param name="Mapping">What the columns of values mean; a column whose rows say it comes once for each meaning.</param>
/// <param name="Meters">What the file says about its meters.</param>
/// <param name="Gaps">Cells without a value, by what stands in them.</param>
/// <param name="Delivered">Which equipment delivers what a reading may miss.</param>
internal sealed record FileFacts(
    IReadOnlyList<SheetFacts> Sheets, int Rows, IReadOnlyList<ValueColumn> Mapping, IReadOnlyList<MeterFacts> Meters,
    IReadOnlyDictionary<string, long> Gaps, IReadOnlySet<(string EquipmentId, string Metric)> Delivered, IReadOnlyList<ImportAssumption> Assumptions);

/// <summary>What only the whole of a sheet tells.</summary>
/// <param name="Spool">Where its rows are in the spool file.</param>
/// <param name="DecimalComma">For each value column.</param>
internal sealed record SheetFacts(
    Layout Layout, SpoolRange Spool, IReadOnlyList<RowSubject> Subjects, DateOrder Order, IReadOnlyList<bool> DecimalComma)
{
    /// <summary>Whether dates are written that the order alone tells.</summary>
    public bool HasOpenDates { get; init; }

    /// <summary>Numbers that stand for no value, for each value column.</summary>
    public IReadOnlyList<IReadOnlySet<double>> Sentinels { get; init; } = [];

    /// <summary>Between which rows of a subject a nought, or a number below, is no reading of a register, for each value column; null where each is one.</summary>
    public IReadOnlyList<IReadOnlyDictionary<int, (int From, int To)>?> LostNoughts { get; init; } = [];

    /// <summary>Positions among the value columns that are sums of others.</summary>
    public IReadOnlySet<int> TotalColumns { get; init; } = new HashSet<int>();

    /// <summary>Columns of energies and volumes that are blank for a meter of the rows, by its id, where other meters have volumes of gas or water.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<int>> BlankVolumes { get; init; } = new Dictionary<string, IReadOnlySet<int>>();

    /// <summary>By <see cref="LabelsOf"/>.</summary>
    public IReadOnlyDictionary<string, SeriesFacts> Series { get; init; } = new Dictionary<string, SeriesFacts>();

    /// <summary>What the labels stand for, when the request or the file says it.</summary>
    public LabelMeaning? Label { get; init; }

    /// <summary>The first and the last label; null where there is none.</summary>
    public (LocalDateTime From, LocalDateTime To)? Extent { get; init; }

    /// <summary>
    /// From the written end of an interval, or the label at it, to its real one, as an end may be its last month, day, minute or second. Where
    /// the rows have both ends, of most series.
    /// </summary>
    public Duration EndsAfter { get; init; }

    /// <summary>How many days more an interval has than its row says (<see cref="SpooledRow.Days"/>); null where what it says is no length of intervals.</summary>
    public int? MoreDays { get; init; }

    /// <summary>Rows of several months that others of their series fill.</summary>
    public PeriodTotals PeriodTotals { get; init; } = PeriodTotals.None;

    /// <summary>Whether marked times are the first of two equal ones: those of the summer.</summary>
    public bool MarksAreOfSummer { get; init; }

    /// <summary>Whether labels at ends repeat where the ends do, and not where the starts do.</summary>
    public bool RepeatsEnds { get; init; }

    /// <summary>Whether its rows have values for an hour that the clocks skip, of which a label at its end is one.</summary>
    public bool FillsSkipped { get; init; }

    /// <summary>Days whose hours are numbered through a clock change, by <see cref="LabelsOf"/>.</summary>
    public IReadOnlySet<(string Series, LocalDate Date)> CountedDays { get; init; } = new HashSet<(string, LocalDate)>();

    private readonly string[] _labels = SeriesKeys(Layout, Subjects);
    private readonly string[] _keys = [.. Subjects.Select(subject => subject.EquipmentId ?? "")];

    /// <summary>The equipment that a row belongs to; empty where the rows name none.</summary>
    public string KeyOf(SpooledRow row) => _keys[row.Subject];

    /// <summary>Whose labels a row goes on with: those of its equipment, and where rows say what is measured, of that alone.</summary>
    public string LabelsOf(SpooledRow row) => _labels[row.Subject];

    /// <summary>Whether rows have the times of day; else headers do.</summary>
    public bool HasClockInRows => Layout.Matrix.Count == 0 || Layout.Time.Clock is not null;

    /// <summary>The time of a row; null where it has none, or one that its day does not have.</summary>
    public WrittenTime? TimeOf(SpooledRow row)
    {
        if (row.Time is not { IsElapsed: false } time || !HasClockInRows)
        {
            return row.Time;
        }

        var isLate = Layout.Time.Clock?.Cells.HourOf(time.OfDay) is { } hour ? hour >= 24 && time.OffsetMinutes is null : time.OfDay > ClockTime.Day;
        return CountedDays.Count > 0 && time.DateIn(Order) is { } date && CountedDays.Contains((LabelsOf(row), date)) ? time with { IsElapsed = true }
            : isLate ? null : time;
    }

    /// <summary>The months that the label of a row names; null where it names none, or has both ends.</summary>
    public NamedPeriod? PeriodOf(SpooledRow row) =>
        row is { End: null, Time: { IsMonth: true } time } && time.ToLocal(Order) is { } local ? NamedPeriod.Of(LabelsOf(row), time, local) : null;

    /// <summary>The months of a row where shorter periods have a part of them in a column; null where they have none.</summary>
    public NamedPeriod? BegunOf(SpooledRow row, int column) =>
        PeriodOf(row) is { } period && (PeriodTotals.HaveBegun(period, column) || Subjects[row.Subject].Own.HasBegun(period, Layout.Columns[column].Index)) ? period : null;

    /// <summary>What is known of the labels that a row goes on with.</summary>
    public SeriesFacts SeriesOf(SpooledRow row) => Series.GetValueOrDefault(LabelsOf(row)) is { Change: not null } series && TimeOf(row)?.ToLocal(Order) is { } label
        ? series with { Step = series.StepAt(label, Label == LabelMeaning.End) } : Series.GetValueOrDefault(LabelsOf(row));

    /// <summary>The equipment of labels (<see cref="LabelsOf"/>); empty where the rows name none.</summary>
    public static string MeterOf(string labels) => labels.Split('\n', 2)[0];

    private static string[] SeriesKeys(Layout layout, IReadOnlyList<RowSubject> subjects)
    {
        var quantities = new Quantities(layout, subjects);
        var said = Enumerable.Range(0, layout.Columns.Count).Where(i => layout.Columns[i].IsSaidByRow).ToList();
        return [.. subjects.Select((subject, i) => string.Join('\n', said.Select(column => quantities.Of(column, i).Metric).Prepend(subject.EquipmentId ?? "")))];
    }
}

/// <summary>How labels that go on with each other follow each other.</summary>
/// <param name="Step">Nominal; zero when there are no two labels.</param>
/// <param name="DayOfMonth">Of all labels, which in a shorter month have its last; zero where they have no one day.</param>
internal readonly record struct SeriesFacts(Duration Step, LabelOrder Order, int DayOfMonth)
{
    /// <summary>From the written end of an interval to its real one.</summary>
    public Duration EndsAfter { get; init; }

    /// <summary>Where there is one label before which they are otherwise apart than behind it, the label and both steps; null where there is none.</summary>
    public (Duration Earlier, LocalDateTime Border, Duration Later)? Change { get; init; }

    /// <summary>Nominal step of what a label is the start or the end of.</summary>
    public Duration StepAt(LocalDateTime label, bool isEnd) => Change is not var (earlier, border, later) ? Step : label > border || (label == border && !isEnd) ? later : earlier;

    /// <summary>The days on which a meter was read, in their order; null where the labels are no such days.</summary>
    public LocalDate[]? ReadDates { get; init; }

    /// <summary>Where the store knows it, the day on which the meter was read before, by the day of a reading.</summary>
    public IReadOnlyDictionary<LocalDate, LocalDate>? ReadSince { get; init; }
}

/// <summary>What a file says about a meter.</summary>
/// <param name="Carrier">Null when it does not say it.</param>
internal sealed record MeterFacts(string EquipmentId, string? Name, string? Type, string? Site, string? SiteName, string? Carrier)
{
    /// <summary>The meter whose own values have those of this one in them; null where it is counted apart.</summary>
    public string? Parent { get; init; }

    /// <summary>What its carrier was guessed by; null where it is said.</summary>
    public string? GuessedBy { get; init; }

    /// <summary>Whether what it counts flows out.</summary>
    public bool IsExport { get; init; }

    /// <summary>What its readings are multiplied by; null where the file says nothing, or different things.</summary>
    public double? Multiplier { get; init; }
}
