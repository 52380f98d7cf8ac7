using Ems.Gateway.Routes;
using Ems.Tests.Functional;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.Tests.Architecture;

public sealed class EndpointTests
{
    private static readonly string[] OpenToAnyone =
        ["/", "/health", "/alive", "/metrics", "/openapi/v1.json", "/openapi/{documentName}.json"];

    [Fact]
    public async Task Endpoint_names_are_unique_in_the_whole_system()
    {
        await using var host = new MonolithHost();

        var names = Endpoints(host).Select(one => one.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).OfType<string>().ToList();

        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_endpoint_asks_who_is_there_but_the_few_that_are_open_to_anyone()
    {
        await using var host = new MonolithHost();

        var open = Endpoints(host).Where(one => one.Metadata.GetMetadata<IAuthorizeData>() is null).Select(one => one.RoutePattern.RawText);

        Assert.Subset(OpenToAnyone.ToHashSet(), open.OfType<string>().ToHashSet());
    }

    [Fact]
    public void The_route_table_leads_there_and_back()
    {
        Assert.All(PublicRoutes.Table.Where(route => !route.IsAlias), route =>
        {
            var found = PublicRoutes.Find(route.PublicPath, route.Method ?? "GET");
            Assert.Equal(route, found?.Route);
            Assert.Equal(route.PublicPath, PublicRoutes.PublicPathOf(route.Service, route.ServicePath, "GET"));
        });
        Assert.Null(PublicRoutes.Find("/api/v1/data/statsandmore", "GET"));
        Assert.Null(PublicRoutes.Find("/api/v1/dashboard", "GET"));
    }

    private static IEnumerable<RouteEndpoint> Endpoints(MonolithHost host) =>
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
