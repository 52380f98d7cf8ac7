using Ems.Core.Series;
using Ems.Core.Storage;

namespace Ems.Ingestion.Equipments;

/// <summary>Follows merges to the equipment that has the readings.</summary>
internal static class MergedEquipment
{
    // More are sooner listed than looked up.
    private const int Few = 20;

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

    /// <summary>The same for these ids, and from one look at the catalogue where there are many: a file may have thousands of meters.</summary>
    public static async Task<Func<string, Equipment?>> FindTargetsAsync(this ICatalogue catalogue, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.ToHashSet();
        if (wanted.Count <= Few)
        {
            var targets = new Dictionary<string, Equipment?>();
            foreach (var id in wanted)
            {
                targets[id] = await catalogue.FindTargetAsync(id, cancellationToken);
            }

            return targets.GetValueOrDefault;
        }

        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);
        var tree = new MeterTree(equipment);
        return id => equipment.GetValueOrDefault(tree.Resolve(id));
    }
}
