using Ems.Ingestion.Imports.Headers;

namespace Ems.Ingestion.Imports.Meters;

/// <param name="FlowsOut">Whether it is declared, for any time, that what it counts does.</param>
internal readonly record struct KnownMeter(string? Site, bool FlowsOut)
{
    /// <summary>What flows through it.</summary>
    public string? Carrier { get; init; }
}

/// <summary>The equipment that there is already.</summary>
/// <param name="meters">By the id of the equipment.</param>
/// <param name="own">The site that the request has for all of them.</param>
internal sealed class KnownMeters(IReadOnlyDictionary<string, KnownMeter> meters, string? own = null)
{
    public static readonly KnownMeters None = new(new Dictionary<string, KnownMeter>());

    /// <summary>Whether there is one of that id, and not elsewhere than the request says.</summary>
    public bool Have(string id) => meters.TryGetValue(id, out var meter) && (meter.Site is null || own is null || meter.Site == own);

    /// <summary>Whether there is one of that id through which the same flows.</summary>
    public bool HaveOf(string id, string carrier) => Have(id) && meters[id].Carrier == carrier;

    /// <summary>Whether there is one of that id that counts what flows in.</summary>
    public bool HaveInward(string id) => meters.TryGetValue(id, out var meter) && !meter.FlowsOut;

    /// <summary>Whether there is one of that id that counts what flows out.</summary>
    public bool HaveOutward(string id) => meters.TryGetValue(id, out var meter) && meter.FlowsOut;

    /// <summary>Whether a place has a meter of that name, told apart from those of others by it, and none that is called by the name alone.</summary>
    public bool IsOfPlace(string name, string place)
    {
        var site = own ?? EquipmentNames.ToId(place);
        return meters.TryGetValue(EquipmentNames.ToId($"{place}:{name}"), out var at) && at.Site == site && !(meters.TryGetValue(name, out var plain) && (plain.Site ?? site) == site);
    }
}
