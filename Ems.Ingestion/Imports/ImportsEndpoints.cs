using System.Security.Claims;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Previews;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Profiles;
using Ems.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>Imports of meter files: their routes and what runs them.</summary>
internal static class ImportsEndpoints
{
    private const string ExampleFile = "timestamp,Active Power (kW)\n2026-01-01 00:00,41.5\n2026-01-01 00:15,43\n2026-01-01 00:30,42.25\n";

    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddSingleton<SpoolFolder>();
        services.AddSingleton<RejectedFolder>();
        services.AddSingleton<ImportTelemetry>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<ImportedMeters>();
        services.AddSingleton<MeterChecks>();
        services.AddSingleton<RememberedMeters>();
        services.AddSingleton<FileZones>();
        services.AddSingleton<ImportBatches>();
        services.AddSingleton<ImportRunner>();
        services.AddSingleton<ProfileMemory>();
        services.AddSingleton<RememberedEquipment>();
        services.AddScoped<ImportRequests>();
        services.AddScoped<ImportQueue>();
        services.AddScoped<ImportPreview>();
        return services;
    }

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ingest/excel", SubmitFile)
            .RequireAuthorization()
            .WithTags("Imports")
            .WithName(nameof(SubmitFile))
            .WithSummary("Imports a file of readings (.xlsx, .xls, .xlsb, .csv and other delimited text, Green Button XML, NEM12, NEM13, .gz of these), or a whole folder of them as one .zip")
            .WithExample("wait", "true")
            .WithUpload("main-meter.csv", ExampleFile, FormFields.All)
            .WithIdFor(JobsEndpoints.NamesById)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .DisableAntiforgery();
        routes.MapPost("/preview", PreviewFile)
            .RequireAuthorization()
            .WithTags("Imports")
            .WithName(nameof(PreviewFile))
            .WithSummary("Reads the first rows of a file as an import would and stores nothing: the proposed mapping, parsed rows, problems")
            .WithUpload("main-meter.csv", ExampleFile, FormFields.All)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .DisableAntiforgery();
    }

    internal static async Task<Results<Ok<PreviewView>, ProblemHttpResult>> PreviewFile(
        HttpRequest request, ImportPreview preview, CancellationToken cancellationToken)
    {
        var (view, problem) = await preview.ReadAsync(request, cancellationToken);
        return view is null ? problem! : TypedResults.Ok(view);
    }

    internal static async Task<Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult>> SubmitFile(
        HttpRequest request, ImportQueue queue, JobWatch watch, ClaimsPrincipal user, bool? wait, CancellationToken cancellationToken)
    {
        var (job, problem) = await queue.AddAsync(request, user.Identity?.Name ?? "unknown", cancellationToken);
        if (job is null)
        {
            return problem!;
        }

        job = wait == true ? await watch.WaitAsync(job, cancellationToken) : job;
        return JobWatch.HasEnded(job)
            ? TypedResults.Ok(JobView.Of(job))
            : TypedResults.Accepted(JobsEndpoints.PublicPathOf(job), JobView.Of(job));
    }
}
