using System.Text.Json;
using System.Text.Json.Nodes;
using Ems.Gateway.Calls;
using Polly;

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

internal sealed class RemoteDocuments(IHttpClientFactory clients, TimeProvider clock) : IServiceDocuments
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public bool AreOwn => false;

    public async Task<JsonObject?> ReadAsync(string service, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpServiceCalls.Client);
            await using var stream = await client.GetStreamAsync(new Uri($"http://{service}/openapi/v1.json"), both.Token);
            return await JsonNode.ParseAsync(stream, cancellationToken: both.Token) as JsonObject;
        }
        catch (Exception fault) when (
            fault is HttpRequestException or ExecutionRejectedException or JsonException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Its routes are left out, and the document says so.
            return null;
        }
    }
}
