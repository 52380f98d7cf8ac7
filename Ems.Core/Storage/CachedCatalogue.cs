using Ems.Core.Caching;

namespace Ems.Core.Storage;

/// <summary>Lists sites and equipment from the store when something about them has changed; single ones always.</summary>
internal sealed class CachedCatalogue(ICatalogue catalogue, CachedAnswers answers) : ICatalogue
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    public Task<long?> FindRevisionAsync(CancellationToken cancellationToken) => catalogue.FindRevisionAsync(cancellationToken);

    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken) =>
        ListAsync("sites", catalogue.ListSitesAsync, cancellationToken);

    public Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken) => catalogue.FindSiteAsync(id, cancellationToken);

    public Task SaveSiteAsync(Site site, CancellationToken cancellationToken) => catalogue.SaveSiteAsync(site, cancellationToken);

    public Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        ListAsync("equipment", catalogue.ListEquipmentAsync, cancellationToken);

    public Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken) => catalogue.FindEquipmentAsync(id, cancellationToken);

    public Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken) =>
        catalogue.SaveEquipmentAsync(equipment, cancellationToken);

    public Task<string?> PlaceEquipmentAsync(string id, string siteId, CancellationToken cancellationToken) =>
        catalogue.PlaceEquipmentAsync(id, siteId, cancellationToken);

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string kind, Func<CancellationToken, Task<IReadOnlyList<T>>> list, CancellationToken cancellationToken)
    {
        var revision = await catalogue.FindRevisionAsync(cancellationToken);
        return await answers.GetAsync(kind, revision is null ? null : [revision], Age, list, cancellationToken);
    }
}
