using System.Security.Claims;
using System.Text.Json.Nodes;
using Ems.Gateway.Calls;
using Ems.Gateway.Health;
using Ems.Gateway.Keys;
using Ems.Gateway.Routes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Gateway.Dashboards;

internal static partial class DashboardEndpoints
{
    /// <summary>A service that takes longer counts as down: the others' parts do not wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapDashboard(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{PublicRoutes.Prefix}/dashboard", GetDashboard)
            .RequireAuthorization(ApiKey.Policy)
            .WithTags("Dashboard")
            .WithName(nameof(GetDashboard))
            .WithSummary("The state of everything at a glance")
            .WithDescription("A part whose service is down is null and named in degraded.");

    internal static async Task<Ok<Dashboard>> GetDashboard(
        ClaimsPrincipal user, IServiceCalls calls, IServiceHealth health, TimeProvider clock, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var logger = loggers.CreateLogger("Ems.Gateway.Dashboard");
        var caller = user.Identity?.Name ?? "unknown";

        Task<JsonNode?> Ask(string service, string path) =>
            AskAsync(() => calls.SendAsync(service, HttpMethod.Get, path, caller, null, both.Token), service, logger, both.Token);

        var ingestion = Ask("ingestion", "/stats?equipment=false");
        var analytics = Ask("analytics", "/analytics/summary?equipment=false");
        var alerts = Ask("notifications", "/alerts");
        var energy = Ask("query", "/energy-summary");
        var services = health.ReadRecentAsync(cancellationToken);
        await Task.WhenAll(ingestion, analytics, alerts, energy, services);

        (string Name, JsonNode? Part)[] parts =
            [("data_ingestion", await ingestion), ("analytics", await analytics), ("alerts", await alerts), ("energy", await energy)];
        string[] degraded = [.. parts.Where(part => part.Part is null).Select(part => part.Name)];
        var isWellInVain = degraded.Length > 0 && (await services).Values.All(service => service.Status == GatewayHealth.Healthy);
        return TypedResults.Ok(new Dashboard(
            await ingestion, await analytics, await alerts, await energy, isWellInVain ? await health.ReadAsync(cancellationToken) : await services,
            clock.GetUtcNow(), degraded));
    }

    private static async Task<JsonNode?> AskAsync(
        Func<Task<ServiceAnswer>> call, string service, ILogger logger, CancellationToken patience)
    {
        try
        {
            // Run apart, and waited for with patience: an answer within this process may keep its thread.
            var answer = await Task.Run(call, patience).WaitAsync(patience);
            if (answer.IsSuccess)
            {
                return answer.Body;
            }

            LogLeftOut(logger, service, answer.Status);
        }
        catch (Exception fault)
        {
            // Whatever failed, the other parts are still worth showing.
            LogDown(logger, fault, service);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "The dashboard is without {Service}: it answered {Status}")]
    private static partial void LogLeftOut(ILogger logger, string service, int status);

    [LoggerMessage(LogLevel.Warning, "The dashboard is without {Service}")]
    private static partial void LogDown(ILogger logger, Exception fault, string service);
}

/// <summary>The state of everything at a glance.</summary>
/// <param name="Degraded">Parts that are null because their service does not answer.</param>
internal sealed record Dashboard(
    JsonNode? DataIngestion, JsonNode? Analytics, JsonNode? Alerts, JsonNode? Energy,
    IReadOnlyDictionary<string, ServiceState> ServiceHealth, DateTimeOffset Timestamp, IReadOnlyList<string> Degraded);
