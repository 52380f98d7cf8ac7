using Ems.Core.Storage;
using Ems.Ingestion.Jobs;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>
/// Tells which meters of a file come by the profile that its headers have found: new ones, those that the profile knows, and those that an
/// import by it has created.
/// </summary>
internal sealed class RememberedMeters(IJobStore jobs)
{
    /// <summary>For a meter by its id, and what is known of it.</summary>
    public Func<string, Equipment?, CancellationToken, Task<bool>> By(ImportForm form)
    {
        if (form.Remembered is not { } remembered)
        {
            return (_, _, _) => Task.FromResult(false);
        }

        var named = form.Mapping is { } mapping ? mapping.Equipment.Values.Concat(mapping.Columns.Select(column => column.EquipmentId).OfType<string>()).ToHashSet() : [];
        var created = new Dictionary<string, bool>();
        return async (id, known, cancellationToken) =>
        {
            if (known is null || named.Contains(id) || known.CreatedBy is not { } job)
            {
                return known is null || named.Contains(id);
            }

            if (!created.TryGetValue(job, out var isByProfile))
            {
                created[job] = isByProfile = await jobs.FindAsync(job, cancellationToken) is { } stored
                    && JobBody.From(stored.Body) is ImportJob { Profile: var profile } && profile == remembered.Profile;
            }

            return isByProfile;
        };
    }
}
