using System.Security.Claims;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Imports of meter files: their routes and what runs them.</summary>
internal static class ImportsEndpoints
{
    /// <summary>Jobs carry their errors: a longer list would not fit into memory.</summary>
    private const int LongestFile = 1000;

    private static readonly FormField[] FormFields =
    [
        new("equipment_id", "The meter, where the file names none.", "main-meter"),
        new("site", "Site of equipment that is new."),
        new("time_zone", "IANA zone of local times; default the site's.", "Europe/Berlin"),
        new("timestamp_label", "What a timestamp marks: start or end of its interval, or an instant.", "start"),
        new("metric", "For columns whose header names none, such as active_power."),
        new("unit", "For columns whose header names none, such as kWh."),
        new("sheet", "The sheet to read, where more than one holds readings."),
        new("mapping", "JSON: what the columns mean."),
    ];

    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddSingleton<SpoolFolder>();
        services.AddSingleton<ImportSignal>();
        services.AddSingleton<ImportTelemetry>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<ImportRunner>();
        services.AddScoped<ImportQueue>();
        services.AddHostedService<ImportWorker>();
        return services;
    }

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ingest/excel", SubmitFile)
            .RequireAuthorization()
            .WithTags("Imports")
            .WithName(nameof(SubmitFile))
            .WithSummary("Imports a file of readings (.xlsx, .xls, .xlsb, .csv, .csv.gz)")
            .WithExample("wait", "true")
            .WithUpload(
                "main-meter.csv", "timestamp,Active Power (kW)\n2026-01-01 00:00,41.5\n2026-01-01 00:15,43\n2026-01-01 00:30,42.25\n", FormFields)
            .WithIdFor(nameof(GetJob), nameof(CancelJob))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .DisableAntiforgery();

        var jobs = routes.MapGroup("/jobs").RequireAuthorization().WithTags("Imports");
        jobs.MapGet("/", ListJobs).WithName(nameof(ListJobs)).WithSummary("Imports, newest first");
        jobs.MapGet("/{id}", GetJob).WithName(nameof(GetJob)).WithSummary("How far an import is")
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapDelete("/{id}", CancelJob).WithName(nameof(CancelJob)).WithSummary("Cancels an import that has not ended")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult>> SubmitFile(
        HttpRequest request, ImportQueue queue, ClaimsPrincipal user, bool? wait, CancellationToken cancellationToken)
    {
        var (job, problem) = await queue.AddAsync(request, user.Identity?.Name ?? "unknown", cancellationToken);
        if (job is null)
        {
            return problem!;
        }

        job = wait == true ? await queue.WaitAsync(job, cancellationToken) : job;
        return job.State is JobState.Queued or JobState.Running
            ? TypedResults.Accepted($"/api/v1/data/jobs/{job.Id}", JobView.Of(job))
            : TypedResults.Ok(JobView.Of(job));
    }

    internal static async Task<Results<Ok<JobList>, FileContentHttpResult, ProblemHttpResult>> ListJobs(
        IJobStore store, [AsParameters] ListQuery query, CancellationToken cancellationToken)
    {
        if (query.Fault is { } fault)
        {
            return EmsProblem.Of(400, "DATA_VALIDATION_FAILED", fault);
        }

        query = query with { Limit = query.Limit ?? (query.IsFile ? LongestFile : null) };
        var (jobs, next) = query.Page(await store.ListAsync(query.Size + 1, query.After, cancellationToken), job => job.Id);
        return query.IsFile
            ? TableAnswer.Of(query.Format, JobTable.Of(jobs))
            : TypedResults.Ok(new JobList(jobs.ConvertAll(JobView.Of), next));
    }

    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> GetJob(
        string id, IJobStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } job ? TypedResults.Ok(JobView.Of(job)) : NotFound(id);

    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> CancelJob(
        string id, IJobStore store, SpoolFolder spool, ImportSignal signal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } job)
        {
            return NotFound(id);
        }

        var body = ImportJob.From(job.Body) with { EndedAt = Instant.FromDateTimeOffset(time.GetUtcNow()) };
        if (await store.UpdateAsync(id, [JobState.Queued, JobState.Running], JobState.Cancelled, body.ToBody(), owner: null, cancellationToken)
            && job.State == JobState.Queued)
        {
            spool.Delete(body.Spool);
        }

        signal.Pulse();
        return TypedResults.Ok(JobView.Of((await store.FindAsync(id, cancellationToken))!));
    }

    private static ProblemHttpResult NotFound(string id) =>
        EmsProblem.Of(404, "JOB_NOT_FOUND", $"There is no job {id}.");
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record JobList(IReadOnlyList<JobView> Jobs, string? NextCursor);

/// <summary>An import as its sender sees it. Counters count readings, except the rows read and in total.</summary>
internal sealed record JobView(
    string Id, JobState State, string FileName, int? RowsTotal, int RowsRead, long RowsStored, long RowsDuplicate, long RowsChanged,
    long RowsRejected, double Percentage, IReadOnlyList<ImportFault> Errors, IReadOnlyList<ColumnView> Mapping,
    IReadOnlyList<ImportAssumption> Assumptions, IReadOnlyDictionary<string, long> Flags, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public static JobView Of(StoredJob stored)
    {
        var job = ImportJob.From(stored.Body);
        return new JobView(
            stored.Id, stored.State, job.FileName, job.RowsTotal, job.RowsRead, job.RowsStored, job.RowsDuplicate, job.RowsChanged,
            job.RowsRejected, job.Percentage, job.Errors,
            [.. job.Mapping.Select(column => new ColumnView(column.Header, column.EquipmentId, column.Metric, column.Kind.ToString().ToLowerInvariant(), column.SourceUnit))],
            job.Assumptions, job.Flags, job.StartedAt?.ToDateTimeOffset(), job.EndedAt?.ToDateTimeOffset());
    }
}

/// <param name="EquipmentId">The meter that the column belongs to, when the columns belong to several.</param>
/// <param name="Unit">Of the cells; values are kept in the metric's own unit.</param>
internal sealed record ColumnView(string Column, string? EquipmentId, string Metric, string Kind, string Unit);
