using Ems.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ems.Gateway.Health;

/// <summary>How each service is.</summary>
internal interface IServiceHealth
{
    Task<IReadOnlyDictionary<string, ServiceState>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The same, or that all was well at most 30 seconds ago, as this gateway or another one found it.</summary>
    Task<IReadOnlyDictionary<string, ServiceState>> ReadRecentAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);
}

/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Circuit">open while requests are kept from a service that does not answer; else closed.</param>
internal sealed record ServiceState(string Status, IReadOnlyList<InstanceState> Instances, string Circuit);

internal sealed record InstanceState(string Id, string Status);

internal sealed record SystemHealth(string Status, IReadOnlyDictionary<string, ServiceState> Services);

/// <summary>Health of the whole system: a service that is down makes it degraded, all of them make it unhealthy.</summary>
internal sealed class GatewayHealth(IServiceHealth services) : IHealthReport
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";

    public async Task<(HealthStatus Status, object Body)> ReadAsync(CancellationToken cancellationToken)
    {
        var states = await services.ReadAsync(cancellationToken);
        var status = states.Values.All(state => state.Status == Healthy) ? HealthStatus.Healthy
            : states.Values.All(state => state.Status == Unhealthy) ? HealthStatus.Unhealthy
            : HealthStatus.Degraded;
        return (status, new SystemHealth(NameOf(status), states));
    }

    public static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Healthy,
        HealthStatus.Degraded => Degraded,
        _ => Unhealthy,
    };
}
