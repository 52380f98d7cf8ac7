using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>Which processes may use one database at a time.</summary>
public sealed class MongoProcessTests : IAsyncDisposable
{
    // A server that does not answer for so long is away.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TestMongo _mongo = new();
    private readonly List<MongoProcess> _processes = [];
    private int _stopped;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Without_a_broker_only_one_process_starts_and_the_other_says_what_to_set_and_who_is_there(bool firstHasBroker, bool secondHasBroker)
    {
        var first = Open("one", firstHasBroker);
        Assert.Null(await TakeAsync(first));
        await first.StartAsync(Cancel);

        var refusal = await TakeAsync(Open("two", secondHasBroker));

        Assert.NotNull(refusal);
        Assert.Contains("set ConnectionStrings:rabbitmq", refusal, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} of {Environment.MachineName}", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Equal("one", Assert.Single(await ListAsync()));
        Assert.Equal(0, _stopped);
    }

    [Fact]
    public async Task With_a_broker_there_may_be_many_and_what_ends_leaves_nothing()
    {
        foreach (var owner in (IEnumerable<string>)["one", "two", "three"])
        {
            Assert.Null(await TakeAsync(Open(owner, hasBroker: true, Limit * 5)));
        }

        Assert.Equal(["one", "three", "two"], await ListAsync());
        await EndAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Of_many_that_start_at_once_without_a_broker_one_does()
    {
        var refusals = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            var process = Open($"{number}");
            var refusal = await TakeAsync(process);
            await process.StartAsync(Cancel);
            return refusal;
        }));

        Assert.Single(refusals, refusal => refusal is null);
        Assert.Single(await ListAsync());
        Assert.Equal(0, _stopped);
    }

    [Fact]
    public async Task What_has_ended_is_not_waited_for_and_the_hosts_of_a_process_are_one()
    {
        var first = Open("one", lease: Limit);
        Assert.Null(await TakeAsync(first));
        Assert.Null(await TakeAsync(Open("one", lease: Limit)));

        await first.DisposeAsync();

        Assert.Null(await TakeAsync(Open("two", lease: Limit)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task What_was_killed_is_waited_for_no_longer_than_its_lease_whatever_its_clock_said(int minutesFast)
    {
        Assert.Null(await TakeAsync(Open("killed")));
        var processes = await _mongo.Open().OpenAsync(MongoProcess.Collection, Cancel);
        var fast = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutesFast);
        await processes.UpdateOneAsync(Where.Lt("until", fast), Set.Set("until", fast), options: null, Cancel);

        Assert.Null(await TakeAsync(Open("two")));

        Assert.Equal("two", Assert.Single(await ListAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_stood_still_for_too_long_ends_where_another_has_begun_and_else_goes_on(bool hasSuccessor)
    {
        var paused = Open("paused");
        Assert.Null(await TakeAsync(paused));
        await Eventually.HoldsAsync(async () => !await IsHeldAsync(), Limit, () => "It never ran out.");
        if (hasSuccessor)
        {
            Assert.Null(await TakeAsync(Open("two")));
        }

        await paused.StartAsync(Cancel);

        await Eventually.HoldsAsync(async () => hasSuccessor ? _stopped == 1 : await IsHeldAsync(), Limit, () => $"Ended: {_stopped}");
        await paused.DisposeAsync();
        Assert.Equal(hasSuccessor ? (1, 1) : (0, 0), (_stopped, (await ListAsync()).Count));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _mongo.DisposeAsync();
    }

    private MongoProcess Open(string owner, bool hasBroker = false, TimeSpan? lease = null)
    {
        var process = new MongoProcess(
            _mongo.Open(), owner, hasBroker, lease ?? Lease, () => Interlocked.Increment(ref _stopped), NullLogger<MongoProcess>.Instance);
        _processes.Add(process);
        return process;
    }

    private async Task<string?> TakeAsync(MongoProcess process) => await process.TakeAsync(await _mongo.Open().OpenAsync(Cancel), Cancel);

    private async Task<List<string>> ListAsync() =>
        [.. (await (await _mongo.Open().OpenAsync(MongoProcess.Collection, Cancel)).Find(Where.Empty).ToListAsync(Cancel)).Select(one => one["owner"].AsString).Order()];

    private async Task<bool> IsHeldAsync() => await (await _mongo.Open().OpenAsync(MongoProcess.Collection, Cancel))
        .Find(Where.Gt("until", TimeProvider.System.GetUtcNow().UtcDateTime)).AnyAsync(Cancel);

    private async Task EndAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
