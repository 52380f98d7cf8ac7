using System.Text.Json;
using System.Text.Json.Nodes;
using Ems.Gateway.Routes;

namespace Ems.Gateway.Documents;

/// <summary>The OpenAPI documents of the services.</summary>
internal interface IServiceDocuments
{
    /// <summary>Whether the services are in this process, so that its own document is theirs too.</summary>
    bool AreOwn { get; }

    /// <summary>Null when the service does not answer.</summary>
    Task<JsonObject?> ReadAsync(string service, CancellationToken cancellationToken);
}

internal sealed class OwnDocuments : IServiceDocuments
{
    public bool AreOwn => true;

    public Task<JsonObject?> ReadAsync(string service, CancellationToken cancellationToken) => Task.FromResult<JsonObject?>([]);
}

/// <summary>Asks the first instance that answers.</summary>
internal sealed class RemoteDocuments(IConfiguration configuration, TimeProvider clock) : IServiceDocuments, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) });

    public bool AreOwn => false;

    public void Dispose() => _client.Dispose();

    public async Task<JsonObject?> ReadAsync(string service, CancellationToken cancellationToken)
    {
        foreach (var address in ServiceAddresses.Of(configuration, service))
        {
            using CancellationTokenSource patience = new(Patience, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await using var stream = await _client.GetStreamAsync(new Uri(new Uri(address), "/openapi/v1.json"), both.Token);
                return await JsonNode.ParseAsync(stream, cancellationToken: both.Token) as JsonObject;
            }
            catch (Exception fault) when (
                fault is HttpRequestException or JsonException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next instance may answer.
            }
        }

        return null;
    }
}
