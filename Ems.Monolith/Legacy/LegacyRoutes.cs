using System.Security.Claims;
using System.Text.Json.Nodes;
using Ems.Gateway.Calls;
using Ems.Gateway.Keys;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Monolith.Legacy;

/// <summary>The routes of the first, single-process version, for clients that still use them.</summary>
internal static class LegacyRoutes
{
    /// <summary>RFC 9745: deprecated since 1 November 2026.</summary>
    private const string DeprecatedSince = "@1793491200";
    private const string LoadData = "/api/load_data";
    private const string LoadDataSuccessor = "/api/v1/data/ingest/excel";

    private static readonly Dictionary<string, string> Successors = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/api/query"] = "/api/v1/query",
        ["/api/status"] = "/health",
        [LoadData] = LoadDataSuccessor,
        ["/api/data_summary"] = "/api/v1/data/stats",
    };

    /// <summary>Tells clients of these routes where to go, and takes uploads where they are taken now.</summary>
    public static WebApplication UseLegacyRoutes(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (Successors.TryGetValue(context.Request.Path.Value ?? "", out var successor))
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["Deprecation"] = DeprecatedSince;
                    context.Response.Headers.Append("Link", $"<{successor}>; rel=\"successor-version\"");
                    return Task.CompletedTask;
                });
                if (context.Request.Path.Equals(LoadData, StringComparison.OrdinalIgnoreCase))
                {
                    context.Request.Path = LoadDataSuccessor;
                }
            }

            return next(context);
        });
        return app;
    }

    public static void MapLegacyRoutes(this IEndpointRouteBuilder routes)
    {
        var legacy = routes.MapGroup("/api").RequireAuthorization(ApiKey.Policy).ExcludeFromDescription();
        legacy.MapPost("/query", AskLegacyQuery).WithName(nameof(AskLegacyQuery));
        legacy.MapGet("/status", GetLegacyStatus).WithName(nameof(GetLegacyStatus));
        legacy.MapGet("/data_summary", GetLegacySummary).WithName(nameof(GetLegacySummary));
    }

    internal static async Task<Results<Ok<LegacyAnswer>, ProblemHttpResult>> AskLegacyQuery(
        LegacyQuestion question, ClaimsPrincipal user, IServiceCalls calls, TimeProvider clock, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["query"] = question.Query };
        var answer = await calls.SendAsync("query", HttpMethod.Post, "/query", NameOf(user), body, cancellationToken);
        return answer.IsSuccess
            ? TypedResults.Ok(new LegacyAnswer(
                answer.Body?["unanswered"] is null, question.Query, answer.Body?["answer"]?.DeepClone(), clock.GetUtcNow(),
                answer.Body?["rows"]?.DeepClone()))
            : Refused(answer);
    }

    internal static async Task<Results<Ok<LegacyStatus>, ProblemHttpResult>> GetLegacyStatus(
        ClaimsPrincipal user, IServiceCalls calls, TimeProvider clock, CancellationToken cancellationToken)
    {
        var stats = await calls.SendAsync("ingestion", HttpMethod.Get, "/stats", NameOf(user), null, cancellationToken);
        return stats.IsSuccess
            ? TypedResults.Ok(new LegacyStatus(true, "running", stats.Body?["total_readings"]?.DeepClone(), clock.GetUtcNow()))
            : Refused(stats);
    }

    internal static async Task<Results<Ok<LegacySummary>, ProblemHttpResult>> GetLegacySummary(
        ClaimsPrincipal user, IServiceCalls calls, CancellationToken cancellationToken)
    {
        var stats = await calls.SendAsync("ingestion", HttpMethod.Get, "/stats", NameOf(user), null, cancellationToken);
        if (!stats.IsSuccess)
        {
            return Refused(stats);
        }

        var analytics = await calls.SendAsync("analytics", HttpMethod.Get, "/analytics/summary", NameOf(user), null, cancellationToken);
        JsonArray latest =
        [
            .. (stats.Body?["equipment"] as JsonArray ?? []).Select(one => new JsonObject
            {
                ["equipment_id"] = one?["equipment_id"]?.DeepClone(), ["timestamp"] = one?["last_at"]?.DeepClone(),
            }),
        ];
        return TypedResults.Ok(new LegacySummary(true, new LegacyData(
            new LegacyRange(stats.Body?["first_at"]?.DeepClone(), stats.Body?["last_at"]?.DeepClone()), latest,
            analytics.Body?["anomaly_count"]?.DeepClone(), stats.Body?["total_readings"]?.DeepClone())));
    }

    private static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";

    private static ProblemHttpResult Refused(ServiceAnswer answer) =>
        (string?)answer.Body?["code"] is { } code
            ? EmsProblem.Of(answer.Status, code, (string?)answer.Body["detail"] ?? "")
            : TypedResults.Problem(statusCode: answer.Status);
}

internal sealed record LegacyQuestion(string Query);

/// <param name="Success">Whether the question was understood.</param>
internal sealed record LegacyAnswer(bool Success, string Query, JsonNode? Response, DateTimeOffset Timestamp, JsonNode? Rows);

internal sealed record LegacyStatus(bool Success, string Status, JsonNode? TotalRecords, DateTimeOffset Timestamp);

internal sealed record LegacySummary(bool Success, LegacyData Summary);

/// <param name="LatestReadings">When each equipment was last heard of.</param>
/// <param name="AnomalyCount">Null while nothing looks for anomalies.</param>
internal sealed record LegacyData(LegacyRange DataRange, JsonArray LatestReadings, JsonNode? AnomalyCount, JsonNode? TotalRecords);

internal sealed record LegacyRange(JsonNode? Start, JsonNode? End);
