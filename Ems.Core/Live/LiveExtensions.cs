using Ems.Core.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Ems.Core.Live;

/// <summary>Registers live events.</summary>
public static class LiveExtensions
{
    /// <summary>Registers <see cref="LiveEvents"/>, heard through Redis as well where there is one; may be called more than once.</summary>
    public static IHostApplicationBuilder AddLiveEvents(this IHostApplicationBuilder builder)
    {
        builder.AddRedis();
        builder.Services.TryAddSingleton(provider => new LiveEvents(provider.GetService<Redis>()));
        if (builder.UsesRedis())
        {
            builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisListener>());
        }

        return builder;
    }
}

/// <summary>Subscribes once Redis is there; from then on the connection does so by itself.</summary>
internal sealed partial class RedisListener(LiveEvents events, Redis redis, TimeProvider time, ILogger<RedisListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await events.SubscribeAsync(redis);
                return;
            }
            catch (Exception away) when (away is RedisException or TimeoutException)
            {
                LogAway(away.Message);
            }

            try
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Live events of other processes cannot be heard yet: {Reason}")]
    private partial void LogAway(string reason);
}
