using NodaTime;

namespace Ems.Core.Storage;

/// <summary>A remembered mapping as the store keeps it.</summary>
/// <param name="Fingerprint">By which a file with the same headers is known again.</param>
/// <param name="Body">What the columns mean, as JSON; the store looks at nothing in it but the <c>site</c>.</param>
public sealed record StoredProfile(string Id, string Fingerprint, string Body, Instant SavedAt);

/// <summary>Keeps remembered mappings.</summary>
public interface IProfileStore
{
    /// <summary>By id.</summary>
    Task<IReadOnlyList<StoredProfile>> ListAsync(CancellationToken cancellationToken);
    Task<StoredProfile?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds the profile, or replaces the one with its id.</summary>
    Task SaveAsync(StoredProfile profile, CancellationToken cancellationToken);

    /// <summary>False when there was none.</summary>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}
