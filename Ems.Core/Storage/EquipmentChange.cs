using System.Text.Json;
using Ems.Core.Json;

namespace Ems.Core.Storage;

/// <summary>What follows from a change of equipment.</summary>
internal static class EquipmentChange
{
    /// <summary>The equipment about whose values other things would be found now.</summary>
    /// <param name="old">Null for new equipment.</param>
    public static IReadOnlyList<string> MustBeChecked(Equipment? old, Equipment changed)
    {
        if (old is null)
        {
            return [];
        }

        var known = old with { Name = changed.Name, Type = changed.Type, Tags = changed.Tags, CreatedBy = changed.CreatedBy };
        return Json(known) == Json(changed) ? [] : [.. new[] { changed.Id, old.Parent, changed.Parent }.OfType<string>().Distinct()];
    }

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
