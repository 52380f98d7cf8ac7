using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults.Health;

/// <summary>Answers <c>/health</c>.</summary>
public interface IHealthReport
{
    /// <summary>What is told to anyone: no addresses, no exception text.</summary>
    Task<(HealthStatus Status, object Body)> ReadAsync(CancellationToken cancellationToken);
}

internal static class HealthRoutes
{
    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.TryAddSingleton<IHealthReport, OwnHealth>();
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health", async (IHealthReport report, HttpContext context) =>
        {
            var (status, body) = await report.ReadAsync(context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(
                body, statusCode: status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        }).AllowAnonymous().ExcludeFromDescription();

        app.MapGet("/alive", () => TypedResults.Ok(new AliveBody("alive"))).AllowAnonymous().ExcludeFromDescription();
    }

    internal static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    internal sealed record AliveBody(string Status);

    /// <summary>The health checks of this process.</summary>
    private sealed class OwnHealth(HealthCheckService checks) : IHealthReport
    {
        public async Task<(HealthStatus Status, object Body)> ReadAsync(CancellationToken cancellationToken)
        {
            var report = await checks.CheckHealthAsync(cancellationToken);
            return (report.Status, new HealthBody(
                NameOf(report.Status), report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status))));
        }
    }

    private sealed record HealthBody(string Status, IReadOnlyDictionary<string, string> Checks);
}
