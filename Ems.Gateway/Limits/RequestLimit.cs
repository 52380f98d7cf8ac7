using System.Globalization;
using Ems.Core.Caching;
using Ems.Core.Settings;
using Ems.Gateway.Keys;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ems.Gateway.Limits;

/// <summary>Keeps one caller from taking the room of all others.</summary>
public static class RequestLimit
{
    internal static void AddRequestLimit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<RequestLimitOptions>(RequestLimitOptions.Section);
        builder.Services.TryAddSingleton<OwnBuckets>();
        builder.AddRedis();
        if (builder.UsesRedis())
        {
            builder.Services.TryAddSingleton<ITokenBuckets, SharedBuckets>();
        }
        else
        {
            builder.Services.TryAddSingleton<ITokenBuckets>(provider => provider.GetRequiredService<OwnBuckets>());
        }
    }

    /// <summary>Answers 429 below <c>/api</c> where a caller asks too much; comes before routing.</summary>
    public static WebApplication UseRequestLimit(this WebApplication app)
    {
        var requestsPerMinute = app.Services.GetRequiredService<IOptions<RequestLimitOptions>>().Value.RequestsPerMinute;
        if (requestsPerMinute > 0)
        {
            app.Use((context, next) => LimitAsync(context, next, requestsPerMinute));
        }

        return app;
    }

    private static async Task LimitAsync(HttpContext context, RequestDelegate next, int requestsPerMinute)
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var known = await context.AuthenticateAsync(ApiKey.Scheme);
        var caller = known.Succeeded ? $"key:{known.Principal.Identity?.Name}" : $"address:{context.Connection.RemoteIpAddress}";
        var buckets = context.RequestServices.GetRequiredService<ITokenBuckets>();
        if (await buckets.TakeAsync(caller, requestsPerMinute, context.RequestAborted) is not { } wait)
        {
            await next(context);
            return;
        }

        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await EmsProblem.Of(
            StatusCodes.Status429TooManyRequests, "RATE_LIMIT_EXCEEDED",
            $"These are more than {requestsPerMinute} requests a minute (Ems:Gateway:RequestsPerMinute): go on in {seconds} s.").ExecuteAsync(context);
    }
}
