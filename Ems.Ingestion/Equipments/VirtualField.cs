using Ems.Core.Series;
using Ems.Core.Storage;

namespace Ems.Ingestion.Equipments;

/// <summary>The field that makes equipment a virtual meter.</summary>
internal static class VirtualField
{
    private const int MaxParts = 200;

    /// <summary>The formula, the carrier that all its parts have, and what is wrong with it.</summary>
    public static async Task<(VirtualMeter? Formula, string? Carrier, string? Fault)> ParseAsync(
        string id, VirtualBody? body, ICatalogue catalogue, IReadingStore store, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            return (null, null, null);
        }

        var formula = new VirtualMeter([.. (body.Plus ?? []).OfType<string>()], [.. (body.Minus ?? []).OfType<string>()]);
        var ids = formula.Parts.Select(part => part.EquipmentId).ToList();
        var equipment = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(one => one.Id);
        var tree = new MeterTree(equipment);
        var fault =
            body.Unknown?.Keys.FirstOrDefault() is { } unknown ? $"has the field '{unknown}'; it has plus and minus, lists of equipment ids."
            : formula.Plus.Count == 0 ? "needs at least one equipment id in plus."
            : ids.Count > MaxParts ? $"has {ids.Count} parts; at most {MaxParts} are allowed."
            : ids.Distinct().Count() < ids.Count ? "names equipment twice."
            : ids.Find(one => !equipment.ContainsKey(one)) is { } missing ? $"names '{missing}', which does not exist: put it first."
            : equipment.GetValueOrDefault(id)?.MergedInto is { } target ? $"cannot be set: the equipment was merged into {target}."
            : ids.GroupBy(tree.Resolve).FirstOrDefault(names => names.Count() > 1) is { } same
                ? $"names equipment twice: {string.Join(" and ", same)} are one since they were merged."
            : ids.Exists(one => Reaches(equipment, tree, one, id)) ? $"leads back to '{id}': a meter cannot be a part of itself."
            : (await store.ListSeriesAsync([id], null, cancellationToken)).Count > 0 ? "cannot be set: the equipment has readings of its own."
            : null;
        var carriers = fault is null ? ids.Select(one => equipment[one].Carrier).Distinct().ToList() : [];
        return (fault is null ? formula : null, carriers is [var carrier] ? carrier : null, fault);
    }

    private static bool Reaches(Dictionary<string, Equipment> equipment, MeterTree tree, string from, string id)
    {
        HashSet<string> seen = [];
        var waiting = new Stack<string>([tree.Resolve(from)]);
        while (waiting.TryPop(out var one))
        {
            if (one == id)
            {
                return true;
            }

            if (seen.Add(one) && equipment.GetValueOrDefault(one)?.Virtual is { } formula)
            {
                formula.Parts.ToList().ForEach(part => waiting.Push(tree.Resolve(part.EquipmentId)));
            }
        }

        return false;
    }
}
