using System.Text.Json;
using Ems.Core.Json;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps sites and equipment as JSON by id.</summary>
internal sealed class SqliteCatalogue(IngestionDatabase database) : ICatalogue
{
    public Task<long?> FindRevisionAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync<long?>(connection => connection.ReadLong("SELECT revision FROM catalogue"), cancellationToken);

    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken) =>
        List<Site>("SELECT body FROM site ORDER BY id", cancellationToken);

    public Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken) =>
        Find<Site>("SELECT body FROM site WHERE id = $id", id, cancellationToken);

    public Task SaveSiteAsync(Site site, CancellationToken cancellationToken) =>
        Save("INSERT OR REPLACE INTO site(id, body) VALUES ($id, $body)", site.Id, site, cancellationToken);

    public Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        List<Equipment>("SELECT body FROM equipment ORDER BY id", cancellationToken);

    public Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken) =>
        database.File.ReadAsync(connection => FindEquipment(connection, id), cancellationToken);

    public Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection =>
        {
            var old = FindEquipment(connection, equipment.Id);
            SaveEquipment(connection, equipment with { MergedInto = old?.MergedInto });
            foreach (var id in EquipmentChange.MustBeChecked(old, equipment))
            {
                UncheckedRanges.AddAll(connection, id);
            }

            return 0;
        },
        cancellationToken);

    internal static Equipment? FindEquipment(SqliteConnection connection, string id) =>
        connection.ReadAll(Body<Equipment>, "SELECT body FROM equipment WHERE id = $id", ("$id", id)).SingleOrDefault();

    internal static void SaveEquipment(SqliteConnection connection, Equipment equipment) => connection.Execute(
        "INSERT OR REPLACE INTO equipment(id, body) VALUES ($id, $body)",
        ("$id", equipment.Id), ("$body", Json(equipment)));

    private static string Json<T>(T body) => JsonSerializer.Serialize(body, EmsJson.Options);

    private static T Body<T>(SqliteDataReader row) => JsonSerializer.Deserialize<T>(row.GetString(0), EmsJson.Options)!;

    private Task<IReadOnlyList<T>> List<T>(string sql, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<T>>(connection => connection.ReadAll(Body<T>, sql), cancellationToken);

    private Task<T?> Find<T>(string sql, string id, CancellationToken cancellationToken)
        where T : class =>
        database.File.ReadAsync(connection => connection.ReadAll(Body<T>, sql, ("$id", id)).SingleOrDefault(), cancellationToken);

    private Task<int> Save<T>(string sql, string id, T body, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => connection.Execute(sql, ("$id", id), ("$body", Json(body))),
        cancellationToken);
}
