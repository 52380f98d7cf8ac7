using System.ComponentModel;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text.Json;
using Ems.Core.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Options;

namespace Ems.Core.Caching;

/// <summary>
/// Keeps answers under all that they were worked out from, in this process and in Redis where there is one. A change leads to another
/// key: nobody has to be told of it, and nobody is answered with what was true before.
/// </summary>
public sealed class CachedAnswers
{
    public const string MeterName = "Ems.Cache";

    private static readonly HybridCacheEntryOptions Undecided =
        new() { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite };

    private static readonly Guid OwnVersion = typeof(CachedAnswers).Module.ModuleVersionId;

    private readonly HybridCache _cache;
    private readonly CacheOptions _options;
    private readonly Counter<long> _asked;

    public CachedAnswers(HybridCache cache, IOptions<CacheOptions> options, IMeterFactory meters)
    {
        (_cache, _options) = (cache, options.Value);
        _asked = meters.Create(MeterName).CreateCounter<long>("ems.cache.answers", "{answer}", "Answers by kind and outcome: hit or miss.");
    }

    /// <param name="kind">Short name of such answers, for keys and figures.</param>
    /// <param name="state">
    /// All that the answer depends on, the revisions of what is read among it, as values that JSON can tell apart; null where it is not
    /// known, and then the cache is passed by. It has to be read before the answer is worked out: a write that comes between makes an
    /// answer that is newer than its key, never one that is older.
    /// </param>
    /// <param name="age">How long it is worth its memory.</param>
    /// <param name="make">Works the answer out. What it gives out is shared: nobody may change it.</param>
    /// <param name="isWorthKeeping">Null: every answer is.</param>
    public async Task<T> GetAsync<T>(
        string kind, IReadOnlyList<object?>? state, TimeSpan age, Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken,
        Func<T, bool>? isWorthKeeping = null)
    {
        if (state is null || !_options.Enabled)
        {
            return await make(cancellationToken);
        }

        var isMade = false;
        var key = KeyOf(kind, [OwnVersion, make.Method.Module.ModuleVersionId, .. state]);
        var keeping = new HybridCacheEntryOptions { Expiration = age, LocalCacheExpiration = age };
        var kept = await _cache.GetOrCreateAsync(
            key,
            async token =>
            {
                isMade = true;
                return new Kept<T>(await make(token));
            },
            isWorthKeeping is null ? keeping : Undecided,
            cancellationToken: cancellationToken);
        _asked.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", isMade ? "miss" : "hit"));
        if (isMade && isWorthKeeping?.Invoke(kept.Answer) == true)
        {
            await _cache.SetAsync(key, kept, keeping, tags: null, cancellationToken);
        }

        return kept.Answer;
    }

    private static string KeyOf(string kind, IReadOnlyList<object?> state) =>
        $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, EmsJson.Options)))}";
}

/// <summary>An answer that is handed to everybody who asks, as it is.</summary>
[ImmutableObject(true)]
internal sealed record Kept<T>(T Answer);
