using Ems.Core.Caching;
using Ems.Tests.EndToEnd;

namespace Ems.Tests.Contracts;

public sealed class RedisAnswersTests : CachedAnswersContract
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _prefix = TestRedis.NewPrefix();
    private readonly ShuttableDoor _door;
    private int _made;

    public RedisAnswersTests()
    {
        var server = TestRedis.Address.Split(',')[0].Split(':');
        _door = new ShuttableDoor(server[0], int.Parse(server[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("ConnectionStrings:redis", $"127.0.0.1:{_door.Port}"), new("Ems:Redis:Prefix", _prefix),
        new("Ems:Redis:Pause", "00:00:00.200"), new("Ems:Redis:Timeout", "00:00:05"),
    ];

    [Fact]
    public async Task What_one_process_has_worked_out_another_one_need_not()
    {
        Assert.Equal(1, await AskAsync(OpenProcess()));
        await TestRedis.WaitForKeptAsync(_prefix);
        Assert.Equal(1, await AskAsync(OpenProcess()));
    }

    [Fact]
    public async Task What_Redis_has_forgotten_is_worked_out_again()
    {
        Assert.Equal(1, await AskAsync(OpenProcess()));
        await TestRedis.WaitForKeptAsync(_prefix);
        await TestRedis.FlushAsync(_prefix);

        Assert.Equal(2, await AskAsync(OpenProcess()));
    }

    [Fact]
    public async Task What_cannot_be_read_in_Redis_is_worked_out_again()
    {
        Assert.Equal(1, await AskAsync(OpenProcess()));
        await TestRedis.WaitForKeptAsync(_prefix);
        await TestRedis.SpoilAsync(_prefix);

        Assert.Equal(2, await AskAsync(OpenProcess()));
    }

    [Fact]
    public async Task While_Redis_is_away_every_process_answers_for_itself_and_they_share_again_when_it_is_back()
    {
        var (one, other) = (OpenProcess(), OpenProcess());
        Assert.Equal(1, await AskAsync(one));

        await _door.ShutAsync();
        Assert.Equal(1, await AskAsync(one));
        Assert.Equal(2, await AskAsync(other));
        Assert.Equal(3, await AskAsync(OpenProcess()));

        _door.Open();
        var state = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var made = await AskAsync(one, ++state);
                return await AskAsync(other, state) == made;
            },
            Limit, () => "They do not share again.");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _door.DisposeAsync();
        await TestRedis.FlushAsync(_prefix);
    }

    private Task<int> AskAsync(CachedAnswers cache, int state = 0) =>
        cache.GetAsync("count", [state], Age, _ => Task.FromResult(Interlocked.Increment(ref _made)), Cancel);
}
