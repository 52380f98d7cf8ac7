using Ems.Core.Health;
using Ems.Core.Settings;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.Core.Caching;

/// <summary>Registers the cache and Redis.</summary>
public static class CachingExtensions
{
    private const string ConnectionName = "redis";

    /// <summary>Registers <see cref="CachedAnswers"/>, over Redis where there is one; may be called more than once.</summary>
    public static IHostApplicationBuilder AddEmsCache(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(CachedAnswers)))
        {
            return builder;
        }

        builder.Services.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        builder.Services.AddMetrics();
        builder.AddRedis();
        if (builder.UsesRedis())
        {
            builder.Services.AddSingleton<IDistributedCache, RedisSecondLevel>();
        }

        // It takes every answer that is too large for a fault.
        builder.Logging.AddFilter("Microsoft.Extensions.Caching.Hybrid", LogLevel.Critical);
        builder.Services.AddOptions<MemoryCacheOptions>().Configure<IOptions<CacheOptions>>((memory, cache) => memory.SizeLimit = cache.Value.MaxMemoryBytes);
        builder.Services.AddOptions<HybridCacheOptions>().Configure<IOptions<CacheOptions>>((hybrid, cache) => hybrid.MaximumPayloadBytes = cache.Value.MaxAnswerBytes);
        builder.Services.AddHybridCache().AddSerializerFactory<KeptJson>();
        builder.Services.AddSingleton<CachedAnswers>();
        return builder;
    }

    /// <summary>Registers <see cref="Redis"/> where <c>ConnectionStrings:redis</c> is set; may be called more than once.</summary>
    /// <exception cref="Storage.StartRefusedException">It names no server.</exception>
    public static IHostApplicationBuilder AddRedis(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<RedisOptions>(RedisOptions.Section);
        if (!builder.UsesRedis() || builder.Services.Any(service => service.ServiceType == typeof(Redis)))
        {
            return builder;
        }

        var settings = RedisOptions.Parse(builder.Configuration.GetConnectionString(ConnectionName)!);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(provider => new Redis(
            settings, provider.GetRequiredService<IOptions<RedisOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Redis>>()));
        builder.Services.AddServerCheck("StackExchange.Redis", HealthStatus.Degraded, ServerChecks.Patience, (provider, cancellationToken) =>
            provider.GetRequiredService<Redis>().AnswersAsync(cancellationToken));
        return builder;
    }

    /// <summary>Whether <c>ConnectionStrings:redis</c> is set.</summary>
    public static bool UsesRedis(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(ConnectionName));
}
