using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Profiles;

/// <summary>
/// Tells which equipment a profile may name that only the headers of a file have found: another file with the same headers is of another
/// meter, and another place may call one as this one does.
/// </summary>
internal sealed class RememberedEquipment(ICatalogue catalogue)
{
    private const int MostNamed = 5;

    /// <summary>The profile without the equipment that does not follow from what the file says.</summary>
    /// <param name="names">Of the file, as its equipment may be called by them.</param>
    /// <param name="site">That the file is for; null where the request names none.</param>
    public async Task<NamedProfile> KeepAsync(NamedProfile named, IReadOnlyList<string> names, string? site, CancellationToken cancellationToken)
    {
        var (id, profile) = (named.Id, named.Profile);
        if (profile.Files is not { } files || names.Intersect(files).Any())
        {
            return named;
        }

        var mapping = profile.Mapping;
        var assumptions = new List<ImportAssumption>();
        if (mapping.Columns.Where(column => column.IsRenamed).ToList() is { Count: > 0 } renamed)
        {
            assumptions.Add(Without(
                id, renamed.Select(column => $"{column.EquipmentId} for {column.Column}"), "it has them for files of another name: send profile if this one is of it too"));
            mapping = mapping with
            {
                Columns = [.. mapping.Columns.Select(column => column.IsRenamed ? column with { Role = column.Purpose, EquipmentId = null } : column)],
            };
        }

        var elsewhere = new List<KeyValuePair<string, string>>();
        foreach (var entry in mapping.Equipment.Where(entry => entry.Key != entry.Value))
        {
            if (await IsElsewhereAsync(entry, profile.Site, site, cancellationToken))
            {
                elsewhere.Add(entry);
            }
        }

        if (elsewhere.Count > 0)
        {
            assumptions.Add(Without(
                id, elsewhere.Select(entry => $"{entry.Value} for {entry.Key}"), "it has them for files of another name, and there is equipment that is called so: send profile if this one is of it too, or the site of that one"));
            mapping = mapping with { Equipment = mapping.Equipment.Except(elsewhere).ToDictionary() };
        }

        return named with { Profile = profile with { Mapping = mapping }, Assumptions = assumptions };
    }

    /// <summary>Whether the name is that of equipment itself, which the file may be of: nothing but a site that the request names says that it is of the other.</summary>
    private async Task<bool> IsElsewhereAsync(KeyValuePair<string, string> entry, string? ofProfile, string? site, CancellationToken cancellationToken)
    {
        if (await catalogue.FindTargetAsync(EquipmentNames.ToId(entry.Key), cancellationToken) is not { } own)
        {
            return false;
        }

        var target = await catalogue.FindTargetAsync(entry.Value, cancellationToken);
        var other = target?.Site ?? ofProfile;
        return own.Id != target?.Id && (own.Site == other || (site ?? own.Site) == own.Site);
    }

    private static ImportAssumption Without(string profile, IEnumerable<string> all, string why)
    {
        var some = all.ToList();
        return new ImportAssumption(
            "profile", $"{profile} without {string.Join(", ", some.Take(MostNamed))}{(some.Count > MostNamed ? $" and {some.Count - MostNamed} more" : "")}", why);
    }
}
