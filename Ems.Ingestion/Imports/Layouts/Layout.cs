using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Something the file did not say, or that was left out of it.</summary>
internal sealed record ImportAssumption(string What, string Value, string Why);

/// <summary>What a column of values means.</summary>
/// <param name="Index">Position in the row, from 0.</param>
/// <param name="EquipmentId">The meter the column belongs to; null for the row's or the file's equipment.</param>
/// <param name="SourceUnit">Unit of the cells.</param>
internal sealed record ValueColumn(
    int Index, string Header, string? EquipmentId, string Metric, QuantityKind Kind, string Unit, string SourceUnit)
{
    /// <summary>What the header says beside metric and unit.</summary>
    public string Name => (UnclearUnits.Read(Header, SourceUnit) ?? HeaderReader.Read(Header)).Rest.Trim();

    /// <summary>The metric, or what the header names where the metric is one of its own name, as that of a phase is.</summary>
    public string KnownMetric => MetricCatalogue.Find(Metric) is not null ? Metric
        : Phase is { Length: > 0 } phase && Metric.EndsWith($"_{phase}", StringComparison.Ordinal) ? Metric[..^(phase.Length + 1)]
        : HeaderReader.Read(Header).Metric?.Name ?? Metric;

    /// <summary>
    /// Whether other columns say, row by row, what its values are. The metric and the unit of rows that have none are those that the request
    /// wants then, if any, and the kind says whether amounts are states of registers.
    /// </summary>
    public bool IsSaidByRow { get; init; }

    /// <summary>Whether another column says, row by row, the unit of its values; the source unit is one of those.</summary>
    public bool HasUnitOfRow { get; init; }

    /// <summary>Whether the sender says whether it is a register.</summary>
    public bool IsKindTold { get; init; }

    /// <summary>Whether only its values say that it is a register.</summary>
    public bool IsRegisterByValues { get; init; }

    /// <summary>Whether the sender says which meter it is of.</summary>
    public bool IsMeterTold { get; init; }

    /// <summary>What it counts of several things that the row's or the file's equipment counts apart: a carrier, a tariff.</summary>
    public string? Part { get; init; }

    /// <summary>The part whose own values have those of this one in them, empty where the equipment's own have; null where they are counted apart.</summary>
    public string? Whole { get; init; }

    /// <summary>Whether it is of another carrier than the energy that its meter counts beside it.</summary>
    public bool IsBeside { get; init; }

    /// <summary>Whether the columns of this metric and meter add up to its value, as those of the phases of a line do.</summary>
    public bool IsAddend { get; init; }

    /// <summary>The phase that it is of, empty for all of them, where the columns of an analyser beside it tell that; null where its own header does, or nothing.</summary>
    public string? Phase { get; init; }

    /// <summary>The column whose values stand where it has none, as estimates; null where there is no such column.</summary>
    public int? Substitute { get; init; }

    /// <summary>What flows through it, where columns beside it say so; null where its own header does, or nothing.</summary>
    public string? Carrier { get; init; }

    /// <summary>Whether it counts what flows out, beside columns of what flows in.</summary>
    public bool IsExport { get; init; }

    /// <summary>Whether the sender says whether it does.</summary>
    public bool IsDirectionTold { get; init; }

    /// <summary>As a meter of this name: one of its own, or of each equipment that the rows name a part.</summary>
    public ValueColumn AsMeter(string name, bool isOfRows) =>
        isOfRows ? this with { Part = name } : this with { EquipmentId = EquipmentNames.ToId(name), Part = null };

    /// <summary>The meter the column belongs to in rows of this equipment.</summary>
    public string MeterOf(string equipmentId) => EquipmentId ?? IdOf(equipmentId, Part);

    /// <summary>The meter that this one is a sub-meter of, in rows of this equipment; null where it is of none.</summary>
    public string? ParentOf(string equipmentId) => Whole is null ? null : IdOf(equipmentId, Whole);

    private static string IdOf(string equipmentId, string? part) => string.IsNullOrEmpty(part) ? equipmentId : EquipmentNames.ToId($"{equipmentId} {part}");

    /// <param name="told">What the sender says that they are.</param>
    public static ValueColumn SaidByRow(int index, string header, QuantityKind? told, bool isRegister) =>
        new(index, header, null, "", told ?? (isRegister ? QuantityKind.Register : QuantityKind.Interval), "", "") { IsSaidByRow = true, IsKindTold = told is not null };
}

/// <summary>A column of a matrix, whose header has a part of the time.</summary>
internal readonly record struct MatrixColumn(int Index, TimePart Part, string Header = "");

