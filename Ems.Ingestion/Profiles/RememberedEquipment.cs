using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Jobs;

namespace Ems.Ingestion.Profiles;

/// <summary>
/// Tells which equipment a profile may name that only the headers of a file have found: another file with the same headers is of another
/// meter, and another place may call one as this one does.
/// </summary>
internal sealed class RememberedEquipment(ICatalogue catalogue, IJobStore jobs)
{
    private const int MostNamed = 5;

    /// <summary>The profile without the equipment that does not follow from what the file says.</summary>
    /// <param name="own">What the file is called.</param>
    /// <param name="site">That the file is for; null where the request names none.</param>
    public async Task<NamedProfile> KeepAsync(NamedProfile named, string own, string? site, CancellationToken cancellationToken)
    {
        var (id, profile) = (named.Id, named.Profile);
        if (profile.Files is not { } files || files.Contains(own))
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
            if (await IsElsewhereAsync(entry, profile, site, cancellationToken))
            {
                elsewhere.Add(entry);
            }
        }

        if (elsewhere.Count > 0)
        {
            assumptions.Add(Without(
                id, elsewhere.Select(entry => $"{entry.Value} for {entry.Key}"), "it has them for files of another name or another site than that of the equipment that is called so: send profile, or site, if this one is of it too"));
            mapping = mapping with { Equipment = mapping.Equipment.Except(elsewhere).ToDictionary() };
        }

        return named with { Profile = profile with { Mapping = mapping }, Assumptions = assumptions };
    }

    /// <summary>Whether the name is that of equipment itself, at another site than what the profile calls so, or of files that the profile is not of.</summary>
    private async Task<bool> IsElsewhereAsync(KeyValuePair<string, string> entry, ImportProfile profile, string? site, CancellationToken cancellationToken)
    {
        if (await catalogue.FindTargetAsync(EquipmentNames.ToId(entry.Key), cancellationToken) is not { } own)
        {
            return false;
        }

        var target = await catalogue.FindTargetAsync(entry.Value, cancellationToken);
        var other = target?.Site ?? profile.Site;
        return own.Site is not null && other is not null && other != own.Site ? (site ?? own.Site) == own.Site
            : own.Id != target?.Id && (site is null || site != other) && await IsOfOthersAsync(own, profile.Files!, cancellationToken);
    }

    /// <summary>Whether a file of none of these names has created it.</summary>
    private async Task<bool> IsOfOthersAsync(Equipment equipment, IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        equipment.CreatedBy is { } creator && await jobs.FindAsync(creator, cancellationToken) is { } stored && JobBody.From(stored.Body) is ImportJob job
        && !files.Contains(EquipmentNames.FromSheetOrFile("", job.FileName));

    private static ImportAssumption Without(string profile, IEnumerable<string> all, string why)
    {
        var some = all.ToList();
        return new ImportAssumption(
            "profile", $"{profile} without {string.Join(", ", some.Take(MostNamed))}{(some.Count > MostNamed ? $" and {some.Count - MostNamed} more" : "")}", why);
    }
}
