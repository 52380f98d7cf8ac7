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
        return Json(known) == Json(changed) ? [] : [.. new[] { changed.Id, old.Parent }.OfType<string>()];
    }

    private static string Json(Equipment equipment) => JsonSerializer.Serialize(equipment, EmsJson.Options);
}
