using Ems.Core.Metering;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>What a whole file told and a few of its rows no longer do. What its header does not say is null.</summary>
/// <param name="Row">That of the headers: the rows below are those of the file.</param>
/// <param name="ReasonsColumn">Where a row says what it has of its own.</param>
internal sealed record WholeFile(int Row, int ReasonsColumn)
{
    public string? File { get; init; }
    public string? Sheet { get; init; }

    /// <summary>What the file calls its equipment, where that is not the name that follows from the file's and the sheet's.</summary>
    public string? Name { get; init; }

    /// <summary>The equipment of what no row names.</summary>
    public string? EquipmentId { get; init; }

    /// <inheritdoc cref="Layout.Site"/>
    public string? Site { get; init; }

    /// <summary>The place that the sheet said it is of.</summary>
    public string? Place { get; init; }

    /// <inheritdoc cref="Layout.PlaceIsSheet"/>
    public bool PlaceIsSheet { get; init; }
    public SharedNames Shared { get; init; } = SharedNames.None;

    /// <summary>Id of the profile that the file was read by.</summary>
    public string? Profile { get; init; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Whether its columns of values are parts of that equipment.</summary>
    public bool HasParts { get; init; }

    /// <summary>Header of the column that names the equipment of a row.</summary>
    public string? MeterColumn { get; init; }

    /// <summary>What each column was taken for.</summary>
    public IReadOnlyList<FileColumn>? Columns { get; init; }

    /// <summary>Header of the column of values that others are within; null where none is.</summary>
    public string? Whole { get; init; }

    /// <summary>Headers of columns of values that are the sum of others.</summary>
    public IReadOnlyCollection<string> TotalColumns { get; init; } = [];

    /// <inheritdoc cref="SubjectColumns.Own"/>
    public IReadOnlySet<string> Own { get; init; } = new HashSet<string>();

    /// <summary>Headers of columns that are registers, as their values showed.</summary>
    public IReadOnlyCollection<string> Registers { get; init; } = [];

    /// <summary>Whether what the request says is of all rows that do not say themselves what is measured.</summary>
    public bool RowsAreAsSent { get; init; }

    public DateOrder? Order { get; init; }

    /// <summary>How times of day are written beside their dates, and those of the ends.</summary>
    public ClockCells? Clock { get; init; }

    /// <inheritdoc cref="Clock"/>
    public ClockCells? EndClock { get; init; }

    /// <inheritdoc cref="TimeColumn.IsOfMonths"/>
    public bool YearsArePeriods { get; init; }

    /// <inheritdoc cref="TimeForm.HasRanges"/>
    public bool HasRanges { get; init; }

    /// <inheritdoc cref="TimeForm.HyphensAreMinutes"/>
    public bool HyphensAreMinutes { get; init; }

    /// <inheritdoc cref="TimeForm.MidnightEndsDay"/>
    public bool MidnightEndsDay { get; init; }

    /// <inheritdoc cref="TimeForm.NextDayBefore"/>
    public TimeSpan NextDayBefore { get; init; }

    /// <summary>Whether its dates alone are its times, though other columns could be taken for times of day.</summary>
    public bool HasNoClock { get; init; }
    public LabelMeaning? Label { get; init; }

    /// <summary>How far the labels of most of its series are apart; null where none has two.</summary>
    public Duration? Step { get; init; }

    /// <inheritdoc cref="SheetFacts.EndsAfter"/>
    public Duration EndsAfter { get; init; }

    /// <inheritdoc cref="SheetFacts.MoreDays"/>
    public int? MoreDays { get; init; }

    /// <inheritdoc cref="SheetFacts.RepeatsEnds"/>
    public bool RepeatsEnds { get; init; }

    /// <inheritdoc cref="SheetFacts.FillsSkipped"/>
    public bool FillsSkipped { get; init; }

    /// <inheritdoc cref="TimeColumns.Given"/>
    public NamedDate? Given { get; init; }

    /// <inheritdoc cref="TimeColumns.FirstMonth"/>
    public int? FirstMonth { get; init; }

    /// <inheritdoc cref="Layout.ReadsAtEnd"/>
    public bool ReadsAtEnd { get; init; }

    /// <summary>Whether what is headed as readings of a register goes up and down.</summary>
    public bool ReadingsAreAmounts { get; init; }

    /// <summary>A layout of the rows with what the file told about them.</summary>
    /// <param name="sheet">Where the rows are now.</param>
    public Layout Of(Layout layout, string sheet, string? equipmentId) => layout with
    {
        Sheet = sheet,
        WholeFile = this,
        Site = Site,
        Place = Place,
        PlaceIsSheet = PlaceIsSheet,
        FileName = Name ?? layout.FileName,
        EquipmentId = equipmentId ?? EquipmentId ?? layout.EquipmentId,
        Time = layout.Time.With(layout.Time.Clock is null ? null : Clock, layout.Time.EndClock is null ? null : EndClock),
    };
}
