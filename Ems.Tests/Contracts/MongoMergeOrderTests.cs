using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>Merges and undos of several processes at the same equipment.</summary>
public sealed class MongoMergeOrderTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;
    private readonly MongoReadingStore _readings;

    public MongoMergeOrderTests()
    {
        _store = _mongo.Open();
        _readings = ReadingsOf(_store);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_still_being_merged_is_not_merged_onward_until_it_is_done()
    {
        await WriteAsync("a", "b", "c", "d");
        await MergeAsync("a", "b", "ab");
        await SetAsync(CoreCollections.Merges, "ab", "done", false);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => MergeAsync("b", "c", "bc"));
        await MergeAsync("d", "b", "db");
        await MergeAsync("a", "b", "ab");
        await MergeAsync("b", "c", "bc");

        Assert.Contains("ab", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["c 4"], await CountsAsync());
    }

    [Theory]
    [InlineData("b", "c")]
    [InlineData("a", "c")]
    [InlineData("c", "a")]
    public async Task What_an_undo_still_takes_back_is_not_merged_until_it_is_done(string from, string into)
    {
        await WriteAsync("a", "b", "c");
        await MergeAsync("a", "b", "ab");
        await BeginUndoAsync("ab");
        await SetAsync(CoreCollections.Equipment, "a", "merged_into", BsonNull.Value);

        await Assert.ThrowsAsync<InvalidOperationException>(() => MergeAsync(from, into, "next"));
        Assert.Equal(new UnfinishedUndo("ab", "ann"), Assert.Single(await _readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel)));
        await _readings.UndoAsync("ab", "ann", Cancel);
        Assert.Equal(["a 1", "b 1", "c 1"], await CountsAsync());
        await MergeAsync(from, into, "next");

        Assert.Equal(3, (await CountsAsync()).Sum(count => int.Parse(count[2..], null)));
    }

    [Fact]
    public async Task A_merge_is_not_undone_while_that_of_its_target_is_still_taken_back()
    {
        await WriteAsync("a", "b", "c");
        await MergeAsync("a", "b", "ab");
        await MergeAsync("b", "c", "bc");
        await BeginUndoAsync("bc");
        await SetAsync(CoreCollections.Equipment, "b", "merged_into", BsonNull.Value);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _readings.UndoAsync("ab", "ann", Cancel));
        await _readings.UndoAsync("bc", "ann", Cancel);
        await _readings.UndoAsync("ab", "ann", Cancel);

        Assert.Equal(["a 1", "b 1", "c 1"], await CountsAsync());
    }

    [Fact]
    public async Task A_merge_that_another_process_has_ended_and_undone_gives_no_more()
    {
        await WriteAsync("a", "b");
        var claimed = 0;
        await using var door = Before(
            message => message.Is("insert", CoreCollections.Claims) && ++claimed == 2,
            async () =>
            {
                await MergeAsync("a", "b", "ab");
                await _readings.UndoAsync("ab", "ann", Cancel);
            });

        await ReadingsOf(_mongo.OpenThrough(door.Port)).MergeAsync("a", "b", "ab", "ann", Cancel);

        Assert.Equal(["a 1", "b 1"], await CountsAsync());
        Assert.Null((await new MongoCatalogue(_store).FindEquipmentAsync("a", Cancel))!.MergedInto);
    }

    [Fact]
    public async Task An_undo_that_cannot_be_ended_keeps_neither_others_nor_roll_ups_waiting()
    {
        await WriteAsync("a", "b", "c", "d");
        await MergeAsync("a", "b", "ab");
        await MergeAsync("b", "c", "bc");
        await BeginUndoAsync("ab");
        await _readings.WriteAsync(Batch("d", 2, "import"), Cancel);
        await BeginUndoAsync("import");
        var worker = new UpkeepWorker(_readings, TimeProvider.System, NullLogger<UpkeepWorker>.Instance);

        await worker.StartAsync(Cancel);
        await Eventually.HoldsAsync(
            async () => (await CountsAsync()).Contains("d 1")
                && !await (await _store.OpenAsync(CoreCollections.RollUps, Cancel)).Find(Where.Eq("stale", true)).AnyAsync(Cancel),
            TimeSpan.FromSeconds(30), () => "Not everything was done.");
        await worker.StopAsync(Cancel);

        Assert.Equal("ab", Assert.Single(await _readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel)).JobId);
    }

    [Fact]
    public async Task Equipment_is_not_deleted_while_it_is_written()
    {
        await _readings.WriteAsync(Batch("new", 0, "import"), Cancel);
        var write = Task.CompletedTask;
        await using var door = Before(
            message => message.Is("delete", CoreCollections.Equipment),
            () =>
            {
                write = _readings.WriteAsync(Batch("new", 1, job: null), Cancel);
                return Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel));
            });

        await ReadingsOf(_mongo.OpenThrough(door.Port)).UndoAsync("import", "ann", Cancel);
        await write;

        Assert.Equal(["new 1"], await CountsAsync());
        Assert.NotNull(await new MongoCatalogue(_store).FindEquipmentAsync("new", Cancel));
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    private static MongoReadingStore ReadingsOf(MongoStore store) => new(store, new WriteClaims(store), TimeProvider.System);

    /// <summary>A way to the server on which something else happens before a message comes through.</summary>
    private ShuttableDoor Before(Func<MongoMessage, bool> isAwaited, Func<Task> happens)
    {
        var server = new MongoUrl(_mongo.ConnectionString).Server;
        return new ShuttableDoor(server.Host, server.Port, async (client, far, shut) =>
        {
            while (await MongoMessage.ReadAsync(client, shut) is { } message)
            {
                if (isAwaited(message))
                {
                    await happens();
                }

                await far.WriteAsync(message.Bytes, shut);
            }
        });
    }

    private Task<long> MergeAsync(string from, string into, string job) => _readings.MergeAsync(from, into, job, "ann", Cancel);

    /// <summary>One reading each, of times of their own.</summary>
    private async Task WriteAsync(params string[] meters)
    {
        for (var i = 0; i < meters.Length; i++)
        {
            await _readings.WriteAsync(Batch(meters[i], i, job: null), Cancel);
        }
    }

    private static ReadingBatch Batch(string meter, int minute, string? job) => new(
        [new Reading(meter, Start + (Minute * minute), Minute, [new MetricValue("energy", QuantityKind.Interval, "kWh", 1, 1, "kWh")])], "ann", JobId: job);

    /// <summary>As it is when its process was killed right after.</summary>
    private async Task BeginUndoAsync(string job) => await (await _store.OpenAsync(CoreCollections.Undos, Cancel)).InsertOneAsync(
        new BsonDocument { ["_id"] = job, ["actor"] = "ann", ["at"] = DateTime.UnixEpoch, ["changed"] = 0L, ["done"] = false }, options: null, Cancel);

    private async Task SetAsync(string collection, string id, string field, BsonValue value) =>
        await (await _store.OpenAsync(collection, Cancel)).UpdateOneAsync(Where.Eq("_id", id), Set.Set(field, value), options: null, Cancel);

    private async Task<IReadOnlyList<string>> CountsAsync() =>
        [.. (await _readings.ListSeriesAsync(null, null, Cancel)).Select(series => $"{series.Key.EquipmentId} {series.Count}")];
}
