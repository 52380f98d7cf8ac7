using System.Collections.Concurrent;
using Ems.Core.Caching;
using StackExchange.Redis;

namespace Ems.Gateway.Limits;

/// <summary>Counts requests: each caller has a bucket of a minute's requests that fills up again evenly.</summary>
internal interface ITokenBuckets
{
    /// <summary>Takes a request out of the caller's bucket; null when there was one, else how long to wait for the next.</summary>
    ValueTask<TimeSpan?> TakeAsync(string caller, int requestsPerMinute, CancellationToken cancellationToken);
}

/// <summary>Buckets of this process.</summary>
internal sealed class OwnBuckets(TimeProvider time) : ITokenBuckets
{
    private const int MostBuckets = 10_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    public ValueTask<TimeSpan?> TakeAsync(string caller, int requestsPerMinute, CancellationToken cancellationToken)
    {
        if (_buckets.Count >= MostBuckets)
        {
            ForgetFull(requestsPerMinute);
        }

        var bucket = _buckets.GetOrAdd(caller, _ => new Bucket { Tokens = requestsPerMinute, At = time.GetTimestamp() });
        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Tokens = TokensAt(bucket, now, requestsPerMinute);
            bucket.At = now;
            if (bucket.Tokens >= 1)
            {
                bucket.Tokens--;
                return ValueTask.FromResult<TimeSpan?>(null);
            }

            return ValueTask.FromResult<TimeSpan?>(TimeSpan.FromMinutes((1 - bucket.Tokens) / requestsPerMinute));
        }
    }

    /// <summary>One that is full again is as good as none.</summary>
    private void ForgetFull(int requestsPerMinute)
    {
        var now = time.GetTimestamp();
        foreach (var (caller, bucket) in _buckets)
        {
            if (TokensAt(bucket, now, requestsPerMinute) >= requestsPerMinute)
            {
                _buckets.TryRemove(caller, out _);
            }
        }
    }

    private double TokensAt(Bucket bucket, long now, int requestsPerMinute) =>
        Math.Min(requestsPerMinute, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalMinutes * requestsPerMinute));

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long At { get; set; }
    }
}

/// <summary>Buckets of all gateways together, by the clock of Redis; while it is away each gateway counts for itself.</summary>
internal sealed class SharedBuckets(Redis redis, OwnBuckets own) : ITokenBuckets
{
    // Answers 0 when a token was taken, else the milliseconds until there is one.
    private const string Take = """
        local most = tonumber(ARGV[1])
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = tonumber(bucket[1] or most)
        tokens = math.min(most, tokens + math.max(0, now - tonumber(bucket[2] or now)) * most / 60000)
        local wait = 0
        if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) * 60000 / most) end
        redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
        redis.call('PEXPIRE', KEYS[1], 60000)
        return wait
        """;

    public async ValueTask<TimeSpan?> TakeAsync(string caller, int requestsPerMinute, CancellationToken cancellationToken)
    {
        var (isAnswered, wait) = await redis.TryAsync(
            async database => (long)await database.ScriptEvaluateAsync(Take, [(RedisKey)$"{redis.Prefix}:limit:{caller}"], [requestsPerMinute]), cancellationToken);
        return !isAnswered ? await own.TakeAsync(caller, requestsPerMinute, cancellationToken)
            : wait == 0 ? null
            : TimeSpan.FromMilliseconds(wait);
    }
}
