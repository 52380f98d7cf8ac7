using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What a job wrote may be few values among many of others.</summary>
public sealed class MongoUndoTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private readonly TestMongo _mongo = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_far_apart_are_found_piece_by_piece_while_nobody_waits()
    {
        var inside = new List<string>();
        await using var door = new AnsweringDoor(_mongo.ConnectionString, message =>
        {
            if (message.Is("find", CoreCollections.Readings) && message.Command!.Contains("autocommit"))
            {
                inside.Add(message.Command["filter"].ToString()!);
            }

            return null;
        });
        var readings = ReadingsOf(_mongo.Open());
        await WriteAsync(readings, null, [.. Enumerable.Range(0, 100)]);
        await WriteAsync(readings, "job", [3, 97, 200]);
        await WriteAsync(readings, null, [98]);
        var store = _mongo.OpenThrough(door.Port);

        var changed = await new MongoUndo(
            store, new WriteClaims(store), new WriteStamp("ann", "job", Start, null), lookedThroughAtOnce: 10).RunAsync(Cancel);

        Assert.Equal(3, changed);
        var left = await readings.ReadAsync(new SeriesKey("m", "energy", Hour), Start, Start + (Hour * 300), 0, Cancel);
        Assert.Equal([.. Enumerable.Range(0, 100).Select(number => number == 98 ? 1.0 : 0.0)], left.Select(sample => sample.Value));
        Assert.NotEmpty(inside);
        Assert.DoesNotContain(inside, filter => filter.Contains("\"job\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_undo_that_somebody_is_at_is_not_named_as_one_to_be_ended()
    {
        IReadOnlyList<UnfinishedUndo>? anytime = null, idle = null;
        var readings = ReadingsOf(_mongo.Open());
        await using var door = new AnsweringDoor(_mongo.ConnectionString, message =>
        {
            if (anytime is null && message.Is("insert", CoreCollections.Claims))
            {
                anytime = readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel).GetAwaiter().GetResult();
                idle = readings.ListUnfinishedUndosAsync(Duration.FromMinutes(10), Cancel).GetAwaiter().GetResult();
            }

            return null;
        });
        await WriteAsync(readings, "job", [3]);
        var store = _mongo.OpenThrough(door.Port);

        await new MongoUndo(store, new WriteClaims(store), new WriteStamp("ann", "job", Start, null)).RunAsync(Cancel);

        Assert.Equal([new UnfinishedUndo("job", "ann")], anytime);
        Assert.Empty(idle!);
        Assert.Empty(await readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel));
    }

    [Fact]
    public async Task What_a_merge_brings_between_the_search_and_the_change_is_put_back_too()
    {
        var readings = ReadingsOf(_mongo.Open());
        await WriteAsync(readings, null, [.. Enumerable.Range(0, 10)]);
        await WriteAsync(readings, "job", [3]);
        await WriteAsync(readings, "job", [2], "other");
        var merges = 0;
        await using var door = new AnsweringDoor(_mongo.ConnectionString, message =>
        {
            if (message.Is("insert", CoreCollections.Claims) && Interlocked.Increment(ref merges) == 1)
            {
                readings.MergeAsync("other", "m", "merge", "bob", Cancel).GetAwaiter().GetResult();
            }

            return null;
        });
        var store = _mongo.OpenThrough(door.Port);

        await new MongoUndo(store, new WriteClaims(store), new WriteStamp("ann", "job", Start, null)).RunAsync(Cancel);

        Assert.NotEqual(0, merges);
        var left = await readings.ReadAsync(new SeriesKey("m", "energy", Hour), Start, Start + (Hour * 300), 0, Cancel);
        Assert.Equal(Enumerable.Repeat(0.0, 10), left.Select(sample => sample.Value));
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    private static MongoReadingStore ReadingsOf(MongoStore store) => new(store, new WriteClaims(store), TimeProvider.System);

    /// <summary>Jobs write 2, the first ones 0, later ones 1.</summary>
    private static async Task WriteAsync(MongoReadingStore store, string? job, IReadOnlyList<int> hours, string equipment = "m") => await store.WriteAsync(
        new ReadingBatch(
            [
                .. hours.Select(hour => new Reading(
                    equipment, Start + (hour * Hour), Hour,
                    [new MetricValue("energy", QuantityKind.Interval, "kWh", ValueOf(job, hours), ValueOf(job, hours), "kWh")])),
            ],
            "ann",
            JobId: job),
        Cancel);

    private static double ValueOf(string? job, IReadOnlyList<int> hours) => job is not null ? 2 : hours.Count == 1 ? 1 : 0;
}
