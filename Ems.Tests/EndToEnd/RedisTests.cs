using System.Globalization;
using System.Net.Http.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>A Redis that forgets everything, is away and comes back while people write and look.</summary>
[Collection("Processes and servers")]
public sealed class RedisTests
{
    private const int Callers = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int[] _rounds = new int[Callers];
    private volatile bool _isOver;

    [Fact]
    public async Task Flushed_killed_and_started_again_under_load_it_costs_no_caller_an_error_or_an_old_answer()
    {
        OwnRedis.SkipIfMissing();
        await using var redis = new OwnRedis();
        await redis.StartAsync();
        await using var system = new SplitSystem(("ConnectionStrings__redis", redis.ConnectionString), ("Ems__Replicas__query", "2"));
        await system.StartAsync();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WriteAndLookAsync(system.Api, caller))).ToList();

        await ServesAsync(callers, system);
        await KeepsAsync(redis);
        Func<Task>[] interruptions = [redis.FlushAsync, redis.KillAsync, redis.StartAsync, redis.FlushAsync];
        for (var time = 0; time < (LongRun.IsOn ? 10 : 1); time++)
        {
            foreach (var interrupt in interruptions)
            {
                await interrupt();
                await ServesAsync(callers, system);
            }
        }

        await KeepsAsync(redis);
        _isOver = true;
        await Task.WhenAll(callers);
        await system.RecoverByItselfAsync();
    }

    private static Task KeepsAsync(OwnRedis redis) =>
        Eventually.HoldsAsync(async () => await redis.CountKeysAsync() > 0, Limit, () => "Nothing is kept in Redis.");

    /// <summary>Everybody goes on; the error of one who does not is the test's.</summary>
    private async Task ServesAsync(IReadOnlyList<Task> callers, SplitSystem system)
    {
        var before = _rounds.ToArray();
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var stopped in callers.Where(caller => caller.IsCompleted))
                {
                    await stopped;
                }

                return before.Zip(_rounds).All(rounds => rounds.Second >= rounds.First + 10);
            },
            Limit, () => system.Output);
    }

    /// <summary>What this caller has written is in the next answer, whether that is kept or worked out.</summary>
    private async Task WriteAndLookAsync(HttpClient api, int caller)
    {
        var id = $"caller{caller}";
        var question = string.Create(
            CultureInfo.InvariantCulture, $"equipment_id={id}&metric=active_power&bucket=raw&from={Start:yyyy-MM-dd}T00:00:00Z&to={Start.AddDays(1):yyyy-MM-dd}T00:00:00Z");
        while (!_isOver)
        {
            var reading = new { equipment_id = id, timestamp = Start.AddSeconds(_rounds[caller]), values = new { active_power = _rounds[caller] } };
            using (var answer = await api.PostAsJsonAsync(new Uri("/api/v1/data/ingest/realtime", UriKind.Relative), new[] { reading }))
            {
                Assert.Equal(1, (await answer.JsonAsync()).Count("accepted"));
            }

            var expected = Enumerable.Range(0, _rounds[caller] + 1).Select(value => (double)value);
            for (var look = 0; look < 3; look++)
            {
                Assert.Equal(expected, (await api.ValuesAsync(question))[id].Values);
            }

            await api.JsonAsync("/api/v1/dashboard");
            _rounds[caller]++;
        }
    }
}