/// <summary>A part of a time: a date, a time of day, a month of any year, or a year.</summary>
internal readonly record struct TimePart
{
    public WrittenTime? Date { get; init; }
    public ClockTime? Clock { get; init; }
    public int? Month { get; init; }

    /// <summary>How many months it has from that one on.</summary>
    public short Months { get; init; }
    public int? Year { get; init; }

    /// <summary>Whether the year goes on into the next one, as a financial year does.</summary>
    public bool IsFinancial { get; init; }

    /// <summary>Of the month that the row names.</summary>
    public int? Day { get; init; }

    /// <summary>Whether it counts an interval of the day rather than naming a time by the clock.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether only a day of 25 hours has it.</summary>
    public bool IsExtra { get; init; }
}

/// <summary>Where things are in a sheet.</summary>
/// <param name="Sheet">Empty in a file without sheets.</param>
/// <param name="HeaderRow">As a person counts, from 1; 0 without headers.</param>
/// <param name="FirstRow">The first row of values.</param>
/// <param name="Time">Where a row's time is; of a matrix, the part of it that its headers do not have.</param>
/// <param name="EquipmentId">The equipment where neither a column nor a row names one.</param>
/// <param name="Columns">Of values; a matrix has one.</param>
internal sealed record Layout(
    string Sheet, int HeaderRow, int FirstRow, TimeColumns Time, SubjectColumns Subject, string EquipmentId,
    IReadOnlyList<ValueColumn> Columns, IReadOnlyList<ImportAssumption> Assumptions)
{
    /// <summary>What the sheet or the file calls its equipment.</summary>
    public string FileName { get; init; } = "";

    /// <summary>What stands above its number, where a line above the table says which meter it is; null where the sheet or the file names it.</summary>
    public string? NamedBy { get; init; }

    /// <summary>Whether a line above all columns of values names the device that they are of.</summary>
    public bool IsOfDevice { get; init; }

    /// <summary>The zone that the lines above the table name; null where none does.</summary>
    public string? Zone { get; init; }

    /// <summary>That of an offset in the lines above the table which may be that of winter alone; null where there is none.</summary>
    public string? OffsetZone { get; init; }

    /// <summary>That of a feed, which counts where no site says another; null where it says none.</summary>
    public string? FeedZone { get; init; }

    /// <summary>A name of several zones in the lines above the table, and the line; null where there is none.</summary>
    public (string Name, string Line)? SharedZone { get; init; }

    /// <summary>What the sheet or the file would call it.</summary>
    public string OwnName { get; init; } = "";

    /// <summary>Whether nothing but the name of the sheet or the file says whose some of the values are.</summary>
    public bool NamesItsOwnEquipment => Subject.Equipment is null && Columns.Any(column => column.EquipmentId is null);

    /// <summary>What the file is called that it is of, or the one of an archive.</summary>
    /// <param name="fileName">Of the file that was sent, which may be one of rejected rows.</param>
    public string FileOf(string fileName) => WholeFile is { File: { } whole } rows ? EquipmentNames.FromFile(rows.Sheet ?? "", whole) : EquipmentNames.FromFile(Sheet, fileName);

    /// <summary>What tells rows of reactive energy; null where there are none.</summary>
    public ReactiveRows? Reactive { get; init; }

    /// <summary>What tells lines of invoices that count no energy; null where the rows are none.</summary>
    public InvoiceLines? Invoice { get; init; }

    /// <summary>Columns of a matrix; empty in a table, which has a row for each time.</summary>
    public IReadOnlyList<MatrixColumn> Matrix
    {
        get;
        init
        {
            field = value;
            _matrixHeaders = new(() => value.ToDictionary(cell => cell.Index, cell => cell.Header));
        }
    } = [];

    private Lazy<Dictionary<int, string>> _matrixHeaders = new(() => []);

    /// <summary>The header of a value: in a matrix, that of the column it stands in.</summary>
    /// <param name="column">Its position among the columns of values.</param>
    public string HeaderOf(SpooledRow row, int column) => Matrix.Count == 0 ? Columns[column].Header : _matrixHeaders.Value[row.Column];

    /// <summary>Whether its rows or its headers name days of months or years, and so whole days, though those that follow each other in the file are months or years apart.</summary>
    public bool IsOfDays => Time.YearDay is not null || Matrix is [{ Part.Day: not null }, ..] || (Time.Day is not null && Matrix is [{ Part.Clock: null }, ..]);

    /// <summary>The columns whose blank cells are those of the rows above.</summary>
    public IEnumerable<int> FilledDown
    {
        get
        {
            int?[] all =
            [
                Time.DateFillsDown ? Time.Date?.Index : null, Time.YearFillsDown ? Time.Year : null, Time.MonthFillsDown ? Time.Month : null,
                Subject.EquipmentFillsDown ? Subject.Equipment : null, Subject.SiteFillsDown ? Subject.Site : null, Subject.SiteFillsDown ? Subject.SiteName : null,
                Subject.TypeFillsDown ? Subject.Type : null,
            ];
            return all.OfType<int>().Distinct();
        }
    }

    /// <summary>A column of directions, of which the first rows have but one; null where there is none.</summary>
    public OneDirection? OneDirection { get; init; }

    /// <summary>A column of customers, of whom the first rows have but one; null where there is none.</summary>
    public OneCustomer? OneCustomer { get; init; }

    /// <summary>Columns that may tell meters apart below the first rows.</summary>
    public IReadOnlyList<LaterMeters> LaterMeters { get; init; } = [];

    /// <summary>Columns that are known by their headers alone, as the sheet goes on below its first rows.</summary>
    public IReadOnlyList<int> NotBegun { get; init; } = [];

    /// <summary>Columns of amounts whose first numbers rise in the order of time, where the rows of the file are in none.</summary>
    public IReadOnlySet<int> Rising { get; init; } = new HashSet<int>();

    /// <inheritdoc cref="SheetTable.UnitsBeside"/>
    public IReadOnlyList<UnitBeside> UnitsBeside { get; init; } = [];

    /// <summary>What every column of the sheet was taken for, and why.</summary>
    public IReadOnlyList<MappedColumn> Proposal { get; init; } = [];

    /// <summary>What the file told that these are rows of; null unless they come from a workbook of rejected rows.</summary>
    public WholeFile? WholeFile { get; init; }

    /// <summary>The reading that, less the one before beside it, is the amount of its row: the row's date is that of this reading. Null where none is.</summary>
    public string? LastReading { get; init; }

    /// <summary>Whether registers whose readings are of whole months were read at their ends.</summary>
    public bool ReadsAtEnd { get; init; }

    /// <summary>Whether a title, or the name of sheet or file, says that its values are those of registers.</summary>
    public bool NamesRegisters { get; init; }

    /// <summary>Whether rows have the reading before their own beside it.</summary>
    public bool HasReadingBefore { get; init; }

    /// <summary>The column of what turns volumes of gas into energy: meters that have it are of gas. Null where there is none.</summary>
    public (int Index, string Header)? GasFactor { get; init; }

    /// <inheritdoc cref="SheetTable.Multipliers"/>
    public (string Header, IReadOnlyDictionary<int, double> ByColumn)? Multipliers { get; init; }

    /// <summary>What flows through its meters, as the texts around a table say it, and why; null where they do not.</summary>
    public (string Carrier, string Why)? Carrier { get; init; }

    /// <summary>The same of volumes whose rows say their unit and have no column for what flows; null where nothing does.</summary>
    public (string Carrier, string Why)? CarrierOfVolumes => Subject.Type is null && Carrier is (Carriers.Gas or Carriers.Water, _) ? Carrier : null;

    /// <summary>The place that the sheet says it is of; null where it says none.</summary>
    public string? Place { get; init; }

    /// <summary>Whether nothing but the name of the sheet says that, and the values of other sheets.</summary>
    public bool PlaceIsSheet { get; init; }

    /// <summary>The site that a line above the table names; null where none does.</summary>
    public string? Site { get; init; }

    /// <summary>What lines above the table say of it, whatever it looks like: it may be one that is there.</summary>
    public IReadOnlyList<(string Text, bool MayBeNew)> SiteLines { get; init; } = [];

    /// <summary>Its names of several meters.</summary>
    public SharedNames Shared { get; init; } = SharedNames.None;

    /// <summary>Of sheets that are left out as they have nothing else: cells without a value, by what stands in them.</summary>
    public IReadOnlyDictionary<string, long> GapsElsewhere { get; init; } = new Dictionary<string, long>();

    /// <summary>Texts around a matrix, which may say what it is of.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];
}

/// <summary>Knows one way in which sheets lay out readings.</summary>
internal interface ILayoutRecogniser
{
    /// <summary>The layout of a sheet; null when it is of another kind.</summary>
    /// <exception cref="ImportFaultException">It is of this kind, but more than one reading of it is possible.</exception>
    Layout? Recognise(SheetSample sample, string fileName, ImportForm form);
}
