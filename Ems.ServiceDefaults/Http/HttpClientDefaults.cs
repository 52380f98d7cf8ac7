using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Ems.ServiceDefaults.Http;

internal static class HttpClientDefaults
{
    public static void AddHttpClientDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            // A breaker for each service: one that is down does not take the others with it.
            client.AddStandardResilienceHandler(Configure).SelectPipelineByAuthority();
            client.AddServiceDiscovery();
        });
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(30);
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
        options.Retry.MaxRetryAttempts = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.BackoffType = DelayBackoffType.Exponential;
        options.Retry.UseJitter = true;
        options.Retry.DisableForUnsafeHttpMethods();

        // Who waits for an answer is better told at once than after the seconds that a service in trouble asks for.
        options.Retry.ShouldRetryAfterHeader = false;

        // A refused request says nothing about the health of the one who refuses it.
        options.CircuitBreaker.ShouldHandle = breaker => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(breaker.Outcome)
            && breaker.Outcome.Result is not { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError });
        options.CircuitBreaker.FailureRatio = 0.5;
        options.CircuitBreaker.MinimumThroughput = 10;
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(30);
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(5);
    }
}
