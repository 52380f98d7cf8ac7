using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>The equipment that there is already.</summary>
/// <param name="sites">By the id of the equipment.</param>
/// <param name="own">The site that the request has for all of them.</param>
internal sealed class KnownMeters(IReadOnlyDictionary<string, string?> sites, string? own = null)
{
    public static readonly KnownMeters None = new(new Dictionary<string, string?>());

    /// <summary>Whether a place has a meter of that name, told apart from those of others by it, and none that is called by the name alone.</summary>
    public bool IsOfPlace(string name, string place)
    {
        var site = own ?? EquipmentNames.ToId(place);
        return sites.TryGetValue(EquipmentNames.ToId($"{place}:{name}"), out var at) && at == site && !(sites.TryGetValue(name, out var plain) && (plain ?? site) == site);
    }
}
