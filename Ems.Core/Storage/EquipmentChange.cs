using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Series;

namespace Ems.Core.Storage;

/// <summary>What follows from a change of equipment, or of where it stands.</summary>
internal static class EquipmentChange
{
    /// <summary>Whether other things would be found about its values, or about those of meters above it.</summary>
    /// <param name="old">Null for new equipment.</param>
    public static bool IsJudgedAnew(Equipment? old, Equipment changed) => old is not null
        && Json(old with { Name = changed.Name, Type = changed.Type, Tags = changed.Tags, CreatedBy = changed.CreatedBy, MergedInto = changed.MergedInto })
            != Json(changed);

    /// <summary>The equipment about whose values other things would be found now: itself, and the meters next above it before and after.</summary>
    /// <param name="all">With the change.</param>
    public static List<string> MustBeChecked(Equipment old, IEnumerable<Equipment> all)
    {
        var equipment = all.ToDictionary(one => one.Id);
        var tree = new MeterTree(equipment);
        return [.. new[] { old, equipment[old.Id] }.SelectMany(one => tree.Above(one).Take(1).Select(above => above.Id)).Prepend(tree.Resolve(old.Id)).Distinct()];
    }

    /// <summary>Whether a merge, or its undoing, moves meters from below the one to below the other.</summary>
    public static bool MovesMeters(string fromId, IEnumerable<Equipment> all)
    {
        var equipment = all.Select(one => one.Id == fromId ? one with { MergedInto = null } : one).ToDictionary(one => one.Id);
        var tree = new MeterTree(equipment);
        return equipment.Values.Any(one => one.Parent is { } parent && tree.Resolve(parent) == fromId);
    }

    /// <summary>Whether days begin at other times.</summary>
    /// <param name="old">Null for a new site.</param>
    public static bool HasOtherDays(Site? old, Site changed) => old?.TimeZone != changed.TimeZone;

    /// <exception cref="InvalidOperationException">Readings cannot be given to a virtual meter, and it has none to give.</exception>
    public static void ThrowIfVirtual(Equipment from, Equipment into)
    {
        if ((from.Virtual is null ? into.Virtual is null ? null : into : from) is { } computed)
        {
            throw new InvalidOperationException($"{computed.Id} is a virtual meter, which has no readings of its own.");
        }
    }

    private static string Json(Equipment equipment) => JsonSerializer.Serialize(equipment, EmsJson.Options);
}
