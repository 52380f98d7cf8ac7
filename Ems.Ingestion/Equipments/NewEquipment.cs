using Ems.Core.Storage;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Equipments;

/// <summary>Describes equipment that readings come for and nobody has described, by the beginning of its id.</summary>
internal sealed class NewEquipment(IOptions<IngestionOptions> options)
{
    private readonly List<(string Prefix, string? Type, string? Category)> _rules =
    [
        .. options.Value.EquipmentPrefixes.OrderByDescending(rule => rule.Key.Length).Select(rule => Rule(rule.Key, rule.Value)),
    ];

    public Equipment Describe(string id)
    {
        var (_, type, category) = _rules.Find(rule => id.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase));
        return new Equipment { Id = id, Name = id, Type = type, Tags = category is null ? [] : [category] };
    }

    private static (string Prefix, string? Type, string? Category) Rule(string prefix, string meaning)
    {
        var parts = meaning.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (prefix, parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1));
    }
}
