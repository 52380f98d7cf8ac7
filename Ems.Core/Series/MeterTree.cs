using Ems.Core.Storage;

namespace Ems.Core.Series;

/// <summary>Which equipment counts what other equipment counts as well, so that totals count everything once.</summary>
/// <param name="equipment">All there is, by id.</param>
public sealed class MeterTree(IReadOnlyDictionary<string, Equipment> equipment)
{
    /// <summary>The equipment that readings of this id belong to: another one where it was merged.</summary>
    public string Resolve(string id)
    {
        HashSet<string> seen = [];
        while (seen.Add(id) && equipment.GetValueOrDefault(id)?.MergedInto is { } into)
        {
            id = into;
        }

        return id;
    }

    /// <summary>The equipment above, from the parent on; a virtual meter counts nothing itself and is left out.</summary>
    public IEnumerable<Equipment> Above(Equipment one)
    {
        HashSet<string> seen = [one.Id];
        for (var parent = one.Parent; parent is not null && seen.Add(Resolve(parent));)
        {
            if (equipment.GetValueOrDefault(Resolve(parent)) is not { } found)
            {
                yield break;
            }

            if (found.Virtual is null)
            {
                yield return found;
            }

            parent = found.Parent;
        }
    }

    /// <summary>Whether it belongs into a total of all there is: a virtual meter would count again what its parts count.</summary>
    public bool IsMain(Equipment one) => one.Virtual is null && !Above(one).Any();

    /// <summary>The equipment with readings of its own that this one tells of.</summary>
    public IEnumerable<string> Origins(string id)
    {
        HashSet<string> seen = [];
        return Walk(id);

        IEnumerable<string> Walk(string one) =>
            !seen.Add(one) ? []
            : equipment.GetValueOrDefault(one)?.Virtual is { } formula ? formula.Parts.SelectMany(part => Walk(Resolve(part.EquipmentId)))
            : [one];
    }
}
