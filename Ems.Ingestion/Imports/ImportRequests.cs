using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>What is to be read, and how.</summary>
/// <param name="TimeZone">IANA name of the zone of local times.</param>
/// <param name="Assumptions">What the request did not say.</param>
internal sealed record ImportTerms(string FileName, ImportForm Form, string TimeZone, IReadOnlyList<ImportAssumption> Assumptions);

/// <summary>Takes a file and its form in, and settles what the form leaves open.</summary>
internal sealed class ImportRequests(UploadReader uploads, ICatalogue catalogue, SiteZones zones)
{
    /// <param name="spoolName">Where the file is kept; whoever asks deletes it.</param>
    public async Task<(ImportTerms? Terms, ProblemHttpResult? Problem)> ReadAsync(HttpRequest request, string spoolName, CancellationToken cancellationToken)
    {
        var upload = await uploads.ReadAsync(request, spoolName, cancellationToken);
        if (upload.Problem is not null)
        {
            return (null, upload.Problem);
        }

        var (form, problem) = FormFields.Read(upload.Fields);
        problem ??= await CheckAsync(form!, cancellationToken);
        if (problem is not null)
        {
            return (null, problem);
        }

        var (zone, why) = await ZoneAsync(form!, cancellationToken);
        return (new ImportTerms(upload.FileName, form!, zone, why is null ? [] : [new ImportAssumption("time_zone", zone, why)]), null);
    }

    private async Task<ProblemHttpResult?> CheckAsync(ImportForm form, CancellationToken cancellationToken)
    {
        if (form.TimeZone is { } zone && !SiteZones.IsIana(zone))
        {
            return EmsProblem.Of(400, ImportFault.DataValidationFailed, $"time_zone is '{zone}'; it must be an IANA name such as Europe/Berlin.");
        }

        if (form.EquipmentId is { } id && form.Site is { } site
            && await catalogue.FindEquipmentAsync(id, cancellationToken) is { Site: { } actual } && actual != site)
        {
            return EmsProblem.Of(400, ImportFault.EquipmentSiteMismatch, $"The equipment {id} belongs to another site than {site}.");
        }

        return null;
    }

    private async Task<(string Zone, string? Why)> ZoneAsync(ImportForm form, CancellationToken cancellationToken)
    {
        if (form.TimeZone is { } told)
        {
            return (told, null);
        }

        var site = form.Site ?? (form.EquipmentId is { } id ? (await catalogue.FindEquipmentAsync(id, cancellationToken))?.Site : null);
        return site is not null && await catalogue.FindSiteAsync(site, cancellationToken) is { } known
            ? (known.TimeZone, $"the zone of the site {site}")
            : (zones.Default.Id, "neither the request nor a site names a zone");
    }
}
