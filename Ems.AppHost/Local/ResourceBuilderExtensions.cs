using System.Globalization;
using Ems.AppHost.Local.Running;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.Change(resource => resource.Environment.Add(() => [new(name, value)]));

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.Change(resource => resource.Environment.Add(() => [new(name, parameter.Resource.Value)]));

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        builder.Change(resource => resource.Environment.Add(() => [new(name, endpointReference.Url)]));

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs =>
        builder.Change(resource => resource.Arguments.AddRange(args));

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment =>
        builder.Change(resource => resource.Environment.Add(() =>
            ConnectionStrings.Of(source.Resource) is { } connectionString
                ? [new($"ConnectionStrings__{connectionName ?? source.Resource.Name}", connectionString)]
                : []));

    /// <summary>One index for each replica of the source, so that the caller can choose among them.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.Change(resource => resource.Environment.Add(() => source.Resource.Model().Endpoints.SelectMany(AddressesOf)));

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.Change(resource => resource.WaitsFor.Add(dependency.Resource.Model()));

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.Change(resource =>
        {
            name ??= "http";
            if (resource.Endpoints.Any(endpoint => endpoint.EndpointName == name))
            {
                throw new DistributedApplicationException($"'{resource.Name}' already has an endpoint called '{name}'.");
            }

            resource.Endpoints.Add(new EndpointReference(resource, name, "http", "localhost", port ?? targetPort) { PortVariable = env });
        });

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints =>
        builder.Change(resource => resource.Endpoints.ForEach(endpoint => endpoint.IsExternal = true));

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints =>
        builder.Resource.Model().Endpoints.Find(endpoint => endpoint.EndpointName == name)
            ?? throw new DistributedApplicationException($"'{builder.Resource.Name}' has no endpoint called '{name}'.");

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.Change(resource => resource.HealthChecks.Add(new HttpHealthCheck(path ?? "/", statusCode ?? 200, endpointName)));

    private static IEnumerable<KeyValuePair<string, string?>> AddressesOf(EndpointReference endpoint)
    {
        var name = endpoint.Resource.Name;
        for (var replica = 0; replica < endpoint.Ports.Length; replica++)
        {
            var index = replica.ToString(CultureInfo.InvariantCulture);
            yield return new($"services__{name}__{endpoint.EndpointName}__{index}", endpoint.UrlOf(replica));
        }

        yield return new($"{name}_{endpoint.EndpointName}".Replace('-', '_').ToUpperInvariant(), endpoint.Url);
    }
}
