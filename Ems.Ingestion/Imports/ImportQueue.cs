using System.Diagnostics;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Takes uploads and makes jobs of them.</summary>
internal sealed class ImportQueue(
    UploadReader uploads, SpoolFolder spool, IJobStore jobs, ICatalogue catalogue, SiteZones zones, JobSignal signal,
    IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <summary>A file that cannot be read at all is refused at once; what only the whole file tells fails the job.</summary>
    public async Task<(StoredJob? Job, ProblemHttpResult? Problem)> AddAsync(HttpRequest request, string actor, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        var kept = false;
        try
        {
            var upload = await uploads.ReadAsync(request, name, cancellationToken);
            if (upload.Problem is not null)
            {
                return (null, upload.Problem);
            }

            var (form, problem) = UploadReader.FormOf(upload.Fields);
            problem ??= await CheckAsync(form!, cancellationToken);
            problem ??= Look(spool.Upload(name, upload.FileName), form!);
            if (problem is not null)
            {
                return (null, problem);
            }

            var (zone, why) = await ZoneAsync(form!, cancellationToken);
            var body = new ImportJob(upload.FileName, name, form!, zone)
            {
                TraceParent = Activity.Current?.Id,
                Assumptions = why is null ? [] : [new ImportAssumption("time_zone", zone, why)],
            };
            var job = new StoredJob(
                Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), JobState.Queued, actor, body.ToBody(), Instant.FromDateTimeOffset(time.GetUtcNow()));
            kept = await jobs.AddAsync(job, options.Value.MaxQueuedImports, cancellationToken);
            if (!kept)
            {
                return (null, EmsProblem.Of(
                    StatusCodes.Status429TooManyRequests, "RATE_LIMIT_EXCEEDED",
                    $"{options.Value.MaxQueuedImports} of your imports wait for their turn (Ems:Ingestion:MaxQueuedImports). Send this file again when one has ended."));
            }

            signal.Pulse();
            return (job, null);
        }
        finally
        {
            if (!kept)
            {
                spool.Delete(name);
            }
        }
    }

    private async Task<ProblemHttpResult?> CheckAsync(ImportForm form, CancellationToken cancellationToken)
    {
        if (form.TimeZone is { } zone && !SiteZones.IsIana(zone))
        {
            return EmsProblem.Of(400, "DATA_VALIDATION_FAILED", $"time_zone is '{zone}'; it must be an IANA name such as Europe/Berlin.");
        }

        if (form.EquipmentId is { } id && form.Site is { } site
            && await catalogue.FindEquipmentAsync(id, cancellationToken) is { Site: { } actual } && actual != site)
        {
            return EmsProblem.Of(400, "EQUIPMENT_SITE_MISMATCH", $"The equipment {id} belongs to another site than {site}.");
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

    private static ProblemHttpResult? Look(TableFile file, ImportForm form)
    {
        try
        {
            using var source = file.Open();
            LayoutFinder.Find(source, file.Name, form);
            return null;
        }
        catch (ImportFaultException fault)
        {
            return EmsProblem.Of(fault.Fault.Code == ImportFault.FileTooLarge ? 413 : 400, fault.Fault.Code, fault.Fault.Message, [fault.Fault]);
        }
    }
}
