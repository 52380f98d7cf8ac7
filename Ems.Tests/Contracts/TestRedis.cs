using StackExchange.Redis;

namespace Ems.Tests.Contracts;

/// <summary>The Redis of <c>EMS_TEST_REDIS</c>, under a prefix that no other test has.</summary>
internal static class TestRedis
{
    public const string Variable = "EMS_TEST_REDIS";

    /// <summary>Skips the test when there is none.</summary>
    public static string Address
    {
        get
        {
            var address = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(address), $"Set {Variable} to a Redis for tests, such as 127.0.0.1:6379.");
            return address!;
        }
    }

    public static string NewPrefix() => $"test-{Guid.NewGuid():N}";

    /// <summary>Deletes what a test kept, as FLUSHALL would, but leaves other tests alone.</summary>
    public static async Task FlushAsync(string prefix)
    {
        foreach (var (database, key) in await KeysAsync(prefix))
        {
            await database.KeyDeleteAsync(key);
        }
    }

    /// <summary>Makes all that a test kept unreadable.</summary>
    public static async Task SpoilAsync(string prefix)
    {
        foreach (var (database, key) in await KeysAsync(prefix))
        {
            byte[] kept = (await database.StringGetAsync(key))!;
            await database.StringSetAsync(key, kept.AsMemory(0, kept.Length / 2), TimeSpan.FromMinutes(5));
        }
    }

    private static async Task<List<(IDatabase Database, RedisKey Key)>> KeysAsync(string prefix)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        var server = connection.GetServers().Single();
        return [.. server.Keys(pattern: $"{prefix}:*").Select(key => (connection.GetDatabase(), key))];
    }
}
