using Ems.Gateway.Routes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ems.Gateway.Health;

/// <summary>The services of this process: a health check named after a service, or <c>service.part</c>, counts for it.</summary>
internal sealed class InProcessHealth(HealthCheckService checks) : IServiceHealth
{
    public async Task<IReadOnlyDictionary<string, ServiceState>> ReadAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        return PublicRoutes.Services.ToDictionary(service => service, service =>
        {
            var worst = report.Entries.Where(entry => IsOf(service, entry.Key)).Select(entry => entry.Value.Status)
                .DefaultIfEmpty(HealthStatus.Healthy).Min();
            var name = GatewayHealth.NameOf(worst);
            return new ServiceState(name, [new InstanceState($"{service}-0", name)], "closed");
        });
    }

    private static bool IsOf(string service, string check) =>
        check == service || check.StartsWith(service + ".", StringComparison.Ordinal)
        || !PublicRoutes.Services.Any(one => check == one || check.StartsWith(one + ".", StringComparison.Ordinal));
}
