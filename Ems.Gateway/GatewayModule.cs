using Ems.Core.Caching;
using Ems.Core.Live;
using Ems.Core.Storage;
using Ems.Gateway.Calls;
using Ems.Gateway.Dashboards;
using Ems.Gateway.Documents;
using Ems.Gateway.Events;
using Ems.Gateway.Health;
using Ems.Gateway.Keys;
using Ems.Gateway.Limits;
using Ems.Gateway.Parked;
using Ems.Gateway.Routes;
using Ems.ServiceDefaults.Health;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;

namespace Ems.Gateway;

/// <summary>The public door: lets in who belongs and passes the call on to the service that answers it.</summary>
public static class GatewayModule
{
    /// <summary>Registers the gateway of services that run in processes of their own.</summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        ServiceAddresses.AddDefaults(builder.Configuration);
        builder.AddProxyRoutes();
        builder.Services.AddHostedService<RemoteEvents>();
        builder.AddEmsCache();
        builder.Services.AddSingleton<IServiceCalls, HttpServiceCalls>();

        // Services are never behind the proxy of a company, and their key is not for it.
        builder.Services.AddHttpClient(HttpServiceCalls.Client).UseSocketsHttpHandler((handler, _) => handler.UseProxy = false);
        builder.Services.AddSingleton<IServiceHealth, RemoteHealth>();
        builder.Services.AddSingleton<IServiceDocuments, RemoteDocuments>();
        return builder.AddDoor();
    }

    /// <summary>Registers the gateway of services that run in this process.</summary>
    public static IHostApplicationBuilder AddInProcessGateway(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InProcessRoutes>();
        builder.Services.AddSingleton<IServiceCalls, InProcessServiceCalls>();
        builder.Services.AddSingleton<IServiceHealth, InProcessHealth>();
        builder.Services.AddSingleton<IServiceDocuments, OwnDocuments>();
        return builder.AddDoor();
    }

    /// <summary>Lets public paths reach the services of this process; comes before routing.</summary>
    public static void UseInProcessRoutes(this WebApplication app)
    {
        app.UseRequestLimit();
        var routes = app.Services.GetRequiredService<InProcessRoutes>();
        app.Use(routes.Wrap);
    }

    /// <summary>Maps the module's routes, and those of the services in other processes.</summary>
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => TypedResults.Redirect("/docs")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/openapi/v1.json", async (PublicDocument document, CancellationToken cancellationToken) =>
            TypedResults.Json(await document.BuildAsync(cancellationToken))).AllowAnonymous().ExcludeFromDescription();
        routes.MapDashboard();
        routes.MapEvents();
        routes.MapParkedMessages();
        if (routes.ServiceProvider.GetService<IProxyConfigProvider>() is not null)
        {
            routes.MapProxyRoutes();
        }

        return routes;
    }

    private static IHostApplicationBuilder AddDoor(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddRequestLimit();
        builder.AddLiveEvents();
        builder.Services.AddSingleton<AdminKey>();
        builder.Services.AddSingleton<SamplePlantKey>();
        builder.Services.AddHostedService<AdminKeyAnnouncement>();
        builder.Services.AddSingleton<PublicDocument>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHealthReport, GatewayHealth>());
        builder.Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKey.Scheme, null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(ApiKey.Policy, new AuthorizationPolicyBuilder(ApiKey.Scheme).RequireAuthenticatedUser().Build());
        return builder;
    }
}
