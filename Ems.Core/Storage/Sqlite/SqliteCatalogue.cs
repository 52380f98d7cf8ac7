using System.Text.Json;
using Ems.Core.Json;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps sites and equipment as JSON by id.</summary>
internal sealed class SqliteCatalogue(IngestionDatabase database) : ICatalogue
{
    private const string FindOneSite = "SELECT body FROM site WHERE id = $id";

    public Task<long?> FindRevisionAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync<long?>(connection => connection.ReadLong("SELECT revision FROM catalogue"), cancellationToken);

    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<Site>>(connection => connection.ReadAll(Body<Site>, "SELECT body FROM site ORDER BY id"), cancellationToken);

    public Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken) =>
        database.File.ReadAsync(connection => connection.ReadAll(Body<Site>, FindOneSite, ("$id", id)).SingleOrDefault(), cancellationToken);

    public Task SaveSiteAsync(Site site, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection =>
        {
            var old = connection.ReadAll(Body<Site>, FindOneSite, ("$id", site.Id)).SingleOrDefault();
            connection.Execute("INSERT OR REPLACE INTO site(id, body) VALUES ($id, $body)", ("$id", site.Id), ("$body", Json(site)));
            if (EquipmentChange.HasOtherDays(old, site))
            {
                connection.ReadAll(row => row.GetString(0), "SELECT id FROM equipment WHERE body ->> '$.site' = $site", ("$site", site.Id))
                    .ForEach(id => UncheckedRanges.AddAll(connection, id));
            }

            return 0;
        },
        cancellationToken);

    public Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<Equipment>>(ListEquipment, cancellationToken);

    public Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken) =>
        database.File.ReadAsync(connection => FindEquipment(connection, id), cancellationToken);

    public Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection =>
        {
            Change(connection, FindEquipment(connection, equipment.Id), equipment);
            return 0;
        },
        cancellationToken);

    public Task<string?> PlaceEquipmentAsync(string id, string siteId, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection =>
        {
            if (FindEquipment(connection, id) is not { Site: null } homeless)
            {
                return FindEquipment(connection, id)?.Site;
            }

            Change(connection, homeless, homeless with { Site = siteId });
            return siteId;
        },
        cancellationToken);

    private static void Change(SqliteConnection connection, Equipment? old, Equipment equipment)
    {
        SaveEquipment(connection, equipment with { MergedInto = old?.MergedInto });
        if (EquipmentChange.IsJudgedAnew(old, equipment))
        {
            EquipmentChange.MustBeChecked(old!, ListEquipment(connection)).ForEach(id => UncheckedRanges.AddAll(connection, id));
        }
    }

    internal static List<Equipment> ListEquipment(SqliteConnection connection) =>
        connection.ReadAll(Body<Equipment>, "SELECT body FROM equipment ORDER BY id");

    internal static Equipment? FindEquipment(SqliteConnection connection, string id) =>
        connection.ReadAll(Body<Equipment>, "SELECT body FROM equipment WHERE id = $id", ("$id", id)).SingleOrDefault();

    internal static void SaveEquipment(SqliteConnection connection, Equipment equipment) => connection.Execute(
        "INSERT OR REPLACE INTO equipment(id, body) VALUES ($id, $body)",
        ("$id", equipment.Id), ("$body", Json(equipment)));

    private static string Json<T>(T body) => JsonSerializer.Serialize(body, EmsJson.Options);

    private static T Body<T>(SqliteDataReader row) => JsonSerializer.Deserialize<T>(row.GetString(0), EmsJson.Options)!;
}
