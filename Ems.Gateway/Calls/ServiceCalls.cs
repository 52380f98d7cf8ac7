using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ems.Gateway.Routes;
using Ems.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Ems.Gateway.Calls;

/// <summary>What a service answered.</summary>
public sealed record ServiceAnswer(int Status, JsonNode? Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Asks a service on behalf of a caller, wherever it runs.</summary>
public interface IServiceCalls
{
    /// <param name="path">The service's own path, and a query string if there is one.</param>
    Task<ServiceAnswer> SendAsync(
        string service, HttpMethod method, string path, string caller, JsonNode? body, CancellationToken cancellationToken);
}

/// <summary>Asks services in processes of their own.</summary>
internal sealed class HttpServiceCalls(IHttpClientFactory clients, InternalKey key) : IServiceCalls
{
    public const string Client = "gateway";

    public async Task<ServiceAnswer> SendAsync(
        string service, HttpMethod method, string path, string caller, JsonNode? body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, $"http://{service}{path}");
        request.Headers.Add(InternalHeaders.Key, key.Value);
        request.Headers.Add(InternalHeaders.Caller, caller);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var client = clients.CreateClient(Client);
        using var response = await client.SendAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new ServiceAnswer((int)response.StatusCode, await JsonBody.ReadAsync(stream, cancellationToken));
    }
}

/// <summary>Asks services in this process: runs their endpoint without a network in between.</summary>
internal sealed class InProcessServiceCalls(InProcessRoutes routes, IServiceScopeFactory scopes) : IServiceCalls
{
    public async Task<ServiceAnswer> SendAsync(
        string service, HttpMethod method, string path, string caller, JsonNode? body, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        using MemoryStream answer = new();
        DefaultHttpContext context = new() { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        context.Features.Set(new InProcessCaller(caller));
        context.Request.Method = method.Method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(service);
        var query = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.Path = PathString.FromUriComponent(query < 0 ? path : path[..query]);
        context.Request.QueryString = query < 0 ? QueryString.Empty : new QueryString(path[query..]);
        context.Response.Body = answer;
        if (body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body.ToJsonString()));
            context.Request.ContentLength = context.Request.Body.Length;
            context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        }

        await routes.Services(context);
        await context.Response.CompleteAsync();
        answer.Position = 0;
        return new ServiceAnswer(context.Response.StatusCode, await JsonBody.ReadAsync(answer, cancellationToken));
    }

    /// <summary>Without it a body is taken for missing.</summary>
    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}

internal static class JsonBody
{
    public static async Task<JsonNode?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            // An empty body, or a page from something that is not one of our services.
            return null;
        }
    }
}
