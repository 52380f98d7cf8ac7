using System.Net;

namespace Ems.Tests.EndToEnd;

/// <summary>Two gateways, the same caller at both of them.</summary>
[Collection("Processes and servers")]
public sealed class SharedLimitTests
{
    private const int RequestsPerMinute = 120;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task They_share_a_limit_through_Redis_and_each_has_its_own_while_that_is_away()
    {
        OwnRedis.SkipIfMissing();
        await using var redis = new OwnRedis();
        await redis.StartAsync();
        await using var system = new SplitSystem(
            ("ConnectionStrings__redis", redis.ConnectionString), ("Ems__Replicas__gateway", "2"), ("Ems__Gateway__RequestsPerMinute", $"{RequestsPerMinute}"));
        await system.StartAsync();
        var gateways = system.ProcessesOf("gateway").Select(process => Open(process.Link)).ToArray();
        Assert.Equal(2, gateways.Length);

        await redis.FlushAsync();
        await ShareAsync(gateways);

        await redis.KillAsync();
        foreach (var gateway in gateways)
        {
            await PassesAsync(RequestsPerMinute, gateway);
        }

        await redis.StartAsync();
        foreach (var gateway in gateways)
        {
            await UsesAsync(redis, gateway);
        }

        await ShareAsync(gateways);
        Array.ForEach(gateways, gateway => gateway.Dispose());
    }

    private static HttpClient Open(string address)
    {
        var gateway = new HttpClient { BaseAddress = new Uri(address) };
        gateway.DefaultRequestHeaders.Add("X-Api-Key", EmsSystem.AdminKey);
        return gateway;
    }

    private static async Task ShareAsync(HttpClient[] gateways)
    {
        var passed = await PassesAsync(RequestsPerMinute, gateways);
        Assert.All(passed, ofOne => Assert.InRange(ofOne, 1, RequestsPerMinute - 1));
    }

    /// <summary>Asks each in turn until all have refused; together they let no more in than the limit and what was added to it meanwhile.</summary>
    /// <returns>What each let in.</returns>
    private static async Task<int[]> PassesAsync(int limit, params HttpClient[] gateways)
    {
        var (passed, refused) = (new int[gateways.Length], new int[gateways.Length]);
        var startedAt = TimeProvider.System.GetTimestamp();
        for (var request = 0; refused.Min() < 5; request++)
        {
            var gateway = request % gateways.Length;
            using var answer = await gateways[gateway].GetAsync(new Uri("/api/v1/data/sites", UriKind.Relative), TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                refused[gateway]++;
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
            }
            else
            {
                passed[gateway]++;
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        var added = (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(startedAt).TotalMinutes * RequestsPerMinute);
        Assert.InRange(passed.Sum(), limit, limit + added);
        return passed;
    }

    /// <summary>Returns when the gateway counts in Redis again, which is empty then.</summary>
    private static async Task UsesAsync(OwnRedis redis, HttpClient gateway)
    {
        await redis.FlushAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await gateway.GetAsync(new Uri("/api/v1/data/sites", UriKind.Relative), TestContext.Current.CancellationToken);
                return await redis.CountKeysAsync("*:limit:*") > 0;
            },
            Limit, () => "Nothing is counted in Redis.");
        await redis.FlushAsync();
    }
}
