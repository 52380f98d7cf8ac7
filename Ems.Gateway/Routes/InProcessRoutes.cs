using Ems.Gateway.Keys;
using Ems.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Authentication;

namespace Ems.Gateway.Routes;

/// <summary>The gateway where all services live in its own process: lets the caller in and turns the public path into the service's.</summary>
internal sealed class InProcessRoutes
{
    private RequestDelegate? _services;

    /// <summary>What follows behind the gateway: routing and the services' endpoints.</summary>
    public RequestDelegate Services => _services ?? throw new InvalidOperationException("The pipeline is not built yet.");

    public RequestDelegate Wrap(RequestDelegate next)
    {
        _services = next;
        return context => InvokeAsync(context, next);
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ForgedHeaders.Remove(context.Request.Headers);
        if (PublicRoutes.Find(context.Request.Path.Value ?? "", context.Request.Method) is { } found)
        {
            var caller = await context.AuthenticateAsync(ApiKey.Scheme);
            if (!caller.Succeeded)
            {
                await context.ChallengeAsync(ApiKey.Scheme);
                return;
            }

            context.Features.Set(new InProcessCaller(caller.Principal.Identity?.Name ?? "unknown"));
            context.Request.Path = found.Path;
        }

        await next(context);
    }
}

/// <summary>Headers that only we set.</summary>
internal static class ForgedHeaders
{
    public static void Remove(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(IsOurs).ToList())
        {
            headers.Remove(name);
        }
    }

    public static bool IsOurs(string name) => name.StartsWith(InternalHeaders.Prefix, StringComparison.OrdinalIgnoreCase);
}
