using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>A column of something beside the values, such as how far they can be trusted.</summary>
internal readonly record struct HeadedColumn(int Index, string Header);

/// <summary>The columns that say whose a row's values are and what they measure.</summary>
internal sealed record SubjectColumns
{
    public int? Equipment { get; init; }
    public int? Name { get; init; }

    /// <summary>Whether that is a place, as nothing names a meter.</summary>
    public bool EquipmentIsPlace { get; init; }

    /// <summary>Whether its header says that it names places or tenants, which may be called anything.</summary>
    public bool EquipmentIsTenant { get; init; }

    /// <summary>Whether nothing says that it names meters, or has their numbers.</summary>
    public bool EquipmentIsLabel { get; init; }

    /// <summary>Whether a header has no word of meters, of what they count apart, or of numbers.</summary>
    public static bool IsLabel(string header) => !new HeaderWords(header).Any([.. SubjectFinder.Meters, .. SubjectFinder.Parts, .. SubjectFinder.Ids, .. SubjectFinder.Serials]);

    /// <summary>Whether several meters may be called so: an id is of one.</summary>
    public bool EquipmentIsName => Equipment == Name || EquipmentIsPlace || EquipmentIsLabel;
    public int? Site { get; init; }
    public int? SiteName { get; init; }

    /// <summary>What flows through the meter.</summary>
    public int? Type { get; init; }
    public int? Metric { get; init; }

    /// <summary>Whether the metric stands behind the name of the device that it is of: <c>Chiller active power</c>.</summary>
    public bool MetricNamesDevices { get; init; }

    /// <summary>Whether it may be so of rows farther down, as nothing else names whose the values are.</summary>
    public bool MetricMayNameDevices { get; init; }
    public int? Unit { get; init; }

    /// <inheritdoc cref="SheetTable.WithUnits"/>
    public int? WithUnits { get; init; }

    /// <summary>Whether the rows have the units of the values of a column.</summary>
    public bool HasUnitsOf(int column) => Unit is not null || WithUnits == column;

    /// <summary>What its meter counts apart: a channel, a register, a direction.</summary>
    public int? Part { get; init; }

    /// <summary>Whether its header names both directions: what flows in is of the meter itself then, as files without the other have it.</summary>
    public bool PartIsExport { get; init; }

    /// <summary>Texts of the part that are of the meter itself.</summary>
    public IReadOnlySet<string> Own { get; init; } = new HashSet<string>();

    public IReadOnlyList<HeadedColumn> Quality { get; init; } = [];

    /// <summary>What readings of registers are multiplied by.</summary>
    public HeadedColumn? Multiplier { get; init; }

    /// <summary>Where the local times of a row are.</summary>
    public HeadedColumn? Zone { get; init; }

    /// <summary>Whether a blank equipment is that of the row above: its cells are merged.</summary>
    public bool EquipmentFillsDown { get; init; }

    /// <summary>Whether a blank site, or its name, is that of the row above.</summary>
    public bool SiteFillsDown { get; init; }

    /// <summary>Whether a blank type is that of the row above.</summary>
    public bool TypeFillsDown { get; init; }

    public bool SayWhatIsMeasured => Metric is not null || Unit is not null || WithUnits is not null;

    public IEnumerable<int> Indexes
    {
        get
        {
            int?[] all = [Equipment, Name, Site, SiteName, Type, Metric, Unit, Part, Multiplier?.Index, Zone?.Index];
            return all.OfType<int>().Concat(Quality.Select(column => column.Index));
        }
    }
}
