using Microsoft.Extensions.Configuration.Memory;

namespace Ems.Gateway.Routes;

/// <summary>Where the instances of a service are: <c>services__NAME__http__0</c> and on, else its port on this machine.</summary>
internal static class ServiceAddresses
{
    public static void AddDefaults(IConfigurationBuilder configuration) => configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = PublicRoutes.Services.Select((service, index) =>
            new KeyValuePair<string, string?>($"services:{service}:http:0", $"http://localhost:{8001 + index}")),
    });

    public static IReadOnlyList<string> Of(IConfiguration configuration, string service) =>
    [
        .. configuration.GetSection($"services:{service}:http").GetChildren()
            .Select(instance => instance.Value).OfType<string>().Where(address => address.Length > 0),
    ];
}
