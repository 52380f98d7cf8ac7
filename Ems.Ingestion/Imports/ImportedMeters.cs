using Ems.Core.Storage;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports;

/// <summary>Makes equipment of the meters of a file that do not exist yet; what exists is left as it is.</summary>
internal sealed class ImportedMeters(ICatalogue catalogue)
{
    public async Task AddNewAsync(IReadOnlyList<MeterFacts> meters, ImportJob job)
    {
        foreach (var meter in meters)
        {
            if (await catalogue.FindEquipmentAsync(meter.EquipmentId, CancellationToken.None) is null)
            {
                var equipment = new Equipment
                {
                    Id = meter.EquipmentId,
                    Name = meter.Name ?? meter.EquipmentId,
                    Type = meter.Type,
                    Site = job.Form.Site ?? await SiteAsync(meter, job),
                };
                await catalogue.SaveEquipmentAsync(
                    meter.Carrier is { } carrier ? equipment with { Carrier = carrier } : equipment, CancellationToken.None);
            }
        }
    }

    private async Task<string?> SiteAsync(MeterFacts meter, ImportJob job)
    {
        if ((meter.Site ?? meter.SiteName) is not { } text)
        {
            return null;
        }

        var id = Layouts.EquipmentNames.ToId(text);
        if (await catalogue.FindSiteAsync(id, CancellationToken.None) is null)
        {
            await catalogue.SaveSiteAsync(new Site { Id = id, Name = meter.SiteName ?? text, TimeZone = job.TimeZone }, CancellationToken.None);
        }

        return id;
    }
}
