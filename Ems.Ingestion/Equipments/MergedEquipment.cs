using Ems.Core.Series;
using Ems.Core.Storage;

namespace Ems.Ingestion.Equipments;

/// <summary>Follows merges to the equipment that has the readings.</summary>
internal static class MergedEquipment
{
    /// <summary>What readings of this id go to; null where it is new.</summary>
    public static async Task<Equipment?> FindTargetAsync(this ICatalogue catalogue, string id, CancellationToken cancellationToken)
    {
        var equipment = await catalogue.FindEquipmentAsync(id, cancellationToken);
        while (equipment?.MergedInto is { } target)
        {
            equipment = await catalogue.FindEquipmentAsync(target, cancellationToken);
        }

        return equipment;
    }

    /// <summary>The same for any id, from one look at the catalogue: a file may have thousands of meters.</summary>
    public static async Task<Func<string, Equipment?>> FindTargetsAsync(this ICatalogue catalogue, CancellationToken cancellationToken)
    {
        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);
        var tree = new MeterTree(equipment);
        return id => equipment.GetValueOrDefault(tree.Resolve(id));
    }
}
