using System.Diagnostics;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Takes uploads and makes jobs of them.</summary>
internal sealed class ImportQueue(
    ImportRequests requests, MeterChecks checks, SpoolFolder spool, IJobStore jobs, JobSignal signal, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <summary>A file that cannot be read at all is refused at once; what only the whole file tells fails the job.</summary>
    public async Task<(StoredJob? Job, ProblemHttpResult? Problem)> AddAsync(HttpRequest request, string actor, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        var kept = false;
        try
        {
            var (terms, problem) = await requests.ReadAsync(request, name, cancellationToken);
            problem ??= await LookAsync(spool.Upload(name, terms!.FileName), terms.Form, cancellationToken);
            if (problem is not null)
            {
                return (null, problem);
            }

            var body = new ImportJob(terms!.FileName, name, terms.Form, terms.TimeZone)
            {
                TraceParent = Activity.Current?.Id,
                Assumptions = terms.Assumptions,
                Profile = terms.Profile,
                KeepsMapping = terms.KeepsMapping,
            };
            var job = new StoredJob(
                Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), JobState.Queued, actor, body.ToBody(), Instant.FromDateTimeOffset(time.GetUtcNow()));
            await spool.KeepAsync(name, cancellationToken);
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
                await spool.ForgetAsync(name);
            }
        }
    }

    private async Task<ProblemHttpResult?> LookAsync(TableFile file, ImportForm form, CancellationToken cancellationToken)
    {
        try
        {
            using var source = file.Open();
            var layouts = LayoutFinder.Find(source, file.Name, form);
            var faults = await checks.FaultsOfAsync(layouts.SelectMany(FileScan.OwnMetersOf).DistinctBy(meter => meter.EquipmentId), form.Site, cancellationToken);
            return faults.Count == 0 ? null : ImportProblems.Of(faults);
        }
        catch (ImportFaultException fault)
        {
            // What stands where values should is listed by the job.
            return fault.Fault.Gaps.Count > 0 ? null : ImportProblems.Of([fault.Fault]);
        }
    }
}
