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
    /// <param name="patience">Null: as long as it takes. A server that has answered just before is slow and not away: then the process is degraded.</param>
    public static void AddServerCheck(
        this IServiceCollection services, string name, HealthStatus without, TimeSpan? patience,
        Func<IServiceProvider, CancellationToken, Task<bool>> answersAsync)
    {
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(checks =>
        {
            if (checks.Registrations.All(check => check.Name != name))
            {
                LastAnswer last = new();
                checks.Registrations.Add(new HealthCheckRegistration(
                    name, provider => new ServerCheck(token => answersAsync(provider, token), patience ?? Timeout.InfiniteTimeSpan, last), without, tags: null));
            }
        });
    }

    private sealed class LastAnswer
    {
        private static readonly TimeSpan JustBefore = TimeSpan.FromSeconds(5);
        private long? _at;

        public bool IsJustBefore => _at is { } at && TimeProvider.System.GetElapsedTime(at) < JustBefore;

        public void Note() => _at = TimeProvider.System.GetTimestamp();
    }

    private sealed class ServerCheck(Func<CancellationToken, Task<bool>> answersAsync, TimeSpan patience, LastAnswer last) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patient.CancelAfter(patience);
            try
            {
                if (await answersAsync(patient.Token))
                {
                    last.Note();
                    return HealthCheckResult.Healthy();
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && last.IsJustBefore)
            {
                return HealthCheckResult.Degraded("It is slow.");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It has not answered for a while.
            }

            return new HealthCheckResult(context.Registration.FailureStatus);
        }
    }
}
