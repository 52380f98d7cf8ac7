using Ems.Core.Json;
using Ems.ServiceDefaults.Authentication;
using Ems.ServiceDefaults.Health;
using Ems.ServiceDefaults.Http;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Parked;
using Ems.ServiceDefaults.Problems;
using Ems.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults;

/// <summary>What every host of Ems has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The AppHost ends everything within 6 s and its servers last: its numbers (ApplicationRunner) leave this much to a service.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(4);

    /// <summary>Adds what every host needs, under the host's name in logs, telemetry and health.</summary>
    /// <param name="name">gateway, ingestion …</param>
    /// <param name="defaultPorts">Where it listens, on loopback alone, unless it is told otherwise.</param>
    public static IHostApplicationBuilder AddServiceDefaults(
        this IHostApplicationBuilder builder, string name, params int[] defaultPorts)
    {
        StartFaults.SayInOneLine(builder.Logging);
        builder.CheckEngines(name);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json => EmsJson.Configure(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host =>
        {
            // Imports stop while requests drain, not only after the last of them.
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = DrainLimit;
        });
        builder.ListenOnLoopback(defaultPorts);
        builder.AddHttpClientDefaults();
        builder.AddInternalAuthentication();
        builder.AddProblems();
        builder.AddTelemetry(name);
        builder.AddHealth();
        builder.AddEmsOpenApi(name);
        return builder;
    }

    /// <summary>Adds the middleware and the routes that every host has.</summary>
    /// <param name="beforeRouting">Middleware that changes where a request goes.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action<WebApplication>? beforeRouting = null)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        beforeRouting?.Invoke(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapParked();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapEmsOpenApi();
        return app;
    }
}
