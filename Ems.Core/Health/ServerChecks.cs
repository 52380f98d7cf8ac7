using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ems.Core.Health;

/// <summary>Health checks of servers, under the names of the clients that ask them.</summary>
internal static class ServerChecks
{
    /// <summary>Shorter than a gateway waits for the health of a service.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>May be called more than once.</summary>
    /// <param name="without">The health of a process whose server does not answer.</param>
    /// <param name="patience">Null: as long as it takes.</param>
    public static void AddServerCheck(
        this IServiceCollection services, string name, HealthStatus without, TimeSpan? patience,
        Func<IServiceProvider, CancellationToken, Task<bool>> answersAsync)
    {
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(checks =>
        {
            if (checks.Registrations.All(check => check.Name != name))
            {
                checks.Registrations.Add(new HealthCheckRegistration(
                    name, provider => new ServerCheck(token => answersAsync(provider, token)), without, tags: null, patience));
            }
        });
    }

    private sealed class ServerCheck(Func<CancellationToken, Task<bool>> answersAsync) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await answersAsync(cancellationToken) ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus);
    }
}
