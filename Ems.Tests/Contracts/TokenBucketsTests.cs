using Ems.Core.Caching;
using Ems.Gateway.Limits;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Contracts;

public sealed class TokenBucketsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steady_requests_below_the_limit_are_never_refused_and_twice_as_many_after_a_minute()
    {
        var time = new FakeTimeProvider();
        var buckets = new OwnBuckets(time);
        for (var request = 0; request < 99 * 60; request++)
        {
            Assert.Null(await buckets.TakeAsync("steady", 100, Cancel));
            time.Advance(TimeSpan.FromMinutes(1.0 / 99));
        }

        var passed = 0;
        while (await buckets.TakeAsync("eager", 100, Cancel) is null)
        {
            passed++;
            time.Advance(TimeSpan.FromMinutes(1.0 / 200));
        }

        Assert.InRange(passed, 195, 201);
        Assert.Null(await buckets.TakeAsync("another", 100, Cancel));
    }

    [Fact]
    public async Task Who_waits_as_long_as_told_is_let_in_again()
    {
        var time = new FakeTimeProvider();
        var buckets = new OwnBuckets(time);
        Assert.Null(await buckets.TakeAsync("one", 1, Cancel));
        var wait = await buckets.TakeAsync("one", 1, Cancel);

        Assert.Equal(TimeSpan.FromMinutes(1), wait);
        time.Advance(wait!.Value);
        Assert.Null(await buckets.TakeAsync("one", 1, Cancel));
    }

    [Fact]
    public async Task Two_gateways_share_one_limit_in_Redis_and_each_has_its_own_while_it_is_away()
    {
        var server = TestRedis.Address.Split(',')[0].Split(':');
        await using var door = new ShuttableDoor(server[0], int.Parse(server[1], System.Globalization.CultureInfo.InvariantCulture));
        var prefix = TestRedis.NewPrefix();
        using IHost first = Open(door.Port, prefix), second = Open(door.Port, prefix);
        ITokenBuckets[] gateways = [BucketsOf(first), BucketsOf(second)];

        // Few enough that none comes back while the test runs.
        for (var request = 0; request < 4; request++)
        {
            Assert.Null(await gateways[request % 2].TakeAsync("caller", 4, Cancel));
        }

        foreach (var gateway in gateways)
        {
            Assert.InRange((await gateway.TakeAsync("caller", 4, Cancel))!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(15));
        }

        await door.ShutAsync();
        Assert.Null(await gateways[0].TakeAsync("caller", 4, Cancel));
        Assert.Null(await gateways[1].TakeAsync("caller", 4, Cancel));
        await TestRedis.FlushAsync(prefix);
    }

    private static SharedBuckets BucketsOf(IHost host) => new(host.Services.GetRequiredService<Redis>(), new OwnBuckets(TimeProvider.System));

    private static IHost Open(int port, string prefix)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = $"127.0.0.1:{port}",
            ["Ems:Redis:Prefix"] = prefix,
            ["Ems:Redis:Timeout"] = "00:00:05",
        });
        builder.AddRedis();
        return builder.Build();
    }
}
