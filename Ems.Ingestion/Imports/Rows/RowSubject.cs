using System.Runtime.InteropServices;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Whose values a row has and what they are, as far as its columns say it.</summary>
/// <param name="EquipmentId">Null when no column names one, or the row's cell is blank.</param>
/// <param name="Type">What flows through the meter.</param>
/// <param name="Part">What the meter counts apart.</param>
/// <param name="Own">What a rejected row says about its interval itself.</param>
internal readonly record struct RowSubject(
    string? EquipmentId, string? Name = null, string? Site = null, string? SiteName = null, string? Type = null, string? Metric = null, string? Unit = null,
    string? Part = null, OwnInterval Own = default)
{
    /// <summary>Whether what it counts flows out.</summary>
    public bool IsExport { get; init; }

    /// <summary>What becomes of a name that is, or may be, that of what is made or flows out.</summary>
    public OutwardName Outward { get; init; }

    /// <summary>Whether any of its rows has a factor of gas.</summary>
    public bool HasGasFactor { get; init; }

    /// <summary>What readings of its registers are multiplied by.</summary>
    public double? Multiplier { get; init; }

    /// <summary>Where its local times are, as the row names it.</summary>
    public string? Zone { get; init; }
}

/// <summary>What becomes of meters that rows call after what is made or flows out.</summary>
internal enum OutwardName
{
    None,

    /// <summary>Counted below zero.</summary>
    Out,

    /// <summary>Above it, as the meter that is there.</summary>
    In,

    /// <summary>Taken as it is: a hall or a machine may be called so.</summary>
    Unsure,
}

/// <summary>The different subjects of a sheet: rows refer to them by number.</summary>
internal sealed class RowSubjects(Layout layout)
{
    private const int MaxSubjects = 100_000;

    private readonly Dictionary<RowSubject, int> _numbers = [];
    private readonly List<RowSubject> _subjects = [];
    private readonly HashSet<int> _haveGasFactor = [];
    private readonly Dictionary<string, string?> _sides = [];
    private readonly Dictionary<RowSubject, string?> _unitsOfCells = [];
    private string? _lastEquipment;
    private (string? Site, string? Name) _lastPlace;
    private string? _lastType;

    /// <summary>The subject of the source's current row.</summary>
    /// <exception cref="ImportFaultException">There are too many.</exception>
    public int Read(ITableSource source)
    {
        var columns = layout.Subject;
        var metric = TextAt(source, columns.Metric);
        var device = metric is not null && columns.MetricNamesDevices ? DeviceNames.InFront(metric) : null;
        var equipment = TextAt(source, columns.Equipment) ?? device;
        if (equipment is null && columns.EquipmentFillsDown)
        {
            equipment = _lastEquipment;
        }

        _lastEquipment = equipment;
        var place = (Site: TextAt(source, columns.Site), Name: TextAt(source, columns.SiteName));
        _lastPlace = columns.SiteFillsDown && place is (null, null) ? _lastPlace : place;
        _lastType = TextAt(source, columns.Type) ?? (columns.TypeFillsDown ? _lastType : null);
        var subject = new RowSubject(
            equipment, TextAt(source, columns.Name), _lastPlace.Site, _lastPlace.Name, _lastType,
            metric, TextAt(source, columns.Unit), PartAt(source) ?? SideIn(metric), RejectedReasons.ReadInterval(TextAt(source, layout.WholeFile?.ReasonsColumn)))
        {
            Multiplier = columns.Multiplier is { } multiplier ? Multipliers.ValueOf(CellAt(source, multiplier.Index)) : null,
            Zone = TextAt(source, columns.Zone?.Index),
        };
        subject = columns.WithUnits is { } cells ? subject with { Unit = UnitIn(TextAt(source, cells), subject) } : subject;
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, subject, out var known);
        if (!known)
        {
            number = _subjects.Count;
            _subjects.Add(subject);
            RefuseCut(source);
            if (_subjects.Count > MaxSubjects)
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.DataValidationFailed, $"More than {MaxSubjects} different meters are named. Give the column of meters the role equipment in the mapping.",
                    layout.Sheet, source.RowNumber));
            }
        }

        if (layout.GasFactor is var (factor, _) && TextAt(source, factor) is { } text && DecimalColumn.LooksNumeric(text))
        {
            _haveGasFactor.Add(number);
        }

        return number;
    }

    /// <summary>A number that is cut may be that of many meters.</summary>
    private void RefuseCut(ITableSource source)
    {
        if (layout.Subject.Equipment is { } column && CellAt(source, column).Text is { } text && EquipmentNames.IsCut(text))
        {
            var header = layout.Proposal.FirstOrDefault(one => one.Role == ColumnRole.Equipment)?.Column;
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed,
                $"{header ?? "The column of the equipment"} has {text}: it is a longer number of which the last digits were lost when the file was saved, and several meters may have become one. Format the column as text, or as numbers without decimals (0), where it was exported, and export it again; or give another column the role equipment, and this one ignored, in the mapping; or send equipment_id where all rows are of one.",
                layout.Sheet, source.RowNumber, header));
        }
    }

    /// <summary>All of them in order of their numbers, and what the rows name them.</summary>
    public IReadOnlyList<(RowSubject Subject, string? Name)> Named => [.. _subjects.Select((subject, i) => (subject with
    {
        EquipmentId = subject.EquipmentId is { } name ? EquipmentNames.ToId(name) : null,
        HasGasFactor = _haveGasFactor.Contains(i),
    }, subject.EquipmentId))];

    /// <summary>The unit that a cell has with its number. A number alone, and what is none, is in the only one that the subject had so far.</summary>
    private string? UnitIn(string? cell, in RowSubject subject)
    {
        if (cell is null || MarkedNumber.Find(cell)?.Unit?.Symbol is not { } unit)
        {
            return cell is not null && UnclearUnits.BehindNumber(cell) is { } unclear ? unclear : _unitsOfCells.GetValueOrDefault(subject);
        }

        ref var only = ref CollectionsMarshal.GetValueRefOrAddDefault(_unitsOfCells, subject, out var known);
        only = !known || only == unit ? unit : null;
        return unit;
    }

    private string? PartAt(ITableSource source) =>
        TextAt(source, layout.Subject.Part) is { } part && !layout.Subject.Own.Contains(part) && (!layout.Subject.PartIsExport || Directions.NameNoConsumption(part) || Directions.IsExport(part)) ? part : null;

    /// <summary>A meter of heat has a temperature of either side, as it has where they are columns.</summary>
    private string? SideIn(string? metric)
    {
        if (metric is null || layout.Subject.Part is not null)
        {
            return null;
        }

        ref var side = ref CollectionsMarshal.GetValueRefOrAddDefault(_sides, metric, out var known);
        return known ? side : side = PartNames.SideIn(metric);
    }

    private static Cell CellAt(ITableSource source, int index) => index < source.Cells.Count ? source.Cells[index] : Cell.Empty;

    private static string? TextAt(ITableSource source, int? column)
    {
        var cell = column is { } index ? CellAt(source, index) : Cell.Empty;
        return MissingMarkers.IsMissing(cell) || HeaderTexts.TextOf(cell) is not { Length: > 0 } text ? null : text;
    }
}
