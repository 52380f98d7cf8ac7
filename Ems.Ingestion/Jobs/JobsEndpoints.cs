using System.Security.Claims;
using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Profiles;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Jobs;

/// <summary>What came of imports and merges, and how they are stopped and undone.</summary>
internal static class JobsEndpoints
{
    /// <summary>Jobs carry their errors: more of them at once would not fit into memory.</summary>
    private const int JobsAtOnce = 1_000;

    /// <summary>Operations on one job.</summary>
    public static readonly string[] NamesById = [nameof(GetJob), nameof(CancelJob), nameof(StreamJob), nameof(DownloadRejected), nameof(UndoJob)];

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobWatch>();
        services.AddSingleton<JobLeases>();
        services.AddSingleton<MergeRunner>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<SpoolUpkeep>();
        return services;
    }

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").RequireAuthorization().WithTags("Jobs");
        jobs.MapGet("/", ListJobs).WithName(nameof(ListJobs)).WithSummary("Imports and merges, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapGet("/{id}", GetJob).WithName(nameof(GetJob)).WithSummary("How far a job is")
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapDelete("/{id}", CancelJob).WithName(nameof(CancelJob))
            .WithSummary("Cancels a job that has not ended; what it stored until then stays, and can be undone. A merge runs to its end once it has begun")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapGet("/{id}/events", StreamJob).WithName(nameof(StreamJob))
            .WithSummary("The job as server-sent events named job, whenever it changes, until it has ended")
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/{id}/rejected", DownloadRejected).WithName(nameof(DownloadRejected))
            .WithSummary("The rejected rows as a workbook, as they were, with the reasons; corrected, it can be imported with the fields of the first import")
            .Produces(StatusCodes.Status200OK, contentType: TableFile.XlsxContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/{id}/undo", UndoJob).WithName(nameof(UndoJob))
            .WithSummary("Puts back exactly what the job changed, also after later jobs; a value that another one has confirmed stays")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Where callers find the job.</summary>
    public static string PublicPathOf(StoredJob job) => $"/api/v1/data/jobs/{job.Id}";

    internal static async Task<Results<Ok<JobList>, FileContentHttpResult, ProblemHttpResult>> ListJobs(
        IJobStore store, [AsParameters] ListQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (query.After is { } after && await store.FindAsync(after, cancellationToken) is null)
        {
            return ListQuery.UnknownCursor;
        }

        if (query.IsFile)
        {
            return TableAnswer.Of(query.Format, JobTable.Of(await ReadRowsAsync(store, query, cancellationToken)));
        }

        var (jobs, next) = query.Page(await store.ListAsync(query.Size + 1, query.After, cancellationToken), job => job.Id);
        return TypedResults.Ok(new JobList(jobs.ConvertAll(JobView.Of), next));
    }

    /// <summary>Page by page; without a limit all there are.</summary>
    private static async Task<List<IReadOnlyList<object?>>> ReadRowsAsync(IJobStore store, ListQuery query, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        var most = query.Limit is null ? int.MaxValue : query.Size;
        IReadOnlyList<StoredJob> page;
        var before = query.After;
        do
        {
            page = await store.ListAsync(Math.Min(JobsAtOnce, most - rows.Count), before, cancellationToken);
            rows.AddRange(page.Select(JobTable.Row));
            before = page.Count == 0 ? before : page[^1].Id;
        }
        while (page.Count == JobsAtOnce && rows.Count < most);
        return rows;
    }

    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> GetJob(
        string id, IJobStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } job ? TypedResults.Ok(JobView.Of(job)) : NotFound(id);

    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> CancelJob(
        string id, IJobStore store, SpoolFolder spool, JobSignal signal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } job)
        {
            return NotFound(id);
        }

        // From the first update on nobody else writes the body: only then is it the last one.
        JobState[] stoppable = JobBody.From(job.Body) is MergeJob ? [JobState.Queued] : [JobState.Queued, JobState.Running];
        if (await store.UpdateAsync(id, stoppable, JobState.Cancelled, body: null, owner: null, cancellationToken))
        {
            var body = JobBody.From((await store.FindAsync(id, cancellationToken))!.Body) with { EndedAt = Instant.FromDateTimeOffset(time.GetUtcNow()) };
            await store.UpdateAsync(id, [JobState.Cancelled], JobState.Cancelled, body.ToBody(), owner: null, cancellationToken);
            if (job.State == JobState.Queued && body is ImportJob import)
            {
                await spool.ForgetAsync(import.Spool);
            }
        }

        signal.Pulse();
        job = (await store.FindAsync(id, cancellationToken))!;
        return JobWatch.HasEnded(job)
            ? TypedResults.Ok(JobView.Of(job))
            : EmsProblem.Of(
                StatusCodes.Status409Conflict, ProblemCodes.RequestRefused,
                $"The merge {id} has begun and cannot be cancelled: wait until it has ended, and take it back with undo.");
    }

    internal static async Task<Results<ServerSentEventsResult<JobView>, ProblemHttpResult>> StreamJob(
        string id, IJobStore store, JobWatch watch, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } job
            ? TypedResults.ServerSentEvents(watch.FollowAsync(job, cancellationToken).Select(JobView.Of), "job")
            : NotFound(id);

    internal static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> DownloadRejected(
        string id, IJobStore store, RejectedFolder rejections, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } job)
        {
            return NotFound(id);
        }

        if (!JobWatch.HasEnded(job))
        {
            return EmsProblem.Of(StatusCodes.Status409Conflict, ProblemCodes.RequestRefused, $"The job {id} has not ended: wait, or cancel it.");
        }

        var import = JobBody.From(job.Body) as ImportJob;
        if (await rejections.OpenAsync(job.Id, cancellationToken) is not { } workbook)
        {
            if (import is { HasRejectedRows: true })
            {
                return EmsProblem.Of(
                    StatusCodes.Status404NotFound, ProblemCodes.NotFound,
                    $"The workbook of the rejected rows of {id} is not there: the oldest ones give way to newer ones, and an import that was cancelled or failed writes its own "
                    + "a moment later, or not at all if its process was killed. The job's errors name the first rows. Import the file again: what is stored counts as duplicate.");
            }

            if (job.State == JobState.Failed)
            {
                return EmsProblem.Of(
                    StatusCodes.Status404NotFound, ProblemCodes.NotFound,
                    $"The job {id} failed as a whole and rejected no single row: its errors and gaps say why.");
            }

            workbook = new MemoryStream();
            RejectedWorkbook.WriteEmpty(workbook);
            workbook.Position = 0;
        }

        var name = import is null ? job.Id : Path.GetFileNameWithoutExtension(import.FileName);
        return TypedResults.File(workbook, TableFile.XlsxContentType, $"{name} rejected.xlsx");
    }

    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> UndoJob(
        string id, IJobStore store, IReadingStore readings, ProfileMemory profiles, ImportedMeters meters, JobSignal signal, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } job)
        {
            return NotFound(id);
        }

        if (!JobWatch.HasEnded(job))
        {
            return EmsProblem.Of(StatusCodes.Status409Conflict, ProblemCodes.RequestRefused, $"The job {id} has not ended: cancel it first, or wait.");
        }

        try
        {
            var import = JobBody.From(job.Body) as ImportJob;

            // First, for the store ends by itself what is broken off from there.
            await (import is null ? Task.CompletedTask : profiles.UndoAsync(id, import, cancellationToken));
            await readings.UndoAsync(id, user.Identity?.Name ?? "unknown", cancellationToken);
            if (import is not null && await meters.TakeBackUndoneAsync(id, cancellationToken))
            {
                // Now nothing may use a site that it created.
                await readings.UndoAsync(id, user.Identity?.Name ?? "unknown", cancellationToken);
            }
        }
        catch (InvalidOperationException refused)
        {
            return EmsProblem.Of(StatusCodes.Status409Conflict, ProblemCodes.RequestRefused, refused.Message);
        }

        signal.Pulse();
        return TypedResults.Ok(JobView.Of((await store.FindAsync(id, cancellationToken))!));
    }

    private static ProblemHttpResult NotFound(string id) =>
        EmsProblem.Of(StatusCodes.Status404NotFound, "JOB_NOT_FOUND", $"There is no job {id}.");
}
