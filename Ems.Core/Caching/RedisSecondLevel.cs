using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Ems.Core.Caching;

/// <summary>Redis as the place where processes look for what others have kept; when it is away nothing is kept there.</summary>
internal sealed class RedisSecondLevel(Redis redis) : IDistributedCache
{
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var (_, kept) = await redis.TryAsync(database => database.StringGetAsync(NameOf(key)), token);
        return kept;
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        redis.TryAsync(database => database.StringSetAsync(NameOf(key), value, options.AbsoluteExpirationRelativeToNow ?? TimeSpan.FromHours(1)), token);

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        redis.TryAsync(database => database.KeyDeleteAsync(NameOf(key)), token);

    // Ages count from the making: being read prolongs nothing.
    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => SetAsync(key, value, options).GetAwaiter().GetResult();

    public void Refresh(string key)
    {
        // As above.
    }

    public void Remove(string key) => RemoveAsync(key).GetAwaiter().GetResult();

    private RedisKey NameOf(string key) => $"{redis.Prefix}:{key}";
}
