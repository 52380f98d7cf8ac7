using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps remembered mappings.</summary>
internal sealed class SqliteProfileStore(IngestionDatabase database) : IProfileStore
{
    private const string Select = "SELECT id, fingerprint, body, saved_at FROM profile";

    public Task<IReadOnlyList<StoredProfile>> ListAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<StoredProfile>>(
            connection => connection.ReadAll(Profile, $"{Select} ORDER BY id"), cancellationToken);

    public Task<StoredProfile?> FindAsync(string id, CancellationToken cancellationToken) => database.File.ReadAsync(
        connection => connection.ReadAll(Profile, $"{Select} WHERE id = $id", ("$id", id)).SingleOrDefault(), cancellationToken);

    public Task SaveAsync(StoredProfile profile, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => connection.Execute(
            "INSERT OR REPLACE INTO profile(id, fingerprint, body, saved_at) VALUES ($id, $fingerprint, $body, $saved_at)",
            ("$id", profile.Id), ("$fingerprint", profile.Fingerprint), ("$body", profile.Body),
            ("$saved_at", profile.SavedAt.ToUnixTimeMilliseconds())),
        cancellationToken);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => connection.Execute("DELETE FROM profile WHERE id = $id", ("$id", id)) == 1, cancellationToken);

    private static StoredProfile Profile(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInstant(3));
}
