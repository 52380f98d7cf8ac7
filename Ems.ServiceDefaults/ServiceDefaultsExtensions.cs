using Ems.Core.Json;
using Ems.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults;

/// <summary>What every host of Ems has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds what every host needs, under the host's name in logs, telemetry and health.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string name)
    {
        builder.Services.ConfigureHttpJsonOptions(json => EmsJson.Configure(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.AddInternalAuthentication();
        builder.Services.AddProblemDetails();
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary>Adds the middleware and the routes that every host has.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
        return app;
    }
}
