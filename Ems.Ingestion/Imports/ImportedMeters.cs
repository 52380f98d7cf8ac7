using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports;

/// <summary>What an import knows of its meters when it begins to write.</summary>
/// <param name="Describe">How to create each equipment that readings come for, by its id.</param>
/// <param name="SiteOf">The site that its readings are for; null where nothing says it.</param>
internal sealed record DescribedMeters(Func<string, Equipment> Describe, Func<string, string?> SiteOf);

/// <summary>Describes the meters of a file that do not exist yet; what exists is left as it is.</summary>
internal sealed class ImportedMeters(ICatalogue catalogue, NewEquipment unknown)
{
    /// <summary>Sites that do not exist yet are made at once.</summary>
    public async Task<DescribedMeters> DescribeAsync(IReadOnlyList<MeterFacts> meters, ImportJob job, string jobId)
    {
        var described = new Dictionary<string, Equipment>();
        foreach (var meter in meters)
        {
            if (await catalogue.FindEquipmentAsync(meter.EquipmentId, CancellationToken.None) is null)
            {
                var equipment = unknown.Describe(meter.EquipmentId);
                equipment = equipment with
                {
                    Name = meter.Name ?? meter.EquipmentId,
                    Type = meter.Type ?? equipment.Type,
                    Site = await SiteAsync(meter, job, jobId),
                    Parent = meter.Parent,
                    Export = new Timeline<bool>(meter.IsExport),
                };
                described[meter.EquipmentId] = meter.Carrier is { } carrier ? equipment with { Carrier = carrier } : equipment;
            }
        }

        return new DescribedMeters(
            id => described.GetValueOrDefault(id) ?? unknown.Describe(id) with { Site = SiteOf(job.Form) },
            // Others may create the same equipment meanwhile.
            id => job.Form.Site ?? described.GetValueOrDefault(id)?.Site);
    }

    /// <summary>The site that new ones get by a profile which the headers have found; null where none does.</summary>
    public async Task<ImportAssumption?> AssumeSiteAsync(IReadOnlyList<MeterFacts> meters, ImportForm form, CancellationToken cancellationToken)
    {
        if (form is not { Site: null, Remembered: { Site: { } site, Profile: var profile } })
        {
            return null;
        }

        foreach (var meter in meters)
        {
            if (await catalogue.FindEquipmentAsync(meter.EquipmentId, cancellationToken) is null)
            {
                return new ImportAssumption("site", site, $"the profile {profile} has it, for equipment that does not exist yet");
            }
        }

        return null;
    }

    private async Task<string?> SiteAsync(MeterFacts meter, ImportJob job, string jobId)
    {
        if ((SiteOf(job.Form) ?? meter.Site ?? meter.SiteName) is not { } text)
        {
            return null;
        }

        var id = EquipmentNames.ToId(text);
        if (await catalogue.FindSiteAsync(id, CancellationToken.None) is null)
        {
            var name = SiteOf(job.Form) ?? meter.SiteName ?? text;
            await catalogue.SaveSiteAsync(new Site { Id = id, Name = name, TimeZone = job.TimeZone!, CreatedBy = jobId }, CancellationToken.None);
        }

        return id;
    }

    private static string? SiteOf(ImportForm form) => form.Site ?? form.Remembered?.Site;
}
