using Ems.Tests.EndToEnd;
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

    /// <summary>Waits until something is kept: that goes on behind the answer.</summary>
    public static async Task WaitForKeptAsync(string prefix)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        await Eventually.HoldsAsync(() => KeysOf(connection, prefix).Count > 0, TimeSpan.FromMinutes(2), () => "Nothing is kept in Redis.");
    }

    /// <summary>Deletes what a test kept, as FLUSHALL would, but leaves other tests alone.</summary>
    public static async Task FlushAsync(string prefix)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        foreach (var key in KeysOf(connection, prefix))
        {
            await connection.GetDatabase().KeyDeleteAsync(key);
        }
    }

    /// <summary>Makes all that a test kept unreadable.</summary>
    public static async Task SpoilAsync(string prefix)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        foreach (var key in KeysOf(connection, prefix))
        {
            byte[] kept = (await connection.GetDatabase().StringGetAsync(key))!;
            await connection.GetDatabase().StringSetAsync(key, kept.AsMemory(0, kept.Length / 2), TimeSpan.FromMinutes(5));
        }
    }

    private static List<RedisKey> KeysOf(ConnectionMultiplexer connection, string prefix) =>
        [.. connection.GetServers().Single().Keys(pattern: $"{prefix}:*")];
}
