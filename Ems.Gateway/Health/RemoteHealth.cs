using System.Text.Json;
using Ems.Core.Caching;
using Ems.Core.Json;
using Ems.Gateway.Routes;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Ems.Gateway.Health;

/// <summary>Asks every instance for its health.</summary>
internal sealed class RemoteHealth(IConfiguration configuration, IProxyStateLookup proxy, CachedAnswers cache, TimeProvider clock) : IServiceHealth, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    // Without retries and breakers: this is the question whether it answers. Services are never behind the proxy of a company.
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), UseProxy = false });

    public async Task<IReadOnlyDictionary<string, ServiceState>> ReadAsync(CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(PublicRoutes.Services.Select(service => AskServiceAsync(service, cancellationToken)));
        return PublicRoutes.Services.Zip(states).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    public Task<IReadOnlyDictionary<string, ServiceState>> ReadRecentAsync(CancellationToken cancellationToken) => cache.GetAsync(
        "services",
        [.. PublicRoutes.Services.Select(service => ServiceAddresses.Of(configuration, service))],
        Age,
        ReadAsync,
        cancellationToken,
        states => states.Values.All(state => state.Status == GatewayHealth.Healthy));

    public void Dispose() => _client.Dispose();

    private async Task<ServiceState> AskServiceAsync(string service, CancellationToken cancellationToken)
    {
        var addresses = ServiceAddresses.Of(configuration, service);
        var instances = await Task.WhenAll(addresses.Select(async (address, index) =>
            new InstanceState($"{service}-{index}", await AskAsync(address, cancellationToken))));
        var status = instances.All(instance => instance.Status == GatewayHealth.Healthy) ? GatewayHealth.Healthy
            : instances.All(instance => instance.Status == GatewayHealth.Unhealthy) ? GatewayHealth.Unhealthy
            : GatewayHealth.Degraded;
        return new ServiceState(status, instances, IsOpen(service) ? "open" : "closed");
    }

    private async Task<string> AskAsync(string address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await _client.GetAsync(new Uri(new Uri(address), "/health"), both.Token);
            if (!response.IsSuccessStatusCode)
            {
                return GatewayHealth.Unhealthy;
            }

            var said = await response.Content.ReadFromJsonAsync<SaidHealth>(EmsJson.Options, both.Token);
            return said?.Status == GatewayHealth.Degraded ? GatewayHealth.Degraded : GatewayHealth.Healthy;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException)
        {
            return GatewayHealth.Unhealthy;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return GatewayHealth.Unhealthy;
        }
    }

    private bool IsOpen(string service) =>
        proxy.TryGetCluster(service, out var cluster) && !cluster.Destinations.IsEmpty
        && cluster.Destinations.Values.All(destination => destination.Health.Passive == DestinationHealth.Unhealthy);

    private sealed record SaidHealth(string? Status);
}
