using Ems.Gateway.Keys;
using Ems.ServiceDefaults.Authentication;
using Ems.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Ems.Gateway.Routes;

/// <summary>The gateway in front of services in processes of their own: the table as routes of the reverse proxy.</summary>
internal static class ProxyRoutes
{
    // A long import with ?wait=true is silent until it ends.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    public static void AddProxyRoutes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy()
            .LoadFromMemory(Routes(), Clusters(builder.Configuration))
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(2))
            .AddTransforms(transforms =>
            {
                var key = transforms.Services.GetRequiredService<InternalKey>();
                transforms.AddRequestTransform(context =>
                {
                    var headers = context.ProxyRequest.Headers;
                    foreach (var name in headers.Select(header => header.Key).Where(ForgedHeaders.IsOurs).ToList())
                    {
                        headers.Remove(name);
                    }

                    headers.Remove(ApiKey.Header);
                    headers.Remove("Authorization");
                    headers.Remove("Cookie");
                    headers.Add(InternalHeaders.Key, key.Value);
                    headers.Add(InternalHeaders.Caller, context.HttpContext.User.Identity?.Name ?? "unknown");
                    return ValueTask.CompletedTask;
                });
            });
    }

    public static void MapProxyRoutes(this IEndpointRouteBuilder routes) => routes.MapReverseProxy(proxy =>
    {
        proxy.Use(async (context, next) =>
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is { Error: not ForwarderError.RequestCanceled } && !context.Response.HasStarted)
            {
                var service = context.GetReverseProxyFeature().Route.Config.ClusterId;
                context.Response.Headers.RetryAfter = "5";
                await EmsProblem.Of(
                    StatusCodes.Status503ServiceUnavailable, ProblemCodes.ServiceUnavailable,
                    $"The service '{service}' does not answer: try again in 5 seconds.").ExecuteAsync(context);
            }
        });
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    private static List<RouteConfig> Routes() =>
    [
        .. PublicRoutes.Table.Select((route, index) => new RouteConfig
        {
            RouteId = $"{index} {route.Public}",
            ClusterId = route.Service,
            AuthorizationPolicy = ApiKey.Policy,
            MaxRequestBodySize = -1,
            Match = new RouteMatch
            {
                Path = route.Method is null ? $"{route.PublicPath}/{{**rest}}" : route.PublicPath,
                Methods = route.Method is null ? null : [route.Method],
            },
            Transforms =
            [
                new Dictionary<string, string> { ["PathRemovePrefix"] = route.PublicPath },
                new Dictionary<string, string> { ["PathPrefix"] = route.ServicePath },
            ],
        }),
    ];

    private static List<ClusterConfig> Clusters(IConfiguration configuration) =>
    [
        .. PublicRoutes.Services.Select(service => new ClusterConfig
        {
            ClusterId = service,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = ServiceAddresses.Of(configuration, service)
                .Select((address, index) => (address, index))
                .ToDictionary(one => $"{service}-{one.index}", one => new DestinationConfig { Address = one.address }),
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = LongestSilence },
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Passive = new PassiveHealthCheckConfig
                {
                    Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5),
                },
            },
        }),
    ];
}
